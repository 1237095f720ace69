"""The whole of Halftone running as `make demo` runs it: web, worker, trainer, schedule and
Redis, on the database under test.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.services.postgres import free_port
from tests.services.site import Site, site

READY = "Ctrl-C ends everything"


@dataclass
class Running:
    site: Site
    url: str
    process: "subprocess.Popen[str]"
    accounts: dict[str, str]
    said: list[str]

    def processes(self, name: str) -> list[psutil.Process]:
        """The live processes of one service: web, worker, trainer, schedule or redis; the parent
        first.
        """
        words = {
            "web": "gunicorn",
            "worker": "worker@%h",
            "trainer": "trainer@%h",
            "schedule": "beat",
            "redis": "redis-server",
        }
        children = [
            child
            for child in psutil.Process(self.process.pid).children()
            if words[name] in " ".join(child.cmdline())
        ]
        return [
            process for child in children for process in (child, *child.children(recursive=True))
        ]


@contextmanager
def running() -> Iterator[Running]:
    with site() as made:
        port = free_port()
        process = made.python("manage.py", "demo", "--port", str(port), start_new_session=True)
        said = []
        try:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line.rstrip())
                if READY in line:
                    break
            assert said and READY in said[-1], "\n".join(said)
            words = (Path(made.folder) / "demo-accounts.txt").read_text().split()
            yield Running(
                made,
                f"http://127.0.0.1:{port}",
                process,
                dict(zip(words[::2], words[1::2], strict=True)),
                said,
            )
        finally:
            children = (
                psutil.Process(process.pid).children(recursive=True)
                if process.poll() is None
                else []
            )
            process.send_signal(signal.SIGINT)
            try:
                said += process.communicate(timeout=60)[0].splitlines()
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            left = [
                child
                for child in children
                if child.is_running() and child.status() != psutil.STATUS_ZOMBIE
            ]
            assert not left, f"still running after the end: {left}"
