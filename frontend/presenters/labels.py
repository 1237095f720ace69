from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.models import Label
from labeler.models import SoftLabel

Share = dict[str, Any]


def shares(
    labels: Sequence[Label], keys: Sequence[str], distribution: Sequence[float]
) -> list[Share]:
    """A distribution with the names and colours of its labels, in their order."""
    by_key = {label.key: label for label in labels}
    return [
        {
            "name": by_key[key].name if key in by_key else key,
            "colour": by_key[key].colour if key in by_key else "#5b5b5b",
            "p": p,
        }
        for key, p in zip(keys, distribution, strict=True)
    ]


def shares_of_prediction(labels: Sequence[Label], distribution: Mapping[str, float]) -> list[Share]:
    return shares(labels, list(distribution), list(distribution.values()))


@dataclass(frozen=True)
class SoftLabelRow:
    public_id: str
    item_id: str
    text: str
    shares: list[Share]
    n_annotations: int
    entropy: float
    hard_label: str
    is_tie: bool


def soft_label_rows(
    found: Iterable[SoftLabel], labels: Sequence[Label], keys: Sequence[str]
) -> list[SoftLabelRow]:
    names = {label.key: label.name for label in labels}
    return [
        SoftLabelRow(
            public_id=str(row.item.public_id),
            item_id=row.item.external_id,
            text=row.item.text,
            shares=shares(labels, keys, row.distribution),
            n_annotations=row.n_annotations,
            entropy=row.entropy,
            hard_label=names.get(row.hard_label, row.hard_label),
            is_tie=row.is_tie,
        )
        for row in found
    ]


def extremes(annotators: Sequence[Mapping[str, Any]], most: int = 20) -> list[Mapping[str, Any]]:
    """The people a chart has room for: those counted, the most and the least reliable when they
    are many.
    """
    rows = sorted(
        (row for row in annotators if row["state"] == "counted"),
        key=lambda row: -row["reliability"],
    )
    return rows if len(rows) <= most else rows[: most // 2] + rows[-most // 2 :]
