"""Bootstrap intervals: the middle of what a value becomes when items are drawn again."""

import numpy as np

from labeler.numerics.arrays import Floats

LEVEL = 0.95


def interval_of(draws: Floats, level: float = LEVEL) -> tuple[float, float] | None:
    """The middle `level` of the defined draws, (n_resamples,), by the percentile bootstrap; None
    when fewer than half are defined.

    Efron and Tibshirani (1993), chapter 13.
    """
    low, high = (float(bound) for bound in intervals_of(draws, level))
    return None if np.isnan(low) else (low, high)


def intervals_of(draws: Floats, level: float = LEVEL) -> Floats:
    """(n_resamples, ...) -> (2, ...) low and high of each; nan where fewer than half of the
    draws are defined.
    """
    defined = np.isfinite(draws)
    enough = defined.sum(axis=0) * 2 >= max(1, draws.shape[0])
    bounds = [(1 - level) / 2, (1 + level) / 2]
    if defined.all():
        return np.asarray(
            np.quantile(draws, bounds, axis=0)
            if draws.shape[0]
            else np.full((2, *draws.shape[1:]), np.nan)
        )
    held = np.where(defined | ~enough, np.where(defined, draws, 0.0), np.nan)
    return np.where(enough, np.nanquantile(held, bounds, axis=0), np.nan)


def group_weights(n_groups: int, rng: np.random.Generator, n_resamples: int) -> Floats:
    """(n_resamples, n_groups) how often each group of items is drawn. Efron and Tibshirani
    (1993), chapter 8: draw what is independent.
    """
    return rng.multinomial(n_groups, np.full(n_groups, 1.0 / n_groups), size=n_resamples).astype(
        np.float64
    )


def wilson(hits: Floats, n: Floats, z: float = 1.959963984540054) -> tuple[Floats, Floats]:
    """Interval of a share, (low, high) of the shape of `hits`; nan where n is 0. Wilson (1927).

    >>> [round(float(bound), 4) for bound in wilson(np.array(8.0), np.array(10.0))]
    [0.4902, 0.9433]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / n
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.asarray(np.clip(middle - half, 0.0, 1.0)), np.asarray(
        np.clip(middle + half, 0.0, 1.0)
    )
