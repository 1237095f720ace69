"""Reading what is given out, skipped and waited for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from annotate.models import (
    Assignment,
    FreeSlot,
    Member,
    PlannedAssignment,
)


@dataclass(frozen=True)
class Waiting:
    """Why there is nothing to do: `n_on_loan` items are with others; `n_skipped` are wanted still,
    and the person skipped them. `back_at`: when there may be more, on loan or planned for later.
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
    planned = _repeats_to_come(annotator).filter(due_at__isnull=False)
    due_at = planned.aggregate(first=Min("due_at"))["first"]
    moments = [moment for moment in (counts["back_at"], due_at) if moment is not None]
    return Waiting(counts["n"], min(moments, default=None), n_skipped)


def _repeats_to_come(annotator: Member | OuterRef) -> QuerySet[PlannedAssignment]:
    """Planned and not given: not begun, or on the person's screen now. Of a first answer that was
    skipped there is nothing to repeat.
    """
    skipped = Assignment.objects.filter(
        item=OuterRef("item"),
        annotator=OuterRef("annotator"),
        pass_number=1,
        state=Assignment.State.SKIPPED,
    )
    repeats = PlannedAssignment.objects.filter(
        ~Exists(skipped), annotator=annotator, pass_number__gt=1
    )
    return repeats.filter(Q(assignment=None) | Q(assignment__state=Assignment.State.OPEN))


def is_blind(annotator: Member) -> bool:
    """While repeats are to come, all of a person's earlier answers are out of their sight: if only
    those to be repeated were, the gaps would tell which.
    """
    return _repeats_to_come(annotator).exists()


def out_of_sight() -> Exists:
    """Of an assignment: what was answered may not be seen or changed now by who answered it."""
    return Exists(_repeats_to_come(OuterRef("annotator")))


def is_out_of_sight(assignment: Assignment) -> bool:
    return Assignment.objects.filter(out_of_sight(), pk=assignment.pk).exists()


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
        ~out_of_sight(), annotator=annotator, state=Assignment.State.SUBMITTED, pass_number=1
    )
    if before is not None and before.state == Assignment.State.SUBMITTED:
        done = done.filter(closed_at__lt=before.closed_at)
    return done.order_by("-closed_at", "-pk").first()
