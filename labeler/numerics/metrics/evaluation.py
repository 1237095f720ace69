"""Every metric of a model at once, with intervals. What is a function of per-item sums is one
matrix product a bootstrap.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Floats, Ints
from labeler.numerics.given import expect_distributions, expect_range
from labeler.numerics.intervals import interval_of
from labeler.numerics.metrics import calibration_errors, distances, selective
from labeler.numerics.metrics.calibration_errors import N_BINS, bins_of

Sums = Floats  # (..., n_features): weighted means over items of what an item contributes
N_RESAMPLES_SLOW = 200  # of metrics that need the items themselves
# beyond it their intervals are left out: sorting each draw would take minutes
MOST_ITEMS_SLOW = 20_000


@dataclass(frozen=True)
class Estimate:
    """`value` is None where a metric is not defined, such as a ranking of right above wrong when
    nothing is wrong.
    """

    value: float | None
    interval: tuple[float, float] | None


def _features(target: Floats, hard: Ints, predicted: Floats) -> dict[str, Floats]:
    """Per item, what each metric sums: (N,) or (N, n) blocks."""
    n_labels = target.shape[1]
    guess = predicted.argmax(axis=1)
    correct = (guess == hard).astype(np.float64)
    one_hot = np.eye(n_labels)
    confidence = predicted.max(axis=1)
    gap = np.zeros((hard.size, N_BINS))
    gap[np.arange(hard.size), bins_of(confidence)] = confidence - correct
    return {
        "soft_cross_entropy": distances.cross_entropy(target, predicted),
        "kullback_leibler": distances.kullback_leibler(target, predicted),
        "manhattan": distances.manhattan(target, predicted),
        "jensen_shannon": distances.jensen_shannon(target, predicted),
        "wasserstein": distances.wasserstein(target, predicted),
        "brier": distances.brier(one_hot[hard], predicted),
        "nll": distances.cross_entropy(one_hot[hard], predicted),
        "accuracy": correct,
        "gap": gap,
        "truth": one_hot[hard],
        "guess": one_hot[guess],
        "hit": one_hot[hard] * correct[:, None],
        "overlap": 2 * np.minimum(target, predicted),
        "both": target + predicted,
    }


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0))


def _f1(sums: dict[str, Sums]) -> Floats:
    """(..., K); a label neither there nor guessed has F1 0, as scikit-learn's zero_division=0."""
    return _ratio(2 * sums["hit"], sums["truth"] + sums["guess"])


def _macro_f1(sums: dict[str, Sums]) -> Floats:
    """Mean over labels that are there or were guessed."""
    seen = (sums["truth"] + sums["guess"]) > 0
    return np.asarray((_f1(sums) * seen).sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1))


FROM_SUMS: dict[str, Callable[[dict[str, Sums]], Floats]] = {
    "soft_cross_entropy": lambda sums: sums["soft_cross_entropy"][..., 0],
    "macro_f1": _macro_f1,
    "micro_f1": lambda sums: sums["accuracy"][..., 0],
    "weighted_f1": lambda sums: np.asarray((_f1(sums) * sums["truth"]).sum(axis=-1)),
    "accuracy": lambda sums: sums["accuracy"][..., 0],
    "ece": lambda sums: np.asarray(np.abs(sums["gap"]).sum(axis=-1)),
    "brier": lambda sums: sums["brier"][..., 0],
    "nll": lambda sums: sums["nll"][..., 0],
    "jensen_shannon": lambda sums: sums["jensen_shannon"][..., 0],
    "manhattan": lambda sums: sums["manhattan"][..., 0],
    "kullback_leibler": lambda sums: sums["kullback_leibler"][..., 0],
    "wasserstein": lambda sums: sums["wasserstein"][..., 0],
    "soft_accuracy": lambda sums: sums["overlap"].sum(axis=-1) / 2,
    "soft_micro_f1": lambda sums: _ratio(sums["overlap"].sum(axis=-1), sums["both"].sum(axis=-1)),
    "soft_macro_f1": lambda sums: _ratio(sums["overlap"], sums["both"]).mean(axis=-1),
}


