"""The four ways Halftone says no. Each service declares its own refusals below one of these,
beside the function that raises it.
"""

from typing import ClassVar


class Refused(Exception):
    """What was asked was not done, and nothing was left behind. `code` is stable; the message is
    for people.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Missing(Refused):
    """There is no such thing, or the asker may not know of it: the two look the same."""

    code = "not-found"


class NotAllowed(Refused):
    """The asker may know of the thing and may not do this to it."""

    code = "not-allowed"


class Invalid(Refused):
    """The request itself is wrong and would be wrong again."""

    code = "invalid"


class Conflict(Refused):
    """The request was fine and the state of things does not allow it now."""

    code = "conflict"
