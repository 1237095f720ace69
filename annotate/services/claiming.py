"""The next item for somebody: one path, and the ways in which it can come to them, in order.
Unique constraints decide every race; locks only make the losers wait less.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField

from annotate.errors import Conflict
from annotate.models import (
    Assignment,
    FreeSlot,
    Member,
    PlannedAssignment,
    Project,
)
from annotate.prepared import PreparedDelete
from annotate.selectors.claimable import (
    DUE_REPEATS,
    GIVEN_BACK,
    HELD,
    NEXT_PLANNED,
    NEXT_SLOT,
    NEXT_UNSEEN_SLOT,
    PLANNED,
    State,
)
from annotate.services.assignments import NotHeld, expire_leases, lock_annotator

MIXED_AMONG = 200  # open items that count when a repeat's turn is drawn
TAKEN = PreparedDelete(lambda slot: FreeSlot.objects.filter(pk=slot), slot=BigIntegerField())


class ProjectNotOpen(Conflict):
    code = "project-not-open"


@dataclass(frozen=True)
class Asking:
    """One request for the next item."""

    project: Project
    annotator: Member
    now: datetime
    lease: timedelta
    rng: Random

    @cached_property
    def has_places(self) -> bool:
        """Whether anything is planned for the person: of most nothing is, and one look says so.
        Whoever may see answers now is given none of it: it would not be blind.
        """
        is_annotator = self.annotator.role == Member.Role.ANNOTATOR
        return is_annotator and PLANNED.first(annotator=self.annotator.pk) is not None


@transaction.atomic
def claim_next(
    *, project: Project, annotator: Member, now: datetime, lease: timedelta, rng: Random
) -> Assignment | None:
    """The person's open assignment, else a new one by the first way that has something, else None:
    there is nothing for them now.

    The annotator's row is locked first, so two tabs of one person cannot claim two items at the
    same instant.
    """
    if project.status != Project.Status.OPEN:
        raise ProjectNotOpen(
            f"“{project.name}” is {project.status}: no new items are given out. Your answers are"
            " safe."
        )
    lock_annotator(annotator.pk)
    asking = Asking(project, annotator, now, lease, rng)
    return next((claimed for way in WAYS if (claimed := way(asking)) is not None), None)


def _what_is_held(asking: Asking) -> Assignment | None:
    return HELD.first(annotator=asking.annotator.pk, now=asking.now)


def _a_repeat_in_turn(asking: Asking) -> Assignment | None:
    """A due repeat, as often as there are repeats among what the person has yet to answer: so they
    are spread over it, and nothing about the order tells which they are.
    """
    repeat = _due_repeat(asking)
    if repeat is None or asking.rng.random() >= _share_of_repeats(asking):
        return None
    return _take_planned(repeat, asking)


def _what_is_planned(asking: Asking) -> Assignment | None:
    if not asking.has_places:
        return None
    planned = NEXT_PLANNED.first(annotator=asking.annotator.pk)
    return _take_planned(planned, asking) if planned else None


def _an_open_slot(asking: Asking) -> Assignment | None:
    free = _first_free_slot(asking)
    if free is None and expire_leases(project=asking.project, now=asking.now):
        # the sweep does this every minute; here somebody waits for it
        planned = _what_is_planned(replace(asking))
        if planned is not None:
            return planned
        free = _first_free_slot(asking)
    return _take(free, asking) if free else None


def _a_repeat_out_of_turn(asking: Asking) -> Assignment | None:
    """There is nothing left to mix it with, and nothing that could fill its gap of answers."""
    due = _due_repeats_of(asking)
    return _take_planned(due[0], asking) if due else None


Way = Callable[[Asking], Assignment | None]

WAYS: tuple[Way, ...] = (
    _what_is_held,
    _a_repeat_in_turn,
    _what_is_planned,
    _an_open_slot,
    _a_repeat_out_of_turn,
)


def _due_repeats_of(asking: Asking) -> list[Any]:
    if not asking.has_places:
        return []
    return DUE_REPEATS.all(annotator=asking.annotator.pk, now=asking.now)


def _due_repeat(asking: Asking) -> Any:
    """The oldest that enough other answers have followed."""
    return next((one for one in _due_repeats_of(asking) if _is_far_enough(one)), None)


def _is_far_enough(repeat: Any) -> bool:
    if not repeat.gap_items:
        return True
    since = Assignment.objects.filter(
        annotator=repeat.annotator_id,
        state=State.SUBMITTED,
        closed_at__gt=repeat.due_at - timedelta(days=repeat.gap_days),
    )
    return since[repeat.gap_items - 1 : repeat.gap_items].exists()


def _share_of_repeats(asking: Asking) -> float:
    waiting = PlannedAssignment.objects.filter(annotator=asking.annotator, assignment=None)
    repeats = waiting.filter(due_at__isnull=False).count()
    firsts = waiting.filter(pass_number=1).count()
    open_slots = FreeSlot.objects.filter(project=asking.project)[:MIXED_AMONG].count()
    return repeats / (repeats + firsts + open_slots)


def _first_free_slot(asking: Asking) -> Any:
    is_blind = asking.annotator.role == Member.Role.ANNOTATOR
    slots = NEXT_SLOT if is_blind else NEXT_UNSEEN_SLOT
    return slots.find(asking.project.pk, asking.annotator.pk)


def _take_planned(planned: Any, asking: Asking) -> Assignment | None:
    """None where the place was moved or given up since it was looked up."""
    place = PlannedAssignment.objects.filter(
        pk=planned.pk, annotator=asking.annotator, assignment=None
    )
    if place.select_for_update(no_key=True).first() is None:
        return None
    claimed = _assign(planned, planned.pass_number, asking)
    place.update(assignment=claimed)
    return claimed


def _take(free: Any, asking: Asking) -> Assignment:
    TAKEN.delete(slot=free.pk)
    return _assign(free, 1, asking)


def _assign(place: Any, pass_number: int, asking: Asking) -> Assignment:
    """Turn the place into an assignment. An item that this person gave back earlier keeps its one
    row.
    """
    fields = {
        "slot": place.slot,
        "state": State.OPEN,
        "created_at": asking.now,
        "lease_until": asking.now + asking.lease,
        "closed_at": None,
    }
    if place.earlier is not None:
        earlier = Assignment.objects.filter(pk=place.earlier, state__in=GIVEN_BACK)
        if not earlier.update(**fields):
            raise NotHeld("You answered this item in another window meanwhile. Look again.")
        return Assignment.objects.select_related("item").get(pk=place.earlier)
    return Assignment.objects.create(
        project_id=place.project_id,
        item=place.item,
        annotator=asking.annotator,
        pass_number=pass_number,
        **fields,
    )
