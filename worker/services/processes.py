"""A learner as a process of its own: its memory comes back for sure, the system's killer hits it
and not the worker, and CUDA never meets fork.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from worker.contract import LOG, PROGRESS, Exit

POLL_SECONDS = 0.5
BEAT_SECONDS = 2.0
REASONS = {
    Exit.DIVERGED: (
        "The loss became infinite or not a number. Lower the learning rate, or look for broken"
        " rows."
    ),
    Exit.OUT_OF_MEMORY: (
        "The graphics card ran out of memory. Use a smaller batch or shorter texts."
    ),
    Exit.BAD_DATASET: "The dataset cannot be learned from: {detail}",
    -signal.SIGKILL: "The system killed the learner, most likely because memory ran out.",
}


class TrainerFailed(Exception):
    """The learner ended without a model; the message says why."""


class LearnerKilled(TrainerFailed):
    """Somebody killed it, most often the system for want of memory: another attempt may do
    better.
    """


class Cancelled(Exception):
    """A person asked for the end."""


Line = dict[str, Any]  # of progress, as a learner tells it
OnLines = Callable[[list[Line]], str]


def run_learner(*, folder: Path, on_lines: OnLines) -> None:
    """Run `python -m worker.learners.train folder` to its end. `on_lines` gets new progress lines
    and returns the job's status.

    Whatever happens here, the process group is gone afterwards.
    """
    command = [sys.executable, "-m", "worker.learners.train", str(folder)]
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(),
            start_new_session=True,
        )
        try:
            _watch(process, folder, on_lines)
        finally:
            _end(process)
    if process.returncode == -signal.SIGKILL:
        raise LearnerKilled(REASONS[-signal.SIGKILL])
    if process.returncode != 0:
        raise TrainerFailed(_reason(process.returncode, folder))


def _environment() -> dict[str, str]:
    """No secrets, and nothing is fetched from outside."""
    kept = (
        "PATH",
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "CUDA_VISIBLE_DEVICES",
        "OMP_NUM_THREADS",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "TMPDIR",
    )
    own = {name: os.environ[name] for name in kept if name in os.environ}
    return own | {
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HALFTONE_PARENT": str(os.getpid()),
    }


def _watch(process: subprocess.Popen[bytes], folder: Path, on_lines: OnLines) -> None:
    progress, seen, beat_at = folder / PROGRESS, 0, 0.0
    while process.poll() is None:
        time.sleep(POLL_SECONDS)
        if time.monotonic() - beat_at < BEAT_SECONDS:
            continue
        beat_at = time.monotonic()
        lines = read_lines(progress)
        if on_lines(lines[seen:]) == "cancelling":
            raise Cancelled
        seen = len(lines)
    on_lines(read_lines(progress)[seen:])


def read_lines(path: Path) -> list[Line]:
    """Whole lines only: the last one may be half written."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1] if line]


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _reason(code: int, folder: Path) -> str:
    tail = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    detail = tail[0] if tail else "no message"
    return REASONS.get(code, f"The learner ended with code {code}: {detail}").format(detail=detail)
