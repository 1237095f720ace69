"""`make demo`: everything that a site needs, on this machine, until Ctrl-C."""

import fcntl
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, TextIO

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from django.utils import timezone

from worker.celery import app
from worker.embedded.redis import NoRedis, redis_command
from worker.embedded.supervisor import NotReady, Service, Supervisor
from worker.services.demo import has_demo, make_demo


class Command(BaseCommand):
    help = "Run a whole Halftone on this machine, with a demo project to look at. Ctrl-C ends it."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--web-processes", type=int, default=3)

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        with self._lock():
            _check_port(port)
            self._prepare()
            supervisor = self._supervisor(port, options["web_processes"])
            for which in (signal.SIGINT, signal.SIGTERM):
                signal.signal(which, lambda *_: supervisor.request_stop())
            try:
                supervisor.start()
                self._welcome(port)
                supervisor.run()
            except NotReady as error:
                raise CommandError(str(error)) from error
            finally:
                self._say("Ending everything …")
                supervisor.stop()
                self._say("Halftone has ended. Your answers are in " + str(settings.DATA_DIR))

    def _lock(self) -> TextIO:
        """One demo a data folder."""
        settings.RUN_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (settings.RUN_DIR / "demo.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                f"Halftone is running already on {settings.DATA_DIR}. End it with Ctrl-C where it"
                " runs."
            ) from error
        return lock

    def _prepare(self) -> None:
        try:
            self._say("Bringing the database up to date …")
            call_command("migrate", verbosity=0)
            self._say("Gathering styles and scripts …")
            call_command("collectstatic", interactive=False, verbosity=0)
            self._demo_project()
        except OSError as error:
            raise CommandError(
                f"Cannot write to {settings.DATA_DIR}: {error.strerror}. Free some space, or set"
                " DATA_DIR."
            ) from error
        except OperationalError as error:
            advice = (
                f"Free some space in {settings.DATA_DIR}, or set DATA_DIR."
                if "full" in str(error)
                else "See DATABASE_URL in docs/guide/admins.md."
            )
            raise CommandError(
                f"The database cannot be used: {str(error).strip()}. {advice}"
            ) from error
        connections.close_all()

    def _demo_project(self) -> None:
        if has_demo():
            return
        self._say("Making the demo project: 300 notes, six simulated annotators …")
        passwords = make_demo(now=timezone.now())
        if passwords:  # those of accounts that were there stay as they are
            lines = "".join(f"{name:<10} {word}\n" for name, word in passwords.items())
            _write_private(_accounts_file(), lines)

    def _supervisor(self, port: int, web_processes: int) -> Supervisor:
        logs = settings.DATA_DIR / "log"
        services = _site_services(port, web_processes, logs)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
        }
        return Supervisor(_redis_service(), services, logs, environment, self._say)

    def _welcome(self, port: int) -> None:
        accounts = _accounts_file()
        lines = accounts.read_text().splitlines() if accounts.exists() else []
        self._say("")
        self._say(f"  Halftone is at   http://127.0.0.1:{port}/")
        for line in lines:
            self._say(f"  sign in as       {line}")
        self._say(f"  (kept in         {accounts})")
        self._say("")
        self._say("  Try first: sign in as demo, choose Annotate and press 1–4, q–t and Enter.")
        self._say(
            "  After twenty notes look at People; then freeze a dataset, train, and ask the model."
        )
        self._say("  “annotator” is a second account that sees only its own answers.")
        self._say("")
        self._say("  Ctrl-C ends everything.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _redis_service() -> list[Service]:
    """Our own, unless the settings name another."""
    own = f"redis+socket://{settings.RUN_DIR}/"
    if not settings.BROKER_URL.startswith(own):
        return []
    try:
        return [Service("redis", redis_command(settings.RUN_DIR), _answers_redis)]
    except NoRedis as error:
        raise CommandError(str(error)) from error


def _site_services(port: int, web_processes: int, logs: Path) -> list[Service]:
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "worker.celery"]
    gunicorn = ["-c", "config/gunicorn.py", "-b", f"127.0.0.1:{port}", "-w", str(web_processes)]
    return [
        Service(
            "web",
            [python, "-m", "gunicorn", "config.wsgi", *gunicorn],
            lambda: _answers_http(port),
        ),
        Service(
            "worker",
            [*celery, "worker", "-Q", "default", "-c", "2", "-n", "worker@%h", "-l", "INFO"],
            lambda: _answers_ping("worker@"),
        ),
        Service(
            "trainer",
            [*celery, "worker", "-Q", "train", "-c", "1", "-n", "trainer@%h", "-l", "INFO"],
            lambda: _answers_ping("trainer@"),
        ),
        Service(
            "schedule",
            [*celery, "beat", "-l", "INFO", "--pidfile="],
            lambda: "Starting" in (logs / "schedule.log").read_text(),
        ),
    ]


def _accounts_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-accounts.txt"


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken ({error.strerror}). Choose another: make demo"
                f" PORT={port + 1}"
            ) from error


def _answers_http(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _answers_redis() -> bool:
    try:
        return bool(
            redis.Redis(
                unix_socket_path=str(settings.RUN_DIR / "redis.sock"), socket_timeout=1
            ).ping()
        )
    except redis.RedisError:
        return False


def _answers_ping(name: str) -> bool:
    answers = app.control.ping(timeout=0.5)
    return any(node.startswith(name) for answer in answers for node in answer)
