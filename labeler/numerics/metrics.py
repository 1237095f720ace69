"""How well predicted distributions fit: each metric is a function of per-item sums, so that a bootstrap over items is one matrix product."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.numerics.agreement import interval_of
from labeler.numerics.arrays import Floats, Ints

LEAST = 1e-12
N_BINS = 15
Sums = Floats  # (..., n_features): weighted means over items of what an item contributes


@dataclass(frozen=True)
class Estimate:
    value: float
    interval: tuple[float, float] | None


def cross_entropy(target: Floats, predicted: Floats) -> Floats:
    """(N,) -Σ_k t_k log p_k in nats, with p ≥ 1e-12. target, predicted: (N, K).

    >>> round(float(cross_entropy(np.array([[0.4, 0.6]]), np.array([[0.55, 0.45]]))[0]), 6)
    0.718239
    """
    return np.asarray(-(target * np.log(np.clip(predicted, LEAST, 1.0))).sum(axis=1))


def manhattan(target: Floats, predicted: Floats) -> Floats:
    """(N,) Σ_k |t_k - p_k|."""
    return np.asarray(np.abs(target - predicted).sum(axis=1))


def jensen_shannon(target: Floats, predicted: Floats) -> Floats:
    """(N,) Jensen-Shannon divergence in nats, 0..log 2."""
    middle = (target + predicted) / 2
    return (_kl(target, middle) + _kl(predicted, middle)) / 2


def _kl(p: Floats, q: Floats) -> Floats:
    ratio = np.where(p > 0, p, 1.0) / np.where(p > 0, q, 1.0)
    return np.asarray((p * np.log(ratio)).sum(axis=1))


def brier(target: Floats, predicted: Floats) -> Floats:
    """(N,) Σ_k (t_k - p_k)²; with a hard target, Brier (1950)."""
    return np.asarray(((target - predicted) ** 2).sum(axis=1))


def bins_of(confidence: Floats, n_bins: int = N_BINS) -> Ints:
    """(N,) equal-width bins (lo, hi] of confidences in (0, 1]."""
    return np.asarray(np.clip(np.ceil(confidence * n_bins).astype(np.int64) - 1, 0, n_bins - 1))


def expected_calibration_error(confidence: Floats, correct: Floats, n_bins: int = N_BINS) -> float:
    """Σ_b n_b/N |mean confidence - accuracy| over equal-width bins. confidence, correct: (N,). Naeini et al. (2015).

    >>> confidence = np.array([0.95, 0.9, 0.8, 0.75, 0.6, 0.55, 0.52, 0.99, 0.85, 0.7])
    >>> correct = np.array([1.0, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    >>> round(expected_calibration_error(confidence, correct), 6)
    0.219
    """
    gap = np.bincount(bins_of(confidence, n_bins), weights=confidence - correct, minlength=n_bins)
    return float(np.abs(gap).sum() / max(1, confidence.size))


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
        "soft_cross_entropy": cross_entropy(target, predicted),
        "manhattan": manhattan(target, predicted),
        "jensen_shannon": jensen_shannon(target, predicted),
        "brier": brier(one_hot[hard], predicted),
        "nll": cross_entropy(one_hot[hard], predicted),
        "accuracy": correct,
        "gap": gap,
        "truth": one_hot[hard],
        "guess": one_hot[guess],
        "hit": one_hot[hard] * correct[:, None],
    }


def _f1(sums: dict[str, Sums]) -> Floats:
    """(..., K); a label neither there nor guessed has F1 0, as scikit-learn's zero_division=0."""
    total = sums["truth"] + sums["guess"]
    return np.asarray(np.where(total > 0, 2 * sums["hit"] / np.where(total > 0, total, 1.0), 0.0))


def _macro_f1(sums: dict[str, Sums]) -> Floats:
    """Mean over labels that are there or were guessed."""
    seen = (sums["truth"] + sums["guess"]) > 0
    return np.asarray((_f1(sums) * seen).sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1))


def _weighted_f1(sums: dict[str, Sums]) -> Floats:
    return np.asarray((_f1(sums) * sums["truth"]).sum(axis=-1))


FROM_SUMS: dict[str, Callable[[dict[str, Sums]], Floats]] = {
    "soft_cross_entropy": lambda sums: sums["soft_cross_entropy"][..., 0],
    "macro_f1": _macro_f1,
    "micro_f1": lambda sums: sums["accuracy"][..., 0],
    "weighted_f1": _weighted_f1,
    "accuracy": lambda sums: sums["accuracy"][..., 0],
    "ece": lambda sums: np.asarray(np.abs(sums["gap"]).sum(axis=-1)),
    "brier": lambda sums: sums["brier"][..., 0],
    "nll": lambda sums: sums["nll"][..., 0],
    "jensen_shannon": lambda sums: sums["jensen_shannon"][..., 0],
    "manhattan": lambda sums: sums["manhattan"][..., 0],
}


def evaluate(target: Floats, hard: Ints, predicted: Floats, rng: np.random.Generator, n_resamples: int = 1000) -> dict[str, Estimate]:
    """Every metric with its 95 % bootstrap interval over items. target, predicted: (N, K); hard: (N,) label codes.

    Raises ValueError on an empty split: a metric of nothing is not 0.
    """
    if hard.size == 0:
        raise ValueError("there is no item to evaluate on")
    blocks = {name: block.reshape(hard.size, -1) for name, block in _features(target, hard, predicted).items()}
    weights = rng.multinomial(hard.size, np.full(hard.size, 1.0 / hard.size), size=n_resamples) / hard.size
    whole = {name: block.mean(axis=0) for name, block in blocks.items()}
    draws = {name: weights @ block for name, block in blocks.items()}
    return {name: Estimate(float(metric(whole)), interval_of(metric(draws))) for name, metric in FROM_SUMS.items()}


@dataclass(frozen=True)
class Difference:
    """Mean of first - second over items, its paired bootstrap interval, and the two-sided permutation p-value."""

    difference: float
    interval: tuple[float, float]
    p_value: float


def paired_difference(first: Floats, second: Floats, rng: np.random.Generator, n_resamples: int = 2000) -> Difference:
    """Compare two models by a per-item loss on the same items. first, second: (N,).

    >>> paired_difference(np.ones(50), np.zeros(50), np.random.default_rng(0)).difference
    1.0
    """
    gap = first - second
    weights = rng.multinomial(gap.size, np.full(gap.size, 1.0 / gap.size), size=n_resamples) / gap.size
    low, high = np.quantile(weights @ gap, [0.025, 0.975])
    signs = rng.choice(np.array([-1.0, 1.0]), size=(n_resamples, gap.size))
    extreme = np.abs(signs @ gap / gap.size) >= abs(gap.mean()) - 1e-15
    return Difference(float(gap.mean()), (float(low), float(high)), float((extreme.sum() + 1) / (n_resamples + 1)))
