"""Specs to SVG, drawn once for all processes: what was drawn stands in the cache that they share,
and the engine that draws is a process of its own which ends when it is idle.

The engine takes 70 MB at its first chart and 110 after fifty; four web processes would keep that.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading

from django.conf import settings
from django.core.cache import cache

KEPT_SECONDS = 7 * 24 * 3600
IDLE_SECONDS = 20.0
NEEDED = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH", "TMPDIR")  # and no secrets


class NotDrawn(Exception):
    """The engine ended without an answer."""


class Engine:
    """The process, started when something is to be drawn; one spec at a time."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def draw(self, spec: str) -> str:
        """Raises NotDrawn. An engine that went idle just now is started once more."""
        with self._lock:
            if self._process is not None:
                try:
                    return self._ask(self._process, spec)
                except (NotDrawn, BrokenPipeError):
                    self._process = None
            self._process = self._start()
            try:
                return self._ask(self._process, spec)
            except BrokenPipeError as error:
                raise NotDrawn from error

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "frontend.charts.engine", str(self._idle_seconds)],
            cwd=settings.BASE_DIR,
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, process: subprocess.Popen[str], spec: str) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(spec + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            process.wait()
            raise NotDrawn
        return str(json.loads(answer))


ENGINE = Engine()


def drawn(spec: str) -> str:
    """The SVG of a spec in JSON. Raises NotDrawn."""
    key = f"chart:{hashlib.sha256(spec.encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is not None:
        return str(kept)
    svg = ENGINE.draw(spec)
    cache.set(key, svg, KEPT_SECONDS)
    return svg
