from dataclasses import dataclass

from worker.models import Comparison, ModelVersion, TrainingRun
from worker.results import Metrics

NAMES = {
    "soft_cross_entropy": (
        "Soft cross-entropy",
        "distance from people's distribution of labels; lower is better",
    ),
    "accuracy": (
        "Accuracy",
        "share of items where the most probable label is the one people chose most",
    ),
    "macro_f1": ("Macro F1", "every label counts the same, rare ones too"),
    "micro_f1": ("Micro F1", "every item counts the same; equal to accuracy here"),
    "weighted_f1": ("Weighted F1", "labels count by how often they occur"),
    "ece": (
        "Calibration error",
        "gap between how sure the model is and how often it is right; lower is better",
    ),
    "brier": ("Brier score", "squared error of the probabilities; lower is better"),
    "nll": ("Log loss on hard labels", "lower is better"),
    "jensen_shannon": (
        "Jensen-Shannon",
        "distance from people's distribution, bounded; lower is better",
    ),
    "manhattan": ("Manhattan", "sum of differences in probability; lower is better"),
}


@dataclass(frozen=True)
class MetricRow:
    name: str
    meaning: str
    value: float | None
    interval: tuple[float, float] | None
    validation: float | None


@dataclass(frozen=True)
class ModelRow:
    """`may_serve`: shown to be better than the one that serves now."""

    version: ModelVersion
    comparison: Comparison | None
    may_serve: bool


def metric_rows(metrics: Metrics) -> list[MetricRow]:
    test, validation = metrics["test"], metrics["validation"]
    return [
        MetricRow(name, meaning, test[key].value, test[key].interval, validation[key].value)
        for key, (name, meaning) in NAMES.items()
        if key in test
    ]


def progress_share(run: TrainingRun) -> float | None:
    """How far a running training is, 0 to 1; None while that is not known."""
    share: float | None = run.job.progress.get("share")
    return share
