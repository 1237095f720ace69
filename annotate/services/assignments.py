"""Claiming the next item, and giving it back. Unique constraints decide every race; locks only
make the losers wait less.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, QuerySet, Subquery

from annotate.errors import Conflict
from annotate.models import Assignment, FreeSlot, Item, Member, Project, Viewing
from annotate.prepared import Prepared

State = Assignment.State
NOT_AGAIN = (State.OPEN, State.SUBMITTED, State.SKIPPED)
EXPIRE_AT_MOST = 200  # leases ended by one claim, so that a claim stays short after a long pause


class ProjectNotOpen(Conflict):
    code = "project-not-open"


class NotHeld(Conflict):
    code = "assignment-not-open"


@transaction.atomic
def claim_next(
    *, project: Project, annotator: Member, now: datetime, lease: timedelta
) -> Assignment | None:
    """The person's open assignment, else a new one on the first free slot, else None: there is
    nothing for them now.

    The annotator's row is locked first, so two tabs of one person cannot claim two items at the
    same instant.
    """
    if project.status != Project.Status.OPEN:
        raise ProjectNotOpen(
            f"“{project.name}” is {project.status}: no new items are given out. Your answers are"
            " safe."
        )
    if connection.features.has_select_for_update:
        Member.objects.select_for_update(no_key=True).only("pk").get(pk=annotator.pk)
    held = HELD.first(annotator=annotator.pk, now=now)
    if held is not None:
        return held
    free = _first_free_slot(project, annotator)
    if free is None and expire_leases(project=project, now=now):
        # the sweep does this every minute; here somebody waits for it
        free = _first_free_slot(project, annotator)
    return _take(free, annotator, now, lease) if free else None


def _held(annotator: int, now: datetime) -> QuerySet[Assignment]:
    open_ones = Assignment.objects.select_related("item").filter(
        annotator=annotator, state=State.OPEN, lease_until__gt=now
    )
    return open_ones.order_by("created_at", "pk")[:1]


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


HELD = Prepared(_held, annotator=BigIntegerField(), now=DateTimeField())
NEXT_SLOT, NEXT_UNSEEN_SLOT = NextSlot.of(_free_slots), NextSlot.of(_unseen_slots)


def _first_free_slot(project: Project, annotator: Member) -> Any:
    is_blind = annotator.role == Member.Role.ANNOTATOR
    return (NEXT_SLOT if is_blind else NEXT_UNSEEN_SLOT).find(project.pk, annotator.pk)


def _take(free: Any, annotator: Member, now: datetime, lease: timedelta) -> Assignment:
    """Turn the free slot into an assignment. An item that this person gave back earlier keeps
    its one row.
    """
    FreeSlot.objects.filter(pk=free.pk).delete()
    fields = {
        "slot": free.slot,
        "state": State.OPEN,
        "created_at": now,
        "lease_until": now + lease,
        "closed_at": None,
    }
    if free.earlier is not None:
        Assignment.objects.filter(pk=free.earlier).update(**fields)
        return Assignment.objects.select_related("item").get(pk=free.earlier)
    return Assignment.objects.create(
        project_id=free.project_id, item=free.item, annotator=annotator, pass_number=1, **fields
    )


def expire_leases(*, project: Project, now: datetime) -> int:
    """End the leases that have run out and free their slots. Needs a transaction."""
    overdue = Assignment.objects.filter(
        project=project, state=State.OPEN, lease_until__lte=now
    ).order_by("lease_until")
    if connection.features.has_select_for_update_skip_locked:
        overdue = overdue.select_for_update(skip_locked=True, no_key=True)
    rows = list(overdue[:EXPIRE_AT_MOST])
    for assignment in rows:
        _close(assignment, State.EXPIRED, now)
    return len(rows)


@transaction.atomic
def skip(*, assignment: Assignment, now: datetime) -> Assignment:
    """This person is not asked about the item again; somebody else is."""
    return _give_back(assignment, State.SKIPPED, now)


@transaction.atomic
def take_skip_back(*, assignment: Assignment, now: datetime, lease: timedelta) -> Assignment:
    """Open a skipped item again for the person who skipped it. Raises NotHeld when nobody is
    wanted for it any more.
    """
    opened = {"state": State.OPEN, "created_at": assignment.created_at, "closed_at": None}
    if not _retake(assignment, State.SKIPPED, opened | {"lease_until": now + lease}):
        raise NotHeld("Somebody else has this item now, so it cannot be had back.")
    assignment.refresh_from_db(fields=["state", "slot", "closed_at", "lease_until"])
    return assignment


def ask_again(*, item: Item) -> int:
    """Let those who skipped the item be asked about it again. Returns how many they are."""
    skipped = Assignment.objects.filter(item=item, state=State.SKIPPED)
    return skipped.update(state=State.RELEASED)


@transaction.atomic
def release(*, assignment: Assignment, now: datetime) -> Assignment:
    """Give the item back; this person may get it again."""
    return _give_back(assignment, State.RELEASED, now)


def take_place_again(*, assignment: Assignment, **fields: Any) -> bool:
    """Give an assignment whose lease ran out a place of its item again, if one is free, and set
    `fields` on it. Needs a transaction.
    """
    return _retake(assignment, State.EXPIRED, fields)


def _retake(assignment: Assignment, state: Assignment.State, fields: Mapping[str, Any]) -> bool:
    """The row is locked first, so that two requests of one person cannot take two places."""
    mine = Assignment.objects.filter(pk=assignment.pk, state=state)
    if mine.select_for_update(no_key=True).first() is None:
        return False
    slot = _free_place(assignment.item_id) if assignment.pass_number == 1 else None
    if slot is None and assignment.pass_number == 1:
        return False
    return bool(mine.update(**fields, slot=slot))


def _free_place(item_id: int) -> int | None:
    """Take a free slot of the item: whoever deletes its row has it."""
    for free in FreeSlot.objects.filter(item=item_id).order_by("slot"):
        if FreeSlot.objects.filter(pk=free.pk).delete()[0]:
            return free.slot
    return None


def _give_back(assignment: Assignment, state: Assignment.State, now: datetime) -> Assignment:
    if not _close(assignment, state, now):
        raise NotHeld(
            "This item is no longer yours to give back: it was answered, skipped, or its time ran"
            " out."
        )
    assignment.refresh_from_db(fields=["state", "slot", "closed_at"])
    return assignment


def _close(assignment: Assignment, state: Assignment.State, now: datetime) -> bool:
    """Leave the open state, once: the conditional update says whether this call did it, and only
    then is the slot freed.
    """
    changed = Assignment.objects.filter(pk=assignment.pk, state=State.OPEN).update(
        state=state, slot=None, closed_at=now
    )
    if changed and assignment.slot is not None:
        FreeSlot.objects.create(
            project_id=assignment.project_id,
            item_id=assignment.item_id,
            slot=assignment.slot,
            priority=assignment.item.priority,
        )
    return bool(changed)
