from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotate.models import Annotation, Label
from labeler.models import SoftLabel
from labeler.results import AnnotatorReliability

NO_COLOUR = "#5b5b5b"  # of a label that an older set had


@dataclass(frozen=True)
class Share:
    """`p`: the probability of a label."""

    name: str
    colour: str
    p: float


def shares(
    labels: Sequence[Label], keys: Sequence[str], distribution: Sequence[float]
) -> list[Share]:
    """A distribution with the names and colours of its labels, in their order."""
    by_key = {label.key: label for label in labels}
    return [
        Share(
            by_key[key].name if key in by_key else key,
            by_key[key].colour if key in by_key else NO_COLOUR,
            p,
        )
        for key, p in zip(keys, distribution, strict=True)
    ]


def shares_of_prediction(labels: Sequence[Label], distribution: Mapping[str, float]) -> list[Share]:
    return shares(labels, list(distribution), list(distribution.values()))


@dataclass(frozen=True)
class Said:
    """One person's answer, as short as it can be told."""

    name: str
    label: str
    colour: str
    sure: str


@dataclass(frozen=True)
class DisputedRow:
    public_id: str
    text: str
    said: list[Said]


def disputed_rows(
    disputed: Iterable[SoftLabel], said: Iterable[Annotation], labels: Sequence[Label]
) -> list[DisputedRow]:
    """First answers only: a repeat is the same person's."""
    colours = {label.pk: label.colour for label in labels}
    by_item: dict[int, list[Said]] = {}
    for one in said:
        if one.assignment.pass_number == 1:
            sure = f"{one.confidence}/{one.confidence_scale}" if one.confidence else ""
            colour = colours.get(one.primary_id, NO_COLOUR)
            words = Said(one.annotator.name, one.primary.name, colour, sure)
            by_item.setdefault(one.assignment.item_id, []).append(words)
    return [
        DisputedRow(str(row.item.public_id), row.item.text, by_item.get(row.item_id, []))
        for row in disputed
    ]


def extremes(
    annotators: Sequence[AnnotatorReliability], most: int = 20
) -> list[AnnotatorReliability]:
    """The people a chart has room for: those counted, the most and the least reliable when they
    are many.
    """
    rows = sorted(
        (row for row in annotators if row.state == "counted"),
        key=lambda row: -row.reliability,
    )
    return rows if len(rows) <= most else rows[: most // 2] + rows[-most // 2 :]
