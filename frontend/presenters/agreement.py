"""What the agreement and people pages show of a stored run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from labeler.numerics.agreement.measure import Measure
from labeler.results import (
    Analysis,
    AnnotatorReliability,
    ConfidenceStep,
    EffortSign,
    LabelMeasure,
    PairMeasure,
    SelfMeasure,
    WindowMeasure,
)

MOST_IN_GRID = 20
COEFFICIENTS = {
    "krippendorff": (
        "Krippendorff's alpha",
        "any number of people, gaps allowed; the one to report",
    ),
    "fleiss": ("Fleiss' kappa", "chance from how often labels were used"),
    "scott": ("Scott's pi", "chance from the labels that two answers to one item use"),
    "gwet": ("Gwet's AC1", "holds when one label is very common"),
    "randolph": ("Randolph's kappa", "chance is the same for every label"),
    "percent": ("Equal answers", "nothing is taken off for chance"),
}
BOTH_CHOICES = (
    "Alpha of both choices (MASI)",
    "first and second choice taken as a set, so that a shared label counts in part",
)
QUESTIONS = {
    "too_fast": (
        "{value:.0%} of their answers came faster than the text can be read. Is the page open in"
        " two places, or do they know the texts?"
    ),
    "same_label_in_a_row": (
        "They chose the same label {value:.0f} times in a row (usually up to {usual:.0f}). Were"
        " those items alike?"
    ),
    "ignores_the_text": (
        "They agree with others on {value:.0%} of answers (usually {usual:.0%}), no more than by"
        " chance. Are the guidelines clear to them?"
    ),
    "same_confidence": "They always say the same confidence. Do they know what the steps mean?",
    "drift": (
        "Beside others on the same items, their agreement fell by {fall:.0%} of answers from their"
        " first half to their second. Did something change?"
    ),
}


@dataclass(frozen=True, kw_only=True)
class NamedMeasure(Measure):
    """`note`: what the measure is, in a few words."""

    name: str
    note: str


@dataclass(frozen=True, kw_only=True)
class LabelRow(Measure):
    """Agreement on first choices of `label`, and on its being `named` at all, None where nobody
    names second choices.
    """

    label: str
    named: LabelMeasure | None


@dataclass(frozen=True)
class TimePoint:
    """`place`: items up to the end of the window."""

    place: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class GridCell:
    a: str
    b: str
    value: float
    figure: str


@dataclass(frozen=True)
class EffortQuestion:
    name: str
    question: str


def coefficient_rows(analysis: Analysis) -> list[NamedMeasure]:
    weighted = (
        {"gwet": ("Gwet's AC2", COEFFICIENTS["gwet"][1])} if analysis.level != "nominal" else {}
    )
    words = COEFFICIENTS | weighted
    rows = [_named(one, *words[one.metric]) for one in analysis.coefficients]
    both = analysis.both_choices
    return [*rows, _named(both.masi, *BOTH_CHOICES)] if both else rows


def _named(measure: Measure, name: str, note: str) -> NamedMeasure:
    return NamedMeasure(
        value=measure.value,
        n=measure.n,
        observed=measure.observed,
        interval=measure.interval,
        reason=measure.reason,
        name=name,
        note=note,
    )


def label_rows(analysis: Analysis, names: Mapping[str, str]) -> list[LabelRow]:
    both = analysis.both_choices
    named = {one.label: one for one in both.per_label} if both else {}
    return [
        LabelRow(
            value=one.value,
            n=one.n,
            observed=one.observed,
            interval=one.interval,
            reason=one.reason,
            label=names.get(one.label, one.label),
            named=named.get(one.label),
        )
        for one in analysis.per_label
    ]


def time_points(windows: Sequence[WindowMeasure]) -> list[TimePoint]:
    points, done = [], 0
    for window in windows:
        done += window.n
        if window.value is not None and window.interval:
            points.append(TimePoint(done, window.value, *window.interval))
    return points


def grid(analysis: Analysis) -> tuple[list[str], list[GridCell]]:
    """The people who share most, and a cell for each pair of them and each with themselves."""
    by_overlap = sorted(analysis.annotators, key=lambda row: -row.n_shared)[:MOST_IN_GRID]
    names = sorted(row.name for row in by_overlap)
    inside = set(names)
    return names, [*_pair_cells(analysis.pairs, inside), *_self_cells(analysis.selves, inside)]


def _pair_cells(pairs: Sequence[PairMeasure], inside: set[str]) -> Iterator[GridCell]:
    for pair in pairs:
        if pair.a in inside and pair.b in inside and pair.value is not None:
            yield _cell(pair.a, pair.b, pair.value)
            yield _cell(pair.b, pair.a, pair.value)


def _self_cells(selves: Sequence[SelfMeasure], inside: set[str]) -> Iterator[GridCell]:
    for one in selves:
        if one.annotator in inside and one.value is not None:
            yield _cell(one.annotator, one.annotator, one.value)


def _cell(a: str, b: str, value: float) -> GridCell:
    shown = f"{value:.2f}".replace("-0.00", "0.00")
    return GridCell(a, b, value, shown.replace("0.", ".").replace("-", "\u2212"))


def questions(annotators: Sequence[AnnotatorReliability]) -> list[EffortQuestion]:
    """Signs of low effort, as questions to ask."""
    return [EffortQuestion(row.name, _question(sign)) for row in annotators for sign in row.signs]


def _question(sign: EffortSign) -> str:
    return QUESTIONS[sign.sign].format(value=sign.value, usual=sign.usual, fall=-sign.value)


def top_confidence(row: AnnotatorReliability) -> ConfidenceStep | None:
    """What a person's highest confidence is worth."""
    steps = [step for step in row.confidence.steps if step.n]
    return steps[-1] if steps else None
