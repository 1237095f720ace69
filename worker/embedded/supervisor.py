"""Several processes as one: started in order, each waited for, restarted when they die, all
ended together.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

READY_SECONDS = 60.0
END_SECONDS = 15.0
RESTART_SECONDS = 1.0  # between a death and the next start


class NotReady(Exception):
    """A process ended or did not answer in time; the message names it and its log."""


@dataclass
class Service:
    """`is_ready` is asked until it says yes."""

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    died_at: float = 0.0


class Supervisor:
    """Runs services until told to stop. Every process leads its own group, so that nothing of it
    outlives `stop`.
    """

    def __init__(
        self,
        services: Sequence[Service],
        logs: Path,
        environment: dict[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self.services, self.logs, self.environment, self.tell = services, logs, environment, tell
        self._stopping = threading.Event()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Raises NotReady; then everything that was started is ended again."""
        all_answer = False
        try:
            for service in self.services:
                began = time.monotonic()
                (self.logs / f"{service.name}.log").unlink(missing_ok=True)
                self._spawn(service)
                self._wait(service)
                self.tell(f"{service.name} answers ({time.monotonic() - began:.1f} s)")
            all_answer = True
        finally:
            if not all_answer:
                self.stop()

    def _spawn(self, service: Service) -> None:
        with (self.logs / f"{service.name}.log").open("ab") as log:
            service.process = subprocess.Popen(
                service.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )

    def _wait(self, service: Service) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._stopping.is_set():
            if service.process is None or service.process.poll() is not None:
                raise NotReady(
                    f"{service.name} ended at its start. Its last words are in"
                    f" {self.logs / service.name}.log"
                )
            if service.is_ready():
                return
            if time.monotonic() > deadline:
                raise NotReady(
                    f"{service.name} did not answer within {READY_SECONDS:.0f} s. See"
                    f" {self.logs / service.name}.log"
                )
            time.sleep(0.1)

    def run(self) -> None:
        """Watch until `request_stop`; start again what died."""
        while not self._stopping.wait(0.3):
            for service in self.services:
                self._restart_if_dead(service)

    def _restart_if_dead(self, service: Service) -> None:
        if service.process is None or service.process.poll() is None:
            return
        if not service.died_at:
            service.died_at = time.monotonic()
            _end_group(service.process, signal.SIGKILL)
            self.tell(
                f"{service.name} died with code {service.process.returncode} and is started again"
            )
        elif time.monotonic() - service.died_at > RESTART_SECONDS:
            service.died_at = 0.0
            self._spawn(service)

    def request_stop(self) -> None:
        self._stopping.set()

    def stop(self) -> None:
        """End everything, last started first; what does not go in END_SECONDS is killed."""
        self._stopping.set()
        running = [service for service in reversed(self.services) if service.process is not None]
        for service in running:
            assert service.process is not None
            _end_group(service.process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.process.wait(timeout=END_SECONDS)
            _end_group(service.process, signal.SIGKILL)
            service.process.wait()


def _end_group(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    try:
        os.killpg(process.pid, which)
    except ProcessLookupError:
        return
