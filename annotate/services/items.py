"""What an item's text and its answers come to: the digest, and the free slots left over."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count, islice

from annotate.models import Assignment, FreeSlot, Item, PlannedAssignment, Project
from annotate.models.assignments import HOLDING


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fit_free_slots(*, project: Project, items: Iterable[Item]) -> None:
    """Make the free slots of `items` what the answers held leave over. Needs the caller's
    transaction.
    """
    ids = [item.pk for item in items]
    for start in range(0, len(ids), 500):
        _fit_batch(project, ids[start : start + 500])


def _fit_batch(project: Project, ids: Sequence[int]) -> None:
    taken = _taken_places(ids)
    items = Item.objects.filter(pk__in=ids).values_list("pk", "n_wanted", "priority")
    wanted = {pk: n if n is not None else project.annotators_per_item for pk, n, _ in items}
    open_places = {
        (pk, slot) for pk in ids for slot in _open_slots(wanted[pk], taken.get(pk, set()))
    }
    free = list(FreeSlot.objects.filter(item__in=ids).values_list("pk", "item_id", "slot"))
    FreeSlot.objects.filter(
        pk__in=[pk for pk, *place in free if tuple(place) not in open_places]
    ).delete()
    priorities = {pk: priority for pk, _, priority in items}
    FreeSlot.objects.bulk_create(
        FreeSlot(project=project, item_id=item_id, slot=slot, priority=priorities[item_id])
        for item_id, slot in sorted(open_places - {(item, slot) for _, item, slot in free})
    )


def _taken_places(ids: Sequence[int]) -> dict[int, set[int]]:
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
