"""`python -m tests.checks`: everything that can be known without running a test. Each check is
one command; the first red one ends it.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import settings

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
CHECKS: list[tuple[str, list[str]]] = [
    ("ruff", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("mypy, strict", [str(BIN / "mypy"), "--no-error-summary"]),
    (
        "import contracts",
        [str(BIN / "lint-imports"), "--no-logo", "--cache-dir", "/tmp/halftone-import-linter"],
    ),
    ("migrations in step", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    ("templates", [str(BIN / "djlint"), "frontend/templates", "--lint", "--quiet"]),
    (
        "OpenAPI schema",
        [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null"],
    ),
    ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
]


def main() -> int:
    settings.apply()
    production = {
        **os.environ,
        "HTTPS": "yes",
        "DEBUG": "no",
        "DATA_DIR": tempfile.mkdtemp(prefix="htcheck"),
    }
    for name, command in CHECKS:
        began = time.monotonic()
        done = subprocess.run(command, env=production, capture_output=True, text=True)
        print(
            f"{'ok ' if done.returncode == 0 else 'RED'} {name} ({time.monotonic() - began:.1f} s)",
            flush=True,
        )
        if done.returncode:
            print(done.stdout + done.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
