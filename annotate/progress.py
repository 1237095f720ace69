"""How long work tells that it goes on: a step in words, and the share that is done."""

from collections.abc import Callable

Progress = Callable[[str, float], None]


def nobody_listens(step: str, share: float) -> None:
    """The progress of work that nobody watches."""
