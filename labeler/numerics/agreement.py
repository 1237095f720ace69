"""Chance-corrected agreement. A measure that is not defined says so and why; it is never nan, 0 or 1 in disguise."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Floats, Ints
from labeler.numerics.counts import coincidences

NO_OVERLAP = "no item was answered twice"
NO_VARIATION = "every answer is the same label, so chance alone would agree as well"
METRICS = ("krippendorff", "cohen")


@dataclass(frozen=True)
class Measure:
    """`value` and `interval` (low, high; 95 %) or None with the `reason`; `n` items it rests on; `observed` = share of equal answers."""

    value: float | None
    n: int
    observed: float | None = None
    interval: tuple[float, float] | None = None
    reason: str | None = None


def alpha_of_coincidences(matrix: Floats) -> Floats:
    """Krippendorff's alpha, nominal, of coincidence matrices (..., K, K) -> (...). nan where expected disagreement is 0.

    alpha = 1 - Do/De with Do = n - trace, De = (n² - Σ n_c²)/(n - 1). Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.

    >>> round(float(alpha_of_coincidences(np.array([[4.0, 1, 2], [1, 6, 0], [2, 0, 4]]))), 6)
    0.571429
    """
    margins = matrix.sum(axis=-1)
    n = margins.sum(axis=-1)
    disagreement = n - np.trace(matrix, axis1=-2, axis2=-1)
    expected = n**2 - (margins**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected > 0, 1.0 - (n - 1.0) * disagreement / expected, np.nan))


def kappa_of_counts(counts: Floats) -> Floats:
    """Cohen's kappa, unweighted, of two people's contingency tables (..., K, K) -> (...). nan where chance agreement is 1.

    kappa = (po - pe)/(1 - pe). Cohen (1960), eq. 1.

    >>> round(float(kappa_of_counts(np.array([[2.0, 1, 1], [0, 3, 0], [1, 0, 2]]))), 6)
    0.552239
    """
    n = counts.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.trace(counts, axis1=-2, axis2=-1) / n
        chance = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1) / n**2
        return np.asarray(np.where(chance < 1.0, (observed - chance) / (1.0 - chance), np.nan))


def pair_alpha(counts: Floats) -> Floats:
    """Nominal alpha of two people from contingency tables (..., K, K) -> (...)."""
    return alpha_of_coincidences(counts + np.swapaxes(counts, -1, -2))


PAIR_METRICS = {"krippendorff": pair_alpha, "cohen": kappa_of_counts}


def pair_measure(counts: Ints, metric: str, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Agreement of two people (or of one with their earlier self) from a contingency table (K, K), with a bootstrap interval.

    Items are resampled; since an item enters only through its cell, that is a multinomial draw over the cells.

    >>> pair_measure(np.array([[2, 0], [0, 0]]), "cohen", np.random.default_rng(0)).reason
    'every answer is the same label, so chance alone would agree as well'
    """
    n = int(counts.sum())
    if n == 0:
        return Measure(None, 0, reason=NO_OVERLAP)
    table = counts.astype(np.float64)
    observed = float(np.trace(table) / n)
    value = float(PAIR_METRICS[metric](table))
    if np.isnan(value):
        return Measure(None, n, observed, reason=NO_VARIATION)
    draws = rng.multinomial(n, (table / n).ravel(), size=n_resamples).reshape(n_resamples, *table.shape)
    return Measure(value, n, observed, interval_of(PAIR_METRICS[metric](draws.astype(np.float64))))


def overall_alpha(counts: Ints, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Nominal alpha of any number of people from label counts (N, K), with a bootstrap interval over items.

    Items with the same counts are interchangeable, so the draw is over the distinct rows of `counts`.

    >>> overall_alpha(np.array([[2, 0], [1, 1], [0, 2]]), np.random.default_rng(0)).n
    3
    """
    paired = counts[counts.sum(axis=1) >= 2]
    n = int(paired.shape[0])
    if n == 0:
        return Measure(None, 0, reason=NO_OVERLAP)
    patterns, times = np.unique(paired, axis=0, return_counts=True)
    each = np.stack([coincidences(pattern[None, :]) for pattern in patterns])
    matrix = np.tensordot(times.astype(np.float64), each, axes=1)
    observed = float(np.trace(matrix) / matrix.sum())
    value = float(alpha_of_coincidences(matrix))
    if np.isnan(value):
        return Measure(None, n, observed, reason=NO_VARIATION)
    draws = rng.multinomial(n, times / n, size=n_resamples).astype(np.float64)
    return Measure(value, n, observed, interval_of(alpha_of_coincidences(np.tensordot(draws, each, axes=1))))


def interval_of(draws: Floats, level: float = 0.95) -> tuple[float, float] | None:
    """The middle `level` of the defined draws (percentile bootstrap), None when fewer than half are defined."""
    defined = draws[np.isfinite(draws)]
    if defined.size * 2 < draws.size:
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
