"""`python -m tests.chromium`: a Chromium for the browser tests, installed through apt where it
is missing and that is allowed.
"""

import os
import shutil
import subprocess
import sys

INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
ADVICE = (
    "The browser tests need Chromium and it could not be installed here. Install it as root:"
    " apt-get update && apt-get install -y chromium"
)


def find_chromium() -> str:
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if found is None:
        raise SystemExit(ADVICE)
    return found


def main() -> None:
    if (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    ):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(ADVICE)
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], INSTALL):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            sys.exit(ADVICE)


if __name__ == "__main__":
    main()
