"""Giving an item back: by skipping, by releasing, or because its lease ran out; and having it
again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from annotate.errors import Conflict
from annotate.models import Assignment, FreeSlot, Item, Member, PlannedAssignment, Project
from annotate.selectors.assignments import is_blind
from annotate.services.items import fit_free_slots, lock_places

State = Assignment.State
EXPIRE_AT_MOST = 200  # leases ended by one claim, so that a claim stays short after a long pause


class NotHeld(Conflict):
    code = "assignment-not-open"


def expire_leases(*, project: Project, now: datetime) -> int:
    """End the leases that have run out and free their slots. Needs a transaction. Items that
    somebody else is busy with are left to the next time.
    """
    overdue = Assignment.objects.filter(project=project, state=State.OPEN, lease_until__lte=now)
    found = overdue.order_by("lease_until").values_list("item_id", flat=True)[:EXPIRE_AT_MOST]
    items = Item.objects.filter(pk__in=set(found)).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        items = items.select_for_update(skip_locked=True, no_key=True)
    ids = list(items.values_list("pk", flat=True))
    rows = list(overdue.filter(item__in=ids))
    n = sum(_leave(assignment, State.EXPIRED, now) for assignment in rows)
    fit_free_slots(project=project, ids=ids)
    return n


def lock_annotator(pk: int) -> None:
    """First of all locks: what one person claims, gives back and takes anew goes one by one."""
    if connection.features.has_select_for_update:
        Member.objects.select_for_update(no_key=True).only("pk").get(pk=pk)


@transaction.atomic
def skip(*, assignment: Assignment, now: datetime) -> Assignment:
    """This person is not asked about the item again; somebody else is."""
    return _give_back(assignment, State.SKIPPED, now)


@transaction.atomic
def take_skip_back(*, assignment: Assignment, now: datetime, lease: timedelta) -> Assignment:
    """Open a skipped item again for the person who skipped it. Raises NotHeld when nobody is
    wanted for it any more.
    """
    if assignment.pass_number > 1 and not is_blind(assignment.annotator):
        raise NotHeld("This item cannot be had back any more.")
    opened = {"state": State.OPEN, "created_at": assignment.created_at, "closed_at": None}
    if not _retake(assignment, State.SKIPPED, opened | {"lease_until": now + lease}):
        raise NotHeld("Somebody else has this item now, so it cannot be had back.")
    assignment.refresh_from_db(fields=["state", "slot", "closed_at", "lease_until"])
    return assignment


def ask_again(*, item: Item) -> int:
    """Let those who skipped the item be asked about it again. Returns how many they are."""
    skipped = Assignment.objects.filter(item=item, state=State.SKIPPED, pass_number=1)
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
    """Under the annotator's lock, so that two requests of one person cannot take two places."""
    lock_annotator(assignment.annotator_id)
    mine = Assignment.objects.filter(pk=assignment.pk, state=state)
    if mine.select_for_update(no_key=True).first() is None:
        return False
    planned = _kept_for(assignment)
    if planned is not None:
        PlannedAssignment.objects.filter(pk=planned.pk).update(assignment=assignment)
        return bool(mine.update(**fields, slot=planned.slot))
    slot = _free_place(assignment.item_id) if assignment.pass_number == 1 else None
    if slot is None and assignment.pass_number == 1:
        return False
    PlannedAssignment.objects.filter(assignment=assignment).update(slot=slot)
    return bool(mine.update(**fields, slot=slot))


def _kept_for(assignment: Assignment) -> PlannedAssignment | None:
    """The place of a plan that this assignment had and let go."""
    kept = PlannedAssignment.objects.filter(
        item=assignment.item_id,
        annotator=assignment.annotator_id,
        pass_number=assignment.pass_number,
        assignment=None,
    )
    return kept.select_for_update(no_key=True).first()


def _free_place(item_id: int) -> int | None:
    """Take a free slot of the item: whoever deletes its row has it."""
    for free in FreeSlot.objects.filter(item=item_id).order_by("slot"):
        if FreeSlot.objects.filter(pk=free.pk).delete()[0]:
            return free.slot
    return None


def _give_back(assignment: Assignment, state: Assignment.State, now: datetime) -> Assignment:
    lock_annotator(assignment.annotator_id)
    lock_places([assignment.item_id])
    assignment.refresh_from_db(fields=["state", "slot"])
    if not _leave(assignment, state, now):
        raise NotHeld(
            "This item is no longer yours to give back: it was answered, skipped, or its time ran"
            " out."
        )
    fit_free_slots(project=assignment.project, ids=[assignment.item_id])
    assignment.refresh_from_db(fields=["state", "slot", "closed_at"])
    return assignment


def _leave(assignment: Assignment, state: Assignment.State, now: datetime) -> bool:
    """Leave the open state, once: the conditional update says whether this call did it. What a
    running plan gave somebody waits for them again, unless they skipped it: then others may have
    it. Needs the item's lock.
    """
    changed = Assignment.objects.filter(pk=assignment.pk, state=State.OPEN).update(
        state=state, slot=None, closed_at=now
    )
    if changed and state != State.SKIPPED:
        place = PlannedAssignment.objects.filter(assignment=assignment)
        place.filter(plan__stopped_at__isnull=False).delete()
        place.update(assignment=None, slot=assignment.slot)
    return bool(changed)
