"""What an item's text and its answers come to: the digest, and the free slots left over."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count, islice

from django.db.models.functions import Coalesce

from annotate.models import Assignment, FreeSlot, Item, PlannedAssignment, Project
from annotate.models.assignments import HOLDING


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fit_free_slots(*, project: Project, ids: Sequence[int]) -> None:
    """Make the free slots of these items what the places taken leave over. Needs the caller's
    transaction.
    """
    for start in range(0, len(ids), 500):
        _fit_batch(project, ids[start : start + 500])


def _fit_batch(project: Project, ids: Sequence[int]) -> None:
    lock_places(ids)
    taken = taken_slots(ids)
    wants = Coalesce("n_wanted", "project__annotators_per_item")  # as it is now, not as it was read
    items = Item.objects.filter(pk__in=ids).annotate(wants=wants)
    rows = list(items.values_list("pk", "wants", "priority"))
    wanted = {pk: n for pk, n, _ in rows}
    open_places = {
        (pk, slot) for pk in ids for slot in _open_slots(wanted[pk], taken.get(pk, set()))
    }
    free = list(FreeSlot.objects.filter(item__in=ids).values_list("pk", "item_id", "slot"))
    FreeSlot.objects.filter(
        pk__in=[pk for pk, *place in free if tuple(place) not in open_places]
    ).delete()
    priorities = {pk: priority for pk, _, priority in rows}
    FreeSlot.objects.bulk_create(
        FreeSlot(project=project, item_id=item_id, slot=slot, priority=priorities[item_id])
        for item_id, slot in sorted(open_places - {(item, slot) for _, item, slot in free})
    )


def lock_places(ids: Sequence[int]) -> None:
    """The items first, in order, then what is free and what is kept of them: so that nobody takes,
    gives back or counts a place meanwhile, and no two wait for each other. Whoever gives back a
    place locks its annotator, then its item, then its assignment.
    """
    items = Item.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    free = FreeSlot.objects.filter(item__in=ids).order_by("pk").select_for_update(of=("self",))
    kept = PlannedAssignment.objects.filter(item__in=ids, pass_number=1).order_by("pk")
    for rows in (items, free, kept.select_for_update(of=("self",), no_key=True)):
        list(rows.values_list("pk", flat=True))


def taken_slots(ids: Sequence[int]) -> dict[int, set[int]]:
    """By item, the slots that somebody holds or that a plan keeps for somebody."""
    held = Assignment.objects.filter(
        item__in=ids, pass_number=1, state__in=HOLDING, slot__isnull=False
    )
    kept = PlannedAssignment.objects.filter(item__in=ids, slot__isnull=False, assignment=None)
    taken: defaultdict[int, set[int]] = defaultdict(set)
    places = (held.values_list("item_id", "slot"), kept.values_list("item_id", "slot"))
    for item_id, slot in chain(*places):
        taken[item_id].add(slot or 0)
    return taken


def _open_slots(wanted: int, taken: set[int]) -> list[int]:
    """The lowest numbers that are not taken, as many as are still wanted."""
    numbers = (slot for slot in count(1) if slot not in taken)
    return list(islice(numbers, max(0, wanted - len(taken))))
