"""What is worked out of a project's answers, as records: what a run stores, and what pages,
commands and programs read.
"""

from dataclasses import dataclass

from labeler.numerics.agreement.groups import Change
from labeler.numerics.agreement.measure import Measure
from labeler.numerics.planning.saturation import Point


@dataclass(frozen=True, kw_only=True)
class CoefficientMeasure(Measure):
    """`metric`: its name in numerics.agreement.overall."""

    metric: str


@dataclass(frozen=True, kw_only=True)
class LabelMeasure(Measure):
    """Agreement on one label against all others."""

    label: str


@dataclass(frozen=True, kw_only=True)
class WindowMeasure(Measure):
    """Agreement on items finished one after another. Days since 1970."""

    first_day: float
    last_day: float


@dataclass(frozen=True, kw_only=True)
class PairMeasure(Measure):
    """Agreement of the annotators `a` and `b`."""

    a: str
    b: str


@dataclass(frozen=True, kw_only=True)
class SelfMeasure(Measure):
    """Agreement of one annotator with themselves; `gap_days`: median time between both answers."""

    annotator: str
    gap_days: float | None


@dataclass(frozen=True)
class BothChoices:
    """Agreement on what was named first or second."""

    masi: Measure
    per_label: list[LabelMeasure]


@dataclass(frozen=True)
class SharedErrors:
    """`correlation` of two people's errors; the answers an item are worth `n_effective`
    independent ones.
    """

    correlation: float
    n_effective: float


@dataclass(frozen=True)
class Components:
    """`n_components` groups that share too few items with each other; `strength` as in
    numerics.independence.
    """

    n_components: int
    strength: float | None


@dataclass(frozen=True)
class ConfidenceStep:
    """Answers given with one confidence: how often another person says the same (`share`, with its
    interval), and what the step would be if people knew how sure they are (`expected`).
    """

    confidence: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    expected: float


@dataclass(frozen=True)
class ConfidenceCurve:
    steps: list[ConfidenceStep]
    brier: float | None
    ece: float | None


@dataclass(frozen=True)
class EffortSign:
    """A sign that somebody may not be reading; fields as in numerics.effort."""

    sign: str
    value: float
    usual: float
    n: int


@dataclass(frozen=True)
class AnnotatorReliability:
    """`reliability` (mean 1) with its interval, from agreement with others (`inter`) and with
    themselves (`intra`); `state`: counted or not-enough-overlap.
    """

    name: str
    reliability: float
    interval: tuple[float, float] | None
    inter: float | None
    intra: float | None
    n_shared: int
    n_repeated: int
    gap_days: float | None
    state: str
    confidence: ConfidenceCurve
    signs: list[EffortSign]


@dataclass(frozen=True)
class Analysis:
    """Everything about agreement and reliability. `overall`: Krippendorff's alpha; `pairs`:
    those of the `n_pairs` that share most.
    """

    level: str
    n_items: int
    n_annotators: int
    n_annotations: int
    n_repeats: int
    answers_per_item: float
    overall: Measure
    coefficients: list[CoefficientMeasure]
    per_label: list[LabelMeasure]
    both_choices: BothChoices | None
    over_time: list[WindowMeasure]
    guideline_change: Change | None
    pairs: list[PairMeasure]
    n_pairs: int
    selves: list[SelfMeasure]
    annotators: list[AnnotatorReliability]
    mean_inter: float | None
    mean_intra: float | None
    sweeps: int
    converged: bool
    confidence: ConfidenceCurve
    independence: SharedErrors | None
    connectedness: Components
    saturation: dict[str, list[Point]]


@dataclass(frozen=True)
class AgreementReport:
    """`agreement --json`: `value`, `interval` and `reason` are Krippendorff's alpha of everybody,
    `pair_metric` is what pairs are measured by; the rest as in Analysis.
    """

    metric: str
    pair_metric: str
    level: str
    value: float | None
    interval: tuple[float, float] | None
    n_items: int
    n_annotators: int
    n_annotations: int
    reason: str | None
    pairs: list[PairMeasure]
    intra: list[SelfMeasure]
    coefficients: list[CoefficientMeasure]
    per_label: list[LabelMeasure]
    both_choices: BothChoices | None
    over_time: list[WindowMeasure]
    guideline_change: Change | None
    answers_per_item: float
    independence: SharedErrors | None
    connectedness: Components
    saturation: dict[str, list[Point]]
    n_pairs: int
    digest: str


@dataclass(frozen=True)
class DatasetReport:
    """A frozen dataset; `splits`: rows in each."""

    id: int
    content_hash: str
    n_rows: int
    splits: dict[str, int]
    recipe: dict[str, object]


@dataclass(frozen=True)
class PairAgreement:
    a: str
    b: str
    n: int
    agreement: float | None
    interval: tuple[float, float] | None
    reason: str | None


@dataclass(frozen=True)
class ReliabilityReport:
    """`reliability --json`: everybody's reliability, the pairs it rests on, and the settings."""

    annotators: list[AnnotatorReliability]
    pairs: list[PairAgreement]
    alpha: float
    normalise: str
    min_overlap: int
    metric: str
    sweeps: int
    converged: bool
    mean_inter: float | None
    mean_intra: float | None
    digest: str
