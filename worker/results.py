"""What trainings, models and their comparisons come to, as records: what rows store and what
commands and programs read.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True)
class MetricEstimate:
    """`value` and `interval` (low, high; 95 %), None where they are undefined."""

    value: float | None
    interval: tuple[float, float] | None


# as worker.models.Job.Status has them
JobStatus = Literal["queued", "running", "cancelling", "succeeded", "failed", "cancelled"]
Metrics = dict[str, dict[str, MetricEstimate]]  # split → metric


@dataclass(frozen=True)
class ComparisonReport:
    """A model against whoever served (`champion`: its number, None for the class prior) on one
    test split; `difference` in `metric`, negative where the model is better.
    """

    champion: int | None
    interval: tuple[float, float] | None
    metric: str
    difference: float | None
    p_value: float | None
    n_items: int
    n_texts: int
    is_better: bool
    reason: str


@dataclass(frozen=True)
class RunReport:
    """A training: how far it is, or what came of it."""

    run: UUID
    status: JobStatus
    reason: str
    progress: dict[str, object]
    model_version: int | None
    learner: str
    objective: str
    weights: str
    seed: int
    dataset: int
    metrics: Metrics | None
    comparison: ComparisonReport | None
    is_serving: bool
    seconds: float | None
    trainable_parameters: int | None
    total_parameters: int | None
    peak_memory_bytes: int | None
    device: str | None
    temperature: float | None


@dataclass(frozen=True)
class PromotionReport:
    model_version: int
    reason: str


@dataclass(frozen=True)
class Prediction:
    """`distribution`: label → probability; `entropy` in nats; `confidence`: how sure the model is
    of `label`.
    """

    distribution: dict[str, float]
    label: str
    entropy: float
    confidence: float


@dataclass(frozen=True)
class PredictionsReport:
    model_version: int
    predictions: list[Prediction]
