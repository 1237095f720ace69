"""Reading what is given out, skipped and waited for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef

from annotate.models import (
    Assignment,
    FreeSlot,
    Member,
)


@dataclass(frozen=True)
class Waiting:
    """Why there is nothing to do: `n_on_loan` items are with others, the first of them back by
    `back_at`; `n_skipped` are wanted still, and the person skipped them.
    """

    n_on_loan: int
    back_at: datetime | None
    n_skipped: int


def waiting_for(annotator: Member) -> Waiting:
    mine = Assignment.objects.filter(item=OuterRef("item"), annotator=annotator)
    loans = Assignment.objects.filter(
        ~Exists(mine), project_id=annotator.project_id, state=Assignment.State.OPEN
    )
    counts = loans.aggregate(n=Count("item", distinct=True), back_at=Min("lease_until"))
    skipped = Assignment.objects.filter(annotator=annotator, state=Assignment.State.SKIPPED)
    n_skipped = skipped.filter(Exists(FreeSlot.objects.filter(item=OuterRef("item")))).count()
    return Waiting(counts["n"], counts["back_at"], n_skipped)


def asked_again() -> Exists:
    """Of an assignment: a later pass of the same person over the same item is open."""
    later = Assignment.objects.filter(
        item=OuterRef("item"),
        annotator=OuterRef("annotator"),
        pass_number__gt=OuterRef("pass_number"),
        state=Assignment.State.OPEN,
    )
    return Exists(later)


def skipped_by(annotator: Member) -> list[Assignment]:
    """What the person skipped, newest first, at most 200."""
    mine = Assignment.objects.filter(annotator=annotator, state=Assignment.State.SKIPPED)
    return list(mine.select_related("item").order_by("-closed_at", "-pk")[:200])


def just_skipped(annotator: Member, since: datetime) -> Assignment | None:
    mine = Assignment.objects.filter(annotator=annotator, state=Assignment.State.SKIPPED)
    return mine.filter(closed_at__gte=since).order_by("-closed_at", "-pk").first()


def last_submitted(annotator: Member, before: Assignment | None) -> Assignment | None:
    """The answer to go back to: the newest one, or the one given before `before`."""
    done = Assignment.objects.filter(
        ~asked_again(), annotator=annotator, state=Assignment.State.SUBMITTED, pass_number=1
    )
    if before is not None and before.state == Assignment.State.SUBMITTED:
        done = done.filter(closed_at__lt=before.closed_at)
    return done.order_by("-closed_at", "-pk").first()
