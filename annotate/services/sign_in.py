"""Limits on wrong passwords: per account and address, never for the right one from a known device.

Somebody who tries a stranger's name from afar is slowed down; the owner at their own browser is
not. All counting is by rows, so every process and every restart sees the same.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from annotate.errors import Conflict
from annotate.models import FailedSignIn

WINDOW = timedelta(minutes=15)
KEEP = timedelta(days=1)
MOST_OF_PAIR = 5  # wrong passwords for one account from one address
MOST_OF_ACCOUNT = 30  # for one account from everywhere
MOST_OF_ADDRESS = 60  # from one address for all accounts: a whole office may share it
MOST_OF_DEVICE = 30  # from a known device, after which it is a stranger again


class TooManyAttempts(Conflict):
    code = "too-many-attempts"


@dataclass(frozen=True)
class Visitor:
    """`device` is the id of a browser in which this very account has signed in before, or empty."""

    name: str
    address: str | None
    device: str = ""

    @property
    def account(self) -> str:
        folded = unicodedata.normalize("NFKC", self.name).casefold()
        return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def check_attempts(*, visitor: Visitor, now: datetime) -> None:
    """Raises TooManyAttempts before the password is looked at."""
    recent = FailedSignIn.objects.filter(failed_at__gt=now - WINDOW)
    mine = recent.filter(account=visitor.account)
    if visitor.device and mine.filter(device=visitor.device).count() < MOST_OF_DEVICE:
        return
    strange = mine.filter(device__in=("", visitor.device))  # what it guessed counts against it
    limits = (
        (strange.filter(address=visitor.address), MOST_OF_PAIR),
        (strange, MOST_OF_ACCOUNT),
        (recent.filter(address=visitor.address, device=""), MOST_OF_ADDRESS),
    )
    if any(attempts.count() >= most for attempts, most in limits):
        minutes = int(WINDOW.total_seconds() // 60)
        raise TooManyAttempts(
            f"Too many wrong passwords. Wait {minutes} minutes, or sign in from a browser you have"
            " used here before."
        )


@transaction.atomic
def note_failure(*, visitor: Visitor, now: datetime) -> None:
    FailedSignIn.objects.filter(failed_at__lt=now - KEEP).delete()
    FailedSignIn.objects.create(
        account=visitor.account, address=visitor.address, device=visitor.device, failed_at=now
    )