@dataclass(frozen=True)
class Judged:
    """target, predicted: (N, K)
    confidence: (N,) the top probability
    correct: (N,) 0 or 1
    """

    target: Floats
    predicted: Floats
    confidence: Floats
    correct: Floats

    def of(self, rows: Ints) -> "Judged":
        return Judged(
            self.target[rows], self.predicted[rows], self.confidence[rows], self.correct[rows]
        )


FROM_ITEMS: dict[str, Callable[[Judged], float | None]] = {
    "adaptive_ece": lambda on: calibration_errors.adaptive_calibration_error(
        on.confidence, on.correct
    ),
    "rms_calibration_error": lambda on: calibration_errors.rms_calibration_error(
        on.confidence, on.correct
    ),
    "smooth_ece": lambda on: calibration_errors.smooth_calibration_error(on.confidence, on.correct),
    "misclassification_auroc": lambda on: selective.misclassification_auroc(
        on.confidence, on.correct
    ),
    "risk_coverage_area": lambda on: selective.risk_coverage(on.confidence, on.correct).area,
    "entropy_correlation": lambda on: distances.entropy_correlation(on.target, on.predicted),
}


def evaluate(
    target: Floats, hard: Ints, predicted: Floats, rng: np.random.Generator, n_resamples: int = 1000
) -> dict[str, Estimate]:
    """Every metric with its 95 % bootstrap interval over items.

    target, predicted: (N, K)
    hard: (N,) label codes

    Beyond MOST_ITEMS_SLOW items those that need every item drawn again come without one.
    Wasserstein's distance means something only where the labels have an order. Raises ValueError on
    an empty split, a metric of nothing is not 0, and for rows that are no distributions.

    >>> predicted, rng = np.array([[0.9, 0.1], [0.6, 0.4]]), np.random.default_rng(0)
    >>> found = evaluate(np.eye(2), np.array([0, 1]), predicted, rng)
    >>> found["accuracy"].value, round(found["soft_cross_entropy"].value, 6)
    (0.5, 0.510826)
    """
    if hard.size == 0:
        raise ValueError("there is no item to evaluate on")
    if not target.shape == predicted.shape == (hard.size, target.shape[1]):
        raise ValueError(
            "target and predicted have a row an item and a column a label, but their shapes are"
            f" {target.shape} and {predicted.shape}"
        )
    expect_range("hard", hard, 0, target.shape[1] - 1)
    expect_distributions("target", target)
    expect_distributions("predicted", predicted)
    blocks = {
        name: block.reshape(hard.size, -1)
        for name, block in _features(target, hard, predicted).items()
    }
    weights = (
        rng.multinomial(hard.size, np.full(hard.size, 1.0 / hard.size), size=n_resamples)
        / hard.size
    )
    whole = {name: block.mean(axis=0) for name, block in blocks.items()}
    draws = {name: weights @ block for name, block in blocks.items()}
    estimates = {
        name: Estimate(float(metric(whole)), interval_of(metric(draws)))
        for name, metric in FROM_SUMS.items()
    }
    confidence, guess = predicted.max(axis=1), predicted.argmax(axis=1)
    return estimates | _from_items(
        Judged(target, predicted, confidence, (guess == hard).astype(np.float64)), rng
    )


def _from_items(judged: Judged, rng: np.random.Generator) -> dict[str, Estimate]:
    n = judged.correct.size
    n_draws = N_RESAMPLES_SLOW if n <= MOST_ITEMS_SLOW else 0
    drawn = [judged.of(rng.integers(0, n, n)) for _ in range(n_draws)]
    estimates = {}
    for name, metric in FROM_ITEMS.items():
        values = np.array([np.nan if (value := metric(one)) is None else value for one in drawn])
        estimates[name] = Estimate(metric(judged), interval_of(values) if n_draws else None)
    return estimates
