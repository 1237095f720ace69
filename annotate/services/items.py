"""Bringing items into a project, and what to ask first."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from annotate.errors import Conflict, Invalid
from annotate.models import Assignment, FreeSlot, Item, Label, Project
from annotate.models.assignments import HOLDING

BATCH = 2000


class ItemDiffers(Conflict):
    code = "item-differs"


class BadPriority(Invalid):
    code = "bad-priority"


@dataclass(frozen=True)
class ItemDraft:
    external_id: str
    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    gold: Label | None = None
    split: str = ""


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def add_items(*, project: Project, drafts: Sequence[ItemDraft], now: datetime) -> list[Item]:
    """Write new items with their free slots. The caller has made sure that none of the ids is
    taken.
    """
    items = Item.objects.bulk_create(
        (
            Item(
                project=project,
                external_id=draft.external_id,
                text=draft.text,
                digest=digest_of_text(draft.text),
                attributes=dict(draft.attributes),
                gold=draft.gold,
                split=draft.split,
                created_at=now,
            )
            for draft in drafts
        ),
        batch_size=BATCH,
    )
    FreeSlot.objects.bulk_create(
        (
            FreeSlot(project=project, item=item, slot=slot)
            for item in items
            for slot in range(1, project.annotators_per_item + 1)
        ),
        batch_size=BATCH,
    )
    return items


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


@transaction.atomic
def set_priorities(*, project: Project, priorities: Mapping[int, float]) -> int:
    """Ask the items of higher priority first. `priorities` maps item primary keys to finite
    numbers.
    """
    if not all(map(math.isfinite, priorities.values())):
        raise BadPriority("A priority is not a finite number.")
    items = list(Item.objects.filter(project=project, pk__in=priorities).only("pk", "priority"))
    slots = list(
        FreeSlot.objects.filter(item__in=[item.pk for item in items]).only(
            "pk", "item_id", "priority"
        )
    )
    for item in items:
        item.priority = priorities[item.pk]
    for slot in slots:
        slot.priority = priorities[slot.item_id]
    Item.objects.bulk_update(items, ["priority"], batch_size=BATCH)
    FreeSlot.objects.bulk_update(slots, ["priority"], batch_size=BATCH)
    return len(items)
