"""The coefficients themselves, from counts. Leading axes are free, so that thousands of pairs or
bootstrap draws are one call.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.numerics.agreement.distances import agreement_weights, squared_distance
from labeler.numerics.arrays import Floats

NOTHING = 1e-12  # a chance of agreeing this near to 1 leaves nothing to correct


def corrected(observed: Floats, chance: Floats) -> Floats:
    """(po - pe)/(1 - pe); nan where chance alone agrees always."""
    room = 1.0 - chance
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(
                room > NOTHING, (observed - chance) / np.where(room > NOTHING, room, 1.0), np.nan
            )
        )


def alpha_of_coincidences(
    matrix: Floats, level: str = "nominal", values: Floats | None = None
) -> Floats:
    """Krippendorff's alpha of coincidence matrices (..., K, K) -> (...). nan where expected
    disagreement is 0.

    alpha = 1 - (n - 1) Σ o_kl δ²_kl / Σ n_k n_l δ²_kl. Krippendorff (2011), Computing
    Krippendorff's Alpha-Reliability.

    >>> round(float(alpha_of_coincidences(np.array([[4.0, 1, 2], [1, 6, 0], [2, 0, 4]]))), 6)
    0.571429
    """
    return alpha_with(matrix, squared_distance(level, matrix.sum(axis=-1), values))


def alpha_with(matrix: Floats, distance: Floats) -> Floats:
    """Alpha of coincidence matrices (..., K, K) under any δ² (..., K, K); nan where expected
    disagreement is 0.

    >>> both = np.array([[4.0, 1, 2], [1, 6, 0], [2, 0, 4]])
    >>> bool(alpha_with(both, 1 - np.eye(3)) == alpha_of_coincidences(both))
    True
    """
    margins = matrix.sum(axis=-1)
    observed = (matrix * distance).sum(axis=(-2, -1))
    expected = (margins[..., :, None] * margins[..., None, :] * distance).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(expected > 0, 1.0 - (margins.sum(axis=-1) - 1.0) * observed / expected, np.nan)
        )


def alpha_of_table(table: Floats, level: str, values: Floats | None) -> Floats:
    """Alpha of two people from contingency tables (..., K, K) -> (...)."""
    return alpha_of_coincidences(table + np.swapaxes(table, -1, -2), level, values)


def _shares(table: Floats) -> Floats:
    n = table.sum(axis=(-2, -1), keepdims=True)
    return np.asarray(table / np.where(n > 0, n, np.nan))


def _weighted(table: Floats, level: str, values: Floats | None) -> tuple[Floats, Floats]:
    share, weights = _shares(table), agreement_weights(level, table.shape[-1], values)
    return share, np.asarray((share * weights).sum(axis=(-2, -1)))


def kappa_of_table(table: Floats, level: str = "nominal", values: Floats | None = None) -> Floats:
    """Cohen's kappa, weighted when the level is not nominal, of contingency tables (..., K, K) ->
    (...). Cohen (1960, 1968).

    >>> round(float(kappa_of_table(np.array([[2.0, 1, 1], [0, 3, 0], [1, 0, 2]]))), 6)
    0.552239
    """
    share, observed = _weighted(table, level, values)
    weights = agreement_weights(level, table.shape[-1], values)
    chance = np.einsum("...k,kl,...l->...", share.sum(axis=-1), weights, share.sum(axis=-2))
    return corrected(observed, chance)


def scott_of_table(table: Floats, level: str = "nominal", values: Floats | None = None) -> Floats:
    """Scott's pi (1955): chance from the labels both used together; for two people Fleiss' kappa is
    the same. (..., K, K) -> (...).

    >>> round(float(scott_of_table(np.array([[2.0, 1, 1], [0, 3, 0], [1, 0, 2]]))), 6)
    0.548872
    """
    share, observed = _weighted(table, level, values)
    used = (share.sum(axis=-1) + share.sum(axis=-2)) / 2
    chance = np.einsum(
        "...k,kl,...l->...", used, agreement_weights(level, table.shape[-1], values), used
    )
    return corrected(observed, chance)


def gwet_chance(prevalence: Floats, weights: Floats) -> Floats:
    """pe = T_w/(K(K-1)) Σ π_k(1 - π_k), T_w the sum of the weights. Gwet (2008), eq. 6; (2014),
    eq. 4.4.5. (..., K) -> (...).
    """
    n_labels = weights.shape[0]
    if n_labels < 2:
        return np.ones(prevalence.shape[:-1])
    return np.asarray(
        weights.sum() / (n_labels * (n_labels - 1)) * (prevalence * (1.0 - prevalence)).sum(axis=-1)
    )


def gwet_of_table(table: Floats, level: str = "nominal", values: Floats | None = None) -> Floats:
    """Gwet's AC1, or AC2 when the level is not nominal: holds where one label is rare. (..., K,
    K) -> (...).
    """
    share, observed = _weighted(table, level, values)
    prevalence = (share.sum(axis=-1) + share.sum(axis=-2)) / 2
    return corrected(
        observed, gwet_chance(prevalence, agreement_weights(level, table.shape[-1], values))
    )


def randolph_of_table(
    table: Floats, level: str = "nominal", values: Floats | None = None
) -> Floats:
    """Randolph's free-marginal kappa (2005): chance is uniform over the labels. (..., K, K) ->
    (...).

    >>> round(float(randolph_of_table(np.array([[2.0, 1, 1], [0, 3, 0], [1, 0, 2]]))), 6)
    0.55
    """
    _, observed = _weighted(table, level, values)
    return corrected(
        observed,
        np.broadcast_to(agreement_weights(level, table.shape[-1], values).mean(), observed.shape),
    )


def percent_of_table(table: Floats, level: str = "nominal", values: Floats | None = None) -> Floats:
    """The share of equal answers, at whatever level, nothing taken off for chance. (..., K, K)
    -> (...).
    """
    return _weighted(table, "nominal", values)[1]


OfTable = Callable[[Floats, str, Floats | None], Floats]
OF_TABLE: dict[str, OfTable] = {
    "krippendorff": alpha_of_table,
    "cohen": kappa_of_table,
    "scott": scott_of_table,
    "fleiss": scott_of_table,
    "gwet": gwet_of_table,
    "randolph": randolph_of_table,
    "percent": percent_of_table,
}


@dataclass(frozen=True)
class Sums:
    """What the coefficients of many people are made of; every array may have leading axes.

    matrix: (..., K, K) coincidences
    agreeing: (..., K, K) Σ_i pairs/(m(m-1))
    prevalence: (..., K) Σ_i n_ik/m over answered items
    n_paired: (...) items with at least two answers
    """

    matrix: Floats
    agreeing: Floats
    prevalence: Floats
    n_paired: Floats


def _observed(sums: Sums, weights: Floats) -> Floats:
    return np.asarray(
        (sums.agreeing * weights).sum(axis=(-2, -1))
        / np.where(sums.n_paired > 0, sums.n_paired, np.nan)
    )


def _per(part: Floats) -> Floats:
    total = part.sum(axis=-1, keepdims=True)
    return np.asarray(part / np.where(total > 0, total, np.nan))


def alpha(sums: Sums, level: str, values: Floats | None) -> Floats:
    return alpha_of_coincidences(sums.matrix, level, values)


def scott(sums: Sums, level: str, values: Floats | None) -> Floats:
    """Scott's pi for any number of people: alpha without its correction for few answers."""
    return scott_of_table(sums.matrix, level, values)


