"""Whether one model is better than another on the same items, beyond the draw of items."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Floats
from labeler.numerics.intervals import interval_of

SAME = 1 - 1e-9  # sums in another order differ in their last digits


@dataclass(frozen=True)
class Difference:
    """Mean of first - second over items, its paired bootstrap interval, and the two-sided
    permutation p-value.
    """

    difference: float
    interval: tuple[float, float]
    p_value: float


def paired_difference(
    first: Floats, second: Floats, rng: np.random.Generator, n_resamples: int = 2000
) -> Difference:
    """Compare two models by a per-item loss on the same items.

    first, second: (N,)

    >>> paired_difference(np.ones(50), np.zeros(50), np.random.default_rng(0)).difference
    1.0
    """
    gap = first - second
    weights = (
        rng.multinomial(gap.size, np.full(gap.size, 1.0 / gap.size), size=n_resamples) / gap.size
    )
    low, high = np.quantile(weights @ gap, [0.025, 0.975])
    signs = rng.choice(np.array([-1.0, 1.0]), size=(n_resamples, gap.size))
    extreme = np.abs(signs @ gap / gap.size) >= abs(gap.mean()) * SAME
    return Difference(
        float(gap.mean()), (float(low), float(high)), float((extreme.sum() + 1) / (n_resamples + 1))
    )


Score = Callable[[Floats, Floats], float | None]


def paired_score_difference(
    score: Score,
    target: Floats,
    first: Floats,
    second: Floats,
    rng: np.random.Generator,
    n_resamples: int = 1000,
) -> Difference:
    """Compare two models by a score that is no mean over items, such as macro F1 or a calibration
    error.

    score: (target, predicted) -> float; target, first, second: arrays with N rows

    Items are drawn for both models together; in the permutation test each item's two predictions
    change sides by a coin. Raises ValueError where the score is undefined on all items.
    """
    n = first.shape[0]
    whole = _gap(score, target, first, second)
    if np.isnan(whole):
        raise ValueError("the score is undefined on these items")
    boot = np.array(
        [
            _gap(score, target[i], first[i], second[i])
            for i in (rng.integers(0, n, n) for _ in range(n_resamples))
        ]
    )
    swapped = []
    for _ in range(n_resamples):
        coin = np.asarray(rng.random(n) < 0.5).reshape(n, *[1] * (first.ndim - 1))
        swapped.append(
            _gap(score, target, np.where(coin, second, first), np.where(coin, first, second))
        )
    defined = np.array(swapped)[np.isfinite(swapped)]
    extreme = np.abs(defined) >= abs(whole) * SAME
    return Difference(
        whole,
        interval_of(boot) or (np.nan, np.nan),
        float((extreme.sum() + 1) / (defined.size + 1)),
    )


def _gap(score: Score, target: Floats, first: Floats, second: Floats) -> float:
    one, other = score(target, first), score(target, second)
    return float("nan") if one is None or other is None else one - other
