"""The HTTP status of each kind of refusal, for pages and API alike."""

from annotate.errors import Conflict, Invalid, Missing, NotAllowed, Refused

STATUS: dict[type[Refused], int] = {Missing: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}


def status_of(refusal: Refused) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
