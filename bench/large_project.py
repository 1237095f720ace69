"""A project of a million answers on the site: `python -m bench.large_project [--answers 1e6]`, on
the database that DATABASE_URL names, else on SQLite.

The rows are written straight into the tables. Then the worker's own call works out agreement,
reliability and soft labels from nothing while the progress it tells is read from the job table, and
the pages are opened, as a manager would, from what is stored.
"""

import argparse
import os
import subprocess
import sys
import tempfile


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--answers", type=float, default=1e6)
    words.add_argument("--with-confidence", action=argparse.BooleanOptionalAction, default=True)
    options = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "SECRET_KEY": "bench-0123456789-abcdefghijklmnopqrstuvwxyz-ABC",
            "ALLOWED_HOSTS": "testserver",
            "HTTPS": "no",
            "DATA_DIR": folder,
        }
        environment = {
            **os.environ,
            **own,
            "HALFTONE_ENV_FILE": "/dev/null",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
        steps = [
            ["write", str(int(options.answers)), str(int(options.with_confidence))],
            ["recompute"],
            ["pages"],
        ]
        for step in steps:
            subprocess.run(
                [sys.executable, "-m", "bench.large_project_steps", *step],
                env=environment,
                check=True,
            )


if __name__ == "__main__":
    main()
