"""The next item for somebody: one path, and the ways in which it can come to them, in order.
Unique constraints decide every race; locks only make the losers wait less.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, QuerySet, Subquery

from annotate.errors import Conflict
from annotate.models import (
    Assignment,
    FreeSlot,
    Member,
    PlannedAssignment,
    Project,
    Viewing,
)
from annotate.prepared import Prepared, PreparedDelete
from annotate.services.assignments import NotHeld, expire_leases, lock_annotator

State = Assignment.State
GIVEN_BACK = (State.RELEASED, State.EXPIRED)
NOT_AGAIN = (State.OPEN, State.SUBMITTED, State.SKIPPED)
LOOK_AT = 5  # due repeats, of which one may not have its gap of answers yet
MIXED_AMONG = 200  # open items that count when a repeat's turn is drawn


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


def _held(annotator: int, now: datetime) -> QuerySet[Assignment]:
    open_ones = Assignment.objects.select_related("item").filter(
        annotator=annotator, state=State.OPEN, lease_until__gt=now
    )
    return open_ones.order_by("created_at", "pk")[:1]


def _planned(annotator: int) -> QuerySet[Any, Any]:
    """Places kept for the person and not taken, each with its item, and with `earlier`: their own
    assignment of it that they let go. An answer that an import brought fills the place.
    """
    mine = Assignment.objects.filter(
        item=OuterRef("item"), annotator=annotator, pass_number=OuterRef("pass_number")
    )
    places = PlannedAssignment.objects.filter(
        ~Exists(mine.filter(state__in=NOT_AGAIN)), annotator=annotator, assignment=None
    )
    return places.select_related("item").annotate(earlier=Subquery(mine.values("pk")[:1]))


def _planned_firsts(annotator: int) -> QuerySet[Any, Any]:
    return _planned(annotator).filter(pass_number=1).order_by("position", "pk")


def _due_repeats(annotator: int, now: datetime) -> QuerySet[Any, Any]:
    due = _planned(annotator).filter(due_at__lte=now)  # which first answers never have
    return due.order_by("due_at", "pk")


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


def _free_slots(project: int, annotator: int) -> QuerySet[Any, Any]:
    """The next FreeSlot for the person, with its item, and with `earlier`: their own assignment to
    it that they let go, if there is one.
    """
    mine = Assignment.objects.filter(item=OuterRef("item"), annotator=annotator)
    wanted = FreeSlot.objects.filter(~Exists(mine.filter(state__in=NOT_AGAIN)), project=project)
    return (
        wanted.select_related("item")
        .annotate(earlier=Subquery(mine.filter(pass_number=1).values("pk")[:1]))
        .order_by("-priority", "item_id", "slot")
    )


def _unseen_slots(project: int, annotator: int) -> QuerySet[Any, Any]:
    """Of somebody who may review: without items whose answers they have looked at."""
    seen = Viewing.objects.filter(member=annotator, item=OuterRef("item"))
    return _free_slots(project, annotator).filter(~Exists(seen))


Slots = Callable[..., QuerySet[Any, Any]]


@dataclass(frozen=True)
class NextSlot:
    """The ways to ask for the next slot, composed once: by SQLite, whose immediate transaction is
    the lock; past slots that others lock; and waiting for those.
    """

    plain: Prepared[Any]
    past_locked: Prepared[Any]
    waiting: Prepared[Any]

    @classmethod
    def of(cls, slots: Slots) -> "NextSlot":
        def plain(**ids: int) -> QuerySet[Any, Any]:
            return slots(**ids)[:1]

        def past_locked(**ids: int) -> QuerySet[Any, Any]:
            return slots(**ids).select_for_update(skip_locked=True, of=("self",))[:1]

        def waiting(**ids: int) -> QuerySet[Any, Any]:
            return slots(**ids).select_for_update(of=("self",))[:1]

        kinds = {"project": BigIntegerField(), "annotator": BigIntegerField()}
        return cls(*(Prepared(way, **kinds) for way in (plain, past_locked, waiting)))

    def find(self, project: int, annotator: int) -> Any:
        ids = {"project": project, "annotator": annotator}
        if not connection.features.has_select_for_update_skip_locked:
            return self.plain.first(**ids)
        # A slot locked by somebody else may come free again: nothing is only nothing when waiting
        # for those shows nothing either.
        return self.past_locked.first(**ids) or self.waiting.first(**ids)


def _few(places: Slots, n: int) -> Slots:
    def few(**given: Any) -> QuerySet[Any, Any]:
        return places(**given)[:n]

    return few


def _waiting_places(annotator: int) -> QuerySet[PlannedAssignment]:
    return PlannedAssignment.objects.filter(annotator=annotator, assignment=None)[:1]


def _slot(slot: int) -> QuerySet[FreeSlot]:
    return FreeSlot.objects.filter(pk=slot)


PLANNED = Prepared(_waiting_places, annotator=BigIntegerField())
TAKEN = PreparedDelete(_slot, slot=BigIntegerField())
HELD = Prepared(_held, annotator=BigIntegerField(), now=DateTimeField())
NEXT_SLOT, NEXT_UNSEEN_SLOT = NextSlot.of(_free_slots), NextSlot.of(_unseen_slots)
NEXT_PLANNED = Prepared(_few(_planned_firsts, 1), annotator=BigIntegerField())
DUE_REPEATS = Prepared(
    _few(_due_repeats, LOOK_AT), annotator=BigIntegerField(), now=DateTimeField()
)


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