def fleiss(sums: Sums, level: str, values: Floats | None) -> Floats:
    """Fleiss (1971); for items with different numbers of answers as Gwet (2014), chapter 2:
    labels as common as in the mean item.
    """
    weights, used = (
        agreement_weights(level, sums.prevalence.shape[-1], values),
        _per(sums.prevalence),
    )
    return corrected(_observed(sums, weights), np.einsum("...k,kl,...l->...", used, weights, used))


def gwet(sums: Sums, level: str, values: Floats | None) -> Floats:
    """AC1 (nominal) and AC2 (weighted), Gwet (2008, 2014)."""
    weights = agreement_weights(level, sums.prevalence.shape[-1], values)
    return corrected(_observed(sums, weights), gwet_chance(_per(sums.prevalence), weights))


def randolph(sums: Sums, level: str, values: Floats | None) -> Floats:
    weights = agreement_weights(level, sums.prevalence.shape[-1], values)
    observed = _observed(sums, weights)
    return corrected(observed, np.broadcast_to(weights.mean(), observed.shape))


def percent(sums: Sums, level: str, values: Floats | None) -> Floats:
    """The share of equal answers, at whatever level."""
    return _observed(sums, np.eye(sums.prevalence.shape[-1]))


OF_SUMS: dict[str, Callable[[Sums, str, Floats | None], Floats]] = {
    "krippendorff": alpha,
    "fleiss": fleiss,
    "scott": scott,
    "gwet": gwet,
    "randolph": randolph,
    "percent": percent,
}
