"""Agreement of two people, or of one with their earlier self; of all pairs at once."""

import numpy as np

from labeler.numerics.agreement.coefficients import OF_TABLE
from labeler.numerics.agreement.distances import expect_level
from labeler.numerics.agreement.measure import Measure, Measures
from labeler.numerics.arrays import Floats, Ints, parts
from labeler.numerics.intervals import intervals_of

METRICS = tuple(OF_TABLE)
AT_A_TIME = 1 << 22  # numbers drawn together


def expect_metric(metric: str) -> None:
    if metric not in OF_TABLE:
        raise ValueError(f"the metric is one of {METRICS}, not {metric!r}")


def pair_values(
    tables: Ints | Floats,
    metric: str = "krippendorff",
    level: str = "nominal",
    values: Floats | None = None,
) -> Floats:
    """(n_pairs,) values of contingency tables (n_pairs, K, K); nan where undefined. Raises
    ValueError for an unknown metric or level.
    """
    expect_metric(metric)
    expect_level(level)
    value = np.empty(len(tables))
    for part in parts(len(tables), max(1, AT_A_TIME // tables[0].size) if len(tables) else 1):
        value[part] = OF_TABLE[metric](tables[part].astype(np.float64), level, values)
    return value


def pair_draws(tables: Ints, rng: np.random.Generator, n_resamples: int) -> Floats:
    """(n_resamples, n_pairs, K, K): tables with their items drawn again. An item enters through
    its cell alone, so that is multinomial.
    """
    n = tables.sum(axis=(1, 2))
    shares = (tables / np.maximum(n, 1)[:, None, None]).reshape(len(tables), -1)
    draws = rng.multinomial(n, shares, size=(n_resamples, len(tables)))
    return draws.reshape(n_resamples, *tables.shape).astype(np.float64)


def pair_measures(
    tables: Ints,
    metric: str,
    rng: np.random.Generator,
    n_resamples: int = 200,
    level: str = "nominal",
    values: Floats | None = None,
) -> Measures:
    """Every pair's agreement with its bootstrap interval over items, from contingency tables
    (n_pairs, K, K).
    """
    return measured(tables, metric, rng, n_resamples, level, values)[0]


def measured(
    tables: Ints,
    metric: str,
    rng: np.random.Generator,
    n_resamples: int = 200,
    level: str = "nominal",
    values: Floats | None = None,
) -> tuple[Measures, Floats]:
    """As `pair_measures`, with the draws behind the intervals, (n_resamples, n_pairs): what
    other bootstraps are built on.
    """
    value = pair_values(tables, metric, level, values)
    drawn = np.full((n_resamples, len(tables)), np.nan)
    size = max(1, AT_A_TIME // max(1, n_resamples * tables.shape[1] * tables.shape[2]))
    for part in parts(len(tables), size):
        drawn[:, part] = OF_TABLE[metric](pair_draws(tables[part], rng, n_resamples), level, values)
    return _measures(tables, value, drawn), drawn


def measures_of(tables: Ints, metric: str, draws: Floats, level: str = "nominal") -> Measures:
    """As `pair_measures`, with intervals from draws that were made already, (n_resamples,
    n_pairs).
    """
    return _measures(tables, pair_values(tables, metric, level), draws)


def _measures(tables: Ints, value: Floats, draws: Floats) -> Measures:
    bounds = intervals_of(draws)
    bounds[:, np.isnan(value)] = np.nan
    n = tables.sum(axis=(1, 2))
    equal = np.trace(tables, axis1=1, axis2=2) / np.where(n > 0, n, 1)
    return Measures(value, bounds[0], bounds[1], n, equal)


def pair_measure(
    counts: Ints,
    metric: str,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    level: str = "nominal",
    values: Floats | None = None,
) -> Measure:
    """One pair's agreement from its contingency table (K, K), with a bootstrap interval.

    >>> pair_measure(np.array([[2, 0], [0, 0]]), "cohen", np.random.default_rng(0)).reason
    'the answers do not vary, so chance alone would agree as well'
    """
    return pair_measures(counts[None], metric, rng, n_resamples, level, values).measure(0)
