"""What an item's text and its answers come to: the digest, and the free slots left over."""

import hashlib
from collections.abc import Iterable, Sequence

from annotate.models import Assignment, FreeSlot, Item, Project
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
    held = set(
        Assignment.objects.filter(
            item__in=ids, pass_number=1, state__in=HOLDING, slot__isnull=False
        ).values_list("item_id", "slot"),
    )
    wanted = {
        (item_id, slot) for item_id in ids for slot in range(1, project.annotators_per_item + 1)
    }
    free = dict(FreeSlot.objects.filter(item__in=ids).values_list("pk", "item_id"))
    slots = {
        pk: (item_id, slot)
        for pk, item_id, slot in FreeSlot.objects.filter(pk__in=free).values_list(
            "pk", "item_id", "slot"
        )
    }
    n_held = {item_id: sum(1 for holder, _ in held if holder == item_id) for item_id in ids}
    open_places = {
        place for place in wanted - held if n_held[place[0]] < project.annotators_per_item
    }
    FreeSlot.objects.filter(
        pk__in=[pk for pk, place in slots.items() if place not in open_places]
    ).delete()
    priorities = dict(Item.objects.filter(pk__in=ids).values_list("pk", "priority"))
    FreeSlot.objects.bulk_create(
        FreeSlot(project=project, item_id=item_id, slot=slot, priority=priorities[item_id])
        for item_id, slot in sorted(open_places - set(slots.values()))
    )
