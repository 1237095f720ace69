"""The rows of the items page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.models import Label
from frontend.presenters.labels import Share, shares
from labeler.models import SoftLabel


@dataclass(frozen=True)
class ItemRow:
    """`shares` is None for an item that has no soft label yet."""

    public_id: str
    item_id: str
    text: str
    n_answers: int
    shares: list[Share] | None
    hard_label: str
    is_tie: bool
    disagreement: float | None
    skipped_by: list[str]
    flagged_by: list[str]


def item_rows(
    items: Sequence[Any],
    soft: Mapping[int, SoftLabel],
    skipped: Mapping[int, list[str]],
    flagged: Mapping[int, list[str]],
    labels: Sequence[Label],
    keys: Sequence[str],
) -> list[ItemRow]:
    names = {label.key: label.name for label in labels}
    return [
        ItemRow(
            str(item.public_id),
            item.external_id,
            item.text,
            one.n_annotations if one else getattr(item, "n_answers", 0),
            shares(labels, keys, one.distribution) if one else None,
            names.get(one.hard_label, one.hard_label) if one else "",
            one.is_tie if one else False,
            one.disagreement if one else None,
            skipped.get(item.pk, []),
            flagged.get(item.pk, []),
        )
        for item in items
        for one in [soft.get(item.pk)]
    ]
