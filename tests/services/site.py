"""A Halftone of its own for a test: data folder, database on the engine under test, and
processes that really run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

BASE = Path(__file__).resolve().parents[2]


class Site:
    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.database_url = folder, database_url
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder),
            "RUN_DIR": str(folder / "run"),
            "DATABASE_URL": database_url,
            "PYTHONUNBUFFERED": "1",
        }
        self.environment.pop("BROKER_URL", None)

    def python(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """A process of the site, its output readable as text."""
        settings: dict[str, Any] = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "text": True,
            "cwd": BASE,
            "env": self.environment,
        }
        return subprocess.Popen([sys.executable, *words], **settings | options)

    def manage(self, *words: str) -> str:
        process = self.python("manage.py", *words, stderr=subprocess.PIPE)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, f"manage.py {' '.join(words)}: {out}\n{err}"
        return out


@contextmanager
def site() -> Iterator[Site]:
    """On the engine that DATABASE_URL names: a SQLite file, or a new database on the PostgreSQL
    server.
    """
    folder = Path(tempfile.mkdtemp(prefix="ht", dir="/tmp"))  # noqa: S108  a socket path must be short
    server = os.environ.get("DATABASE_URL", "")
    name = f"site_{uuid.uuid4().hex[:12]}"
    try:
        if server.startswith("postgres"):
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
            made = Site(folder, f"{server.rsplit('/', 1)[0]}/{name}")
        else:
            made = Site(folder, f"sqlite:///{folder}/site.sqlite3")
        made.manage("migrate", "-v", "0")
        yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(condition: Any, seconds: float, what: str) -> Any:
    """The first true value of `condition()`. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
