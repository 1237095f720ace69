"""Noting that somebody saw what others said of items, which ends their being asked about them."""

from collections.abc import Sequence
from datetime import datetime

from annotate.models import Item, Member, Viewing


def note_viewing(*, member: Member | None, items: Sequence[Item], now: datetime) -> None:
    """Of a member who annotates; for others it means nothing and nothing is written."""
    if member is None or not member.annotates or not items:
        return
    seen = set(
        Viewing.objects.filter(member=member, item__in=items).values_list("item_id", flat=True)
    )
    new = [
        Viewing(member=member, item=item, viewed_at=now) for item in items if item.pk not in seen
    ]
    Viewing.objects.bulk_create(new, ignore_conflicts=True)
