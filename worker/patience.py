"""A disk that is full is waited for: somebody frees space, and the work goes on where it was."""

import errno
import time
from collections.abc import Callable
from typing import TypeVar

FULL = (errno.ENOSPC, errno.EDQUOT)
WAIT_SECONDS = 3.0
Written = TypeVar("Written")


def patiently(write: Callable[[], Written], is_wanted: Callable[[], None]) -> Written:
    """What `write` gives, tried again while there is no space for it; it must leave nothing half
    done that a second try would take for whole. `is_wanted` raises when nobody waits any more.
    """
    while True:
        try:
            return write()
        except Exception as error:  # noqa: BLE001  the tokenizer's library raises nothing narrower
            if not is_full(error):
                raise
        is_wanted()
        time.sleep(WAIT_SECONDS)


def is_full(error: Exception) -> bool:
    """Libraries and shutil's copies tell the system's error only in words."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in FULL
    told = str(error)
    return any(f"os error {n})" in told or f"[Errno {n}]" in told for n in FULL)
