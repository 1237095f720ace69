"""`python -m tests.run [--fast]`: every test, on SQLite and then on PostgreSQL; prints what it
used. Never skips anything silently.
"""

import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from tests import settings
from tests.chromium import find_chromium
from tests.services import postgres
from worker.embedded.redis import redis_binary

FAST = ["-m", "not processes and not browser and not journey and not chaos"]
SLOW = ["-m", "processes or browser or journey or chaos", "-p", "no:randomly"]


def main(words: list[str]) -> int:
    settings.apply()
    say_what_is_used()
    began, counts, codes = time.monotonic(), [0, 0], []
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder,  # noqa: S108  a socket's
        postgres.postgres(Path(folder)) as url,
    ):
        rounds = [("SQLite", None, FAST), ("PostgreSQL", url, FAST)]
        if "--fast" not in words:
            rounds += [("SQLite", None, SLOW), ("PostgreSQL", url, SLOW)]
        for name, database_url, selection in rounds:
            print(
                f"\n=== {name}:"
                f" {'fast' if selection is FAST else 'processes, browser, journeys, faults'}",
                flush=True,
            )
            codes.append(run_pytest(database_url, selection, counts))
    minutes = (time.monotonic() - began) / 60
    print(
        f"\n{counts[0]} passed, {counts[1]} failed in {minutes:.1f} minutes on SQLite and"
        " PostgreSQL together"
    )
    print(f"{counts[0]} passed, {counts[1]} failed")
    return max(codes)


def say_what_is_used() -> None:
    packages = (
        "django",
        "djangorestframework",
        "celery",
        "torch",
        "transformers",
        "numpy",
        "scipy",
        "pandas",
        "pytest",
        "playwright",
    )
    print(f"Python {platform.python_version()} on {platform.platform()}, {os.cpu_count()} cores")
    print(", ".join(f"{name} {version(name)}" for name in packages))
    print(postgres.version())
    print(
        subprocess.run(
            [redis_binary(), "--version"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    print(
        subprocess.run(
            [find_chromium(), "--version"], capture_output=True, text=True, check=True
        ).stdout.strip(),
        flush=True,
    )


def run_pytest(database_url: str | None, selection: list[str], counts: list[int]) -> int:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if database_url:
        environment["DATABASE_URL"] = database_url
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--strict-markers",
        "--durations=5",
        "-n",
        "2",
        "--dist",
        "worksteal",
        *selection,
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            count(line, counts)
    if process.returncode == 5:
        print("No test was found, which is a failure.")
    return process.returncode


def count(line: str, counts: list[int]) -> None:
    """Add up the closing line of pytest. A skipped test counts as failed: nothing here may be
    skipped.
    """
    if not re.search(r"\d+ (passed|failed|error|skipped).* in [\d.]+s", line):
        return
    for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped)", line):
        counts[0 if word == "passed" else 1] += int(number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
