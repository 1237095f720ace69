"""Between two distributions over labels, item by item. target, predicted: (N, K) -> (N,)."""

import numpy as np

from labeler.numerics.arrays import Floats
from labeler.numerics.soft_labels import entropy

LEAST = 1e-12


def cross_entropy(target: Floats, predicted: Floats) -> Floats:
    """(N,) -Σ_k t_k log p_k in nats, with p ≥ 1e-12.

    >>> round(float(cross_entropy(np.array([[0.4, 0.6]]), np.array([[0.55, 0.45]]))[0]), 6)
    0.718239
    """
    return np.asarray(-(target * np.log(np.clip(predicted, LEAST, 1.0))).sum(axis=1))


def lewidi_cross_entropy(target: Floats, predicted: Floats) -> Floats:
    """(N,) as the scorer of SemEval-2023 Task 11: -Σ_k t_k log(clip(p_k, 1e-12, 1 - 1e-12) +
    1e-9). Leonardelli et al. (2023).
    """
    return np.asarray(-(target * np.log(np.clip(predicted, LEAST, 1.0 - LEAST) + 1e-9)).sum(axis=1))


def kullback_leibler(target: Floats, predicted: Floats) -> Floats:
    """(N,) Σ_k t_k log(t_k/p_k) in nats, with p ≥ 1e-12.

    >>> round(float(kullback_leibler(np.array([[0.4, 0.6]]), np.array([[0.55, 0.45]]))[0]), 6)
    0.045228
    """
    return np.asarray(cross_entropy(target, predicted) - entropy(target))


def manhattan(target: Floats, predicted: Floats) -> Floats:
    """(N,) Σ_k |t_k - p_k|."""
    return np.asarray(np.abs(target - predicted).sum(axis=1))


def wasserstein(target: Floats, predicted: Floats) -> Floats:
    """(N,) what must be carried how many steps along an ordinal scale: Σ_k |difference of the
    cumulated shares|.

    >>> a = np.array([[0, 0.34, 0.33, 0, 0.165, 0.165]])
    >>> b = np.array([[0.1, 0.2, 0.3, 0.2, 0.1, 0.1]])
    >>> round(float(wasserstein(a, b)[0]), 6)
    0.405
    """
    return np.asarray(np.abs(np.cumsum(target - predicted, axis=1)[:, :-1]).sum(axis=1))


def jensen_shannon(target: Floats, predicted: Floats) -> Floats:
    """(N,) Jensen-Shannon divergence in nats, 0..log 2. Lin (1991)."""
    middle = (target + predicted) / 2
    return (_to(target, middle) + _to(predicted, middle)) / 2


def _to(p: Floats, q: Floats) -> Floats:
    ratio = np.where(p > 0, p, 1.0) / np.where(p > 0, q, 1.0)
    return np.asarray((p * np.log(ratio)).sum(axis=1))


def brier(target: Floats, predicted: Floats) -> Floats:
    """(N,) Σ_k (t_k - p_k)²; with a hard target, Brier (1950)."""
    return np.asarray(((target - predicted) ** 2).sum(axis=1))


def soft_accuracy(target: Floats, predicted: Floats) -> Floats:
    """(N,) Σ_k min(t_k, p_k); with one label an item, 1 - Manhattan/2. Kurniawan et al. (2025)."""
    return np.asarray(np.minimum(target, predicted).sum(axis=1))


def multilabel_manhattan(target: Floats, predicted: Floats) -> Floats:
    """(N,) mean over labels of |t - p| summed over yes and no, for marginals (N, K): LeWiDi
    2025's MAMD.
    """
    return np.asarray(2 * np.abs(target - predicted).mean(axis=1))


def soft_f1(target: Floats, predicted: Floats) -> tuple[float, float]:
    """(micro, macro) over all items: 2 Σ min(t, p)/Σ (t + p), overall and per label. Kurniawan et
    al. (2025).

    >>> [round(value, 6) for value in soft_f1(np.array([[0.4, 0.6]]), np.array([[0.55, 0.45]]))][0]
    0.85
    """
    overlap, total = 2 * np.minimum(target, predicted).sum(axis=0), (target + predicted).sum(axis=0)
    each = np.where(total > 0, overlap / np.where(total > 0, total, 1.0), 0.0)
    return float(overlap.sum() / total.sum()), float(each.mean())


def entropy_correlation(target: Floats, predicted: Floats) -> float | None:
    """Pearson's correlation of the items' entropies: does the model doubt where people do? None
    where either never varies.
    """
    both = entropy(target), entropy(predicted)
    if min(one.std() for one in both) < LEAST:
        return None
    return float(np.corrcoef(*both)[0, 1])
