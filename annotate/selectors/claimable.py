"""What a person can be given next: held, planned, due again, free. Composed once, since every claim
asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, QuerySet, Subquery

from annotate.models import (
    Assignment,
    FreeSlot,
    PlannedAssignment,
    Viewing,
)
from annotate.prepared import Prepared

State = Assignment.State
GIVEN_BACK = (State.RELEASED, State.EXPIRED)
NOT_AGAIN = (State.OPEN, State.SUBMITTED, State.SKIPPED)
LOOK_AT = 5  # due repeats, of which one may not have its gap of answers yet


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


PLANNED = Prepared(_waiting_places, annotator=BigIntegerField())
HELD = Prepared(_held, annotator=BigIntegerField(), now=DateTimeField())
NEXT_SLOT, NEXT_UNSEEN_SLOT = NextSlot.of(_free_slots), NextSlot.of(_unseen_slots)
NEXT_PLANNED = Prepared(_few(_planned_firsts, 1), annotator=BigIntegerField())
DUE_REPEATS = Prepared(
    _few(_due_repeats, LOOK_AT), annotator=BigIntegerField(), now=DateTimeField()
)
