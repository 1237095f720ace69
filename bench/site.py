"""A throw-away Halftone for a measurement: its own folder, its own settings, commands that
answer in JSON.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.figures import Figures

BASE = Path(__file__).resolve().parent.parent
SETTINGS = {
    "SECRET_KEY": "measurements-only-0123456789-abcdefghijklmnopqrstuvwxyz",
    "HTTPS": "no",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "HALFTONE_ENV_FILE": "/dev/null",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


class Site:
    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.environment = {**os.environ, **SETTINGS, "DATA_DIR": str(folder)}
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(words)}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def python(self, *words: str, **options: Any) -> "subprocess.Popen[str]":
        """A process of the site, its output readable as text."""
        settings: Figures = {"cwd": BASE, "env": self.environment, "text": True}
        return subprocess.Popen([sys.executable, *words], **settings | options)

    def serve(self, port: int, *options: str) -> "subprocess.Popen[str]":
        words = ["-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2"]
        return self.python(*words, "--no-control-socket", *options, stderr=subprocess.DEVNULL)

    def json(self, *words: str) -> Figures:
        result: Figures = json.loads(self.manage(*words, "--json"))
        return result


@contextmanager
def site(database_url: str | None = None) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="ht") as folder:
        made = Site(Path(folder), database_url)
        made.manage("migrate", "-v", "0")
        yield made
