"""The environment that every test and check runs under, written before Django's settings are
read.
"""

import os

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "HALFTONE_ENV_FILE": "/dev/null",
    "SECRET_KEY": "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "HTTPS": "no",
    "DEBUG": "no",
    "OMP_NUM_THREADS": "1",  # two tests at a time on two cores: threads that spin slow both down
}


def apply() -> None:
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


apply()  # pytest loads this module as a plugin, before Django's settings are read
