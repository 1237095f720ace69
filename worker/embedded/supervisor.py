"""Several processes as one: the base first, then the rest side by side; restarted when they die,
all ended together.
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
    """Runs services until told to stop. `base` is what the others call when they start (the
    broker): it answers before they begin and ends after them. Every process leads its own group,
    so that nothing of it outlives `stop`.
    """

    def __init__(
        self,
        base: Sequence[Service],
        services: Sequence[Service],
        logs: Path,
        environment: dict[str, str],
        tell: Callable[[str], None],
    ) -> None:
        self.base, self.services = base, services
        self.logs, self.environment, self.tell = logs, environment, tell
        self._stopping = threading.Event()
        logs.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Raises NotReady; then everything that was started is ended again."""
        all_answer = False
        try:
            for together in (self.base, self.services):
                self._start_together(together)
            all_answer = True
        finally:
            if not all_answer:
                self.stop()

    def _start_together(self, services: Sequence[Service]) -> None:
        began = time.monotonic()
        for service in services:
            (self.logs / f"{service.name}.log").unlink(missing_ok=True)
            self._spawn(service)
        for service in services:
            self._wait(service)
            self.tell(f"{service.name} answers ({time.monotonic() - began:.1f} s)")

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
            for service in (*self.base, *self.services):
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
        """End everything, the base last; what does not go in END_SECONDS is killed."""
        self._stopping.set()
        for together in (self.services, self.base):
            _end_together([service.process for service in together if service.process])


def _end_together(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        _end_group(process, signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        _end_group(process, signal.SIGKILL)
        process.wait()


def _end_group(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    try:
        os.killpg(process.pid, which)
    except ProcessLookupError:
        return
