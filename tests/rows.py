"""Rows written at once, where a test needs thousands of items and not the way they come in."""

from collections.abc import Mapping
from datetime import datetime

from annotate.models import FreeSlot, Item, Project
from annotate.services.items import digest_of_text

BATCH = 2000


def write_items(project: Project, texts: Mapping[str, str], now: datetime) -> None:
    """`texts` by the item's id; each item with the free slots that its project wants."""
    items = Item.objects.bulk_create(
        (
            Item(
                project=project,
                external_id=external_id,
                text=text,
                digest=digest_of_text(text),
                created_at=now,
            )
            for external_id, text in texts.items()
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
