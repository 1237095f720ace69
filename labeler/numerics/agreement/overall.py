"""Agreement of any number of people on items of any number of answers each."""

import numpy as np

from labeler.numerics.agreement.coefficients import OF_SUMS, Sums, alpha_of_coincidences
from labeler.numerics.agreement.distances import expect_level
from labeler.numerics.agreement.measure import NO_OVERLAP, ONE_LABEL, Measure, measure_of
from labeler.numerics.arrays import Floats, Ints, parts
from labeler.numerics.counts import Coincidences, coincidences
from labeler.numerics.given import expect_counts
from labeler.numerics.intervals import group_weights, interval_of

METRICS = tuple(OF_SUMS)
AT_A_TIME = 1 << 22  # numbers drawn together
# distinct items drawn one by one; where there are more, items are drawn in as many random groups
MOST_PATTERNS = 2_000


def sums_of(counted: Coincidences) -> Sums:
    """The sums behind every coefficient, from counts that may have been added up over shards."""
    sizes = np.arange(counted.n_items.size, dtype=np.float64)
    pairs = counted.pairs[2:].astype(np.float64)
    return Sums(
        matrix=np.einsum("mkl,m->kl", pairs, 1.0 / (sizes[2:] - 1.0)),
        agreeing=np.einsum("mkl,m->kl", pairs, 1.0 / (sizes[2:] * (sizes[2:] - 1.0))),
        prevalence=np.einsum("mk,m->k", counted.totals[1:].astype(np.float64), 1.0 / sizes[1:]),
        n_paired=np.asarray(counted.n_items[2:].sum(), dtype=np.float64),
    )


def coefficient(
    counted: Coincidences,
    metric: str = "krippendorff",
    level: str = "nominal",
    values: Floats | None = None,
) -> float | None:
    """One coefficient without an interval; None where it is undefined. Raises ValueError for an
    unknown metric or level.

    >>> coefficient(coincidences(np.array([[2, 0], [0, 2], [1, 1]])), "percent")
    0.6666666666666666
    """
    expect_metrics((metric,), level)
    value = float(OF_SUMS[metric](sums_of(counted), level, values))
    return None if np.isnan(value) else value


def overall(
    counts: Ints,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    level: str = "nominal",
    metrics: tuple[str, ...] = METRICS,
    values: Floats | None = None,
) -> dict[str, Measure]:
    """Several coefficients of label counts (N, K), with bootstrap intervals from the same draws of
    items.

    Items with the same counts are interchangeable, so that the draw is over the distinct rows of
    `counts`. Fewer than five items have no interval. Raises ValueError for an unknown metric or
    level, and for anything that is no table of counts.

    >>> overall(np.array([[2, 0], [1, 1], [0, 2]]), np.random.default_rng(0))["percent"].n
    3
    """
    expect_metrics(metrics, level)
    expect_counts(counts)
    counted = coincidences(counts)
    n = int(counted.n_items[2:].sum())
    if n == 0 or counts.shape[1] < 2:
        return {
            metric: Measure(None, n, reason=NO_OVERLAP if n == 0 else ONE_LABEL)
            for metric in metrics
        }
    whole, drawn = sums_of(counted), draws(counts, rng, n_resamples)
    equal = float(np.trace(whole.matrix) / whole.matrix.sum())
    return {
        metric: measure_of(
            float(OF_SUMS[metric](whole, level, values)),
            n,
            equal,
            interval_of(OF_SUMS[metric](drawn, level, values)),
        )
        for metric in metrics
    }


def expect_metrics(metrics: tuple[str, ...], level: str) -> None:
    """Raises ValueError for a metric of many people that is none, or a level that is none."""
    for metric in metrics:
        if metric not in OF_SUMS:
            raise ValueError(f"the metric of many people is one of {METRICS}, not {metric!r}")
    expect_level(level)


def overall_alpha(
    counts: Ints,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    level: str = "nominal",
    values: Floats | None = None,
) -> Measure:
    """Krippendorff's alpha of label counts (N, K), with a bootstrap interval over items."""
    return overall(counts, rng, n_resamples, level, ("krippendorff",), values)["krippendorff"]


def draws(counts: Ints, rng: np.random.Generator, n_resamples: int) -> Sums:
    """The sums of `n_resamples` draws of the answered items, with a leading axis (n_resamples,).

    counts: (N, K)

    Of more than MOST_PATTERNS distinct items random groups are drawn as wholes, which says the same
    of so many: Efron and Tibshirani (1993), chapter 8.
    """
    rows, n_labels = counts[counts.sum(axis=1) > 0], counts.shape[1]
    patterns, times = distinct(rows)
    if times.size > MOST_PATTERNS:
        return _unpacked(
            group_weights(MOST_PATTERNS, rng, n_resamples)
            @ _of_groups(rows[rng.permutation(len(rows))]),
            n_labels,
        )
    n = int(times.sum())
    packed = np.zeros((n_resamples, 2 * n_labels**2 + n_labels + 1))
    for part in parts(n_resamples, max(1, AT_A_TIME // max(1, times.size))):
        drawn = rng.multinomial(n, times / n, size=part.stop - part.start)
        for block in parts(times.size, max(1, AT_A_TIME // packed.shape[1])):
            packed[part] += drawn[:, block] @ _features(patterns[block])
    return _unpacked(packed, n_labels)


def _of_groups(rows: Ints) -> Floats:
    """(MOST_PATTERNS, n_features) the features of every MOST_PATTERNS-th row, summed.

    rows: (n, K)
    """
    n_slots, n_labels = -(-len(rows) // MOST_PATTERNS), rows.shape[1]
    padded = np.zeros((n_slots * MOST_PATTERNS, n_labels), dtype=rows.dtype)
    padded[: len(rows)] = rows
    groups = padded.reshape(n_slots, MOST_PATTERNS, n_labels).transpose(1, 0, 2)
    return np.concatenate(
        [
            _summed(groups[part].astype(np.float64))
            for part in parts(MOST_PATTERNS, max(1, AT_A_TIME // (n_slots * n_labels)))
        ]
    )


def _summed(rows: Floats) -> Floats:
    """(n_groups, n_features) as `_features`, of groups of rows (n_groups, n_slots, K); rows of
    zeros are none.
    """
    m = rows.sum(axis=2, keepdims=True)
    paired = m >= 2
    over = np.where(paired, 1.0 / np.maximum(m - 1.0, 1.0), 0.0)
    shares = rows / np.maximum(m, 1.0)
    turned, own = rows.transpose(0, 2, 1), np.eye(rows.shape[2])
    blocks = [
        turned @ (part * over) - own * (part * over).sum(axis=1)[:, None, :]
        for part in (rows, shares)
    ]
    flat = [block.reshape(len(rows), -1) for block in blocks]
    return np.concatenate(
        [*flat, shares.sum(axis=1), paired.sum(axis=1).astype(np.float64)], axis=1
    )


def distinct(counts: Ints) -> tuple[Ints, Ints]:
    """The distinct rows of (N, K) counts and how often each is there. Rows become one number
    where they fit 62 bits, which sorts faster.
    """
    base = int(counts.max(initial=0)) + 1
    if counts.shape[1] * np.log2(base) > 62:
        rows, times = np.unique(counts, axis=0, return_counts=True)
        return rows, times.astype(np.int64)
    powers = base ** np.arange(counts.shape[1], dtype=np.int64)
    keys, times = np.unique(counts @ powers, return_counts=True)
    return (keys[:, None] // powers) % base, times.astype(np.int64)


def _features(patterns: Ints) -> Floats:
    n_labels = patterns.shape[1]
    row = patterns.astype(np.float64)
    m = row.sum(axis=1)
    paired = m >= 2
    pairs = row[:, :, None] * row[:, None, :] - row[:, :, None] * np.eye(n_labels)
    over = np.where(paired, 1.0 / np.maximum(m - 1.0, 1.0), 0.0)
    blocks = [
        pairs.reshape(-1, n_labels**2) * over[:, None],
        pairs.reshape(-1, n_labels**2) * (over / m)[:, None],
    ]
    blocks += [row / m[:, None], paired[:, None].astype(np.float64)]
    return np.concatenate(blocks, axis=1)


def _unpacked(packed: Floats, n_labels: int) -> Sums:
    square = (*packed.shape[:-1], n_labels, n_labels)
    matrix, agreeing, prevalence, n_paired = np.split(
        packed, np.cumsum([n_labels**2, n_labels**2, n_labels]), axis=-1
    )
    return Sums(matrix.reshape(square), agreeing.reshape(square), prevalence, n_paired[..., 0])


def per_label(counts: Ints, rng: np.random.Generator, n_resamples: int = 1000) -> list[Measure]:
    """Nominal alpha of each label against all others, (K,) measures of label counts (N, K)."""
    counted = coincidences(counts)
    n = int(counted.n_items[2:].sum())
    if n == 0:
        return [Measure(None, 0, reason=NO_OVERLAP)] * counts.shape[1]
    whole, drawn = counted.matrix, draws(counts, rng, n_resamples).matrix
    measures = []
    for k in range(counts.shape[1]):
        folded = one_against_rest(whole, k)
        equal = float(np.trace(folded) / folded.sum())
        value = float(alpha_of_coincidences(folded))
        measures.append(
            measure_of(
                value, n, equal, interval_of(alpha_of_coincidences(one_against_rest(drawn, k)))
            )
        )
    return measures


def one_against_rest(matrix: Floats, k: int) -> Floats:
    """(..., 2, 2): a coincidence matrix (..., K, K) with all labels but k taken together."""
    both, row, column = (
        matrix[..., k, k],
        matrix[..., k, :].sum(axis=-1),
        matrix[..., :, k].sum(axis=-1),
    )
    rest = matrix.sum(axis=(-2, -1)) - row - column + both
    return np.stack(
        [np.stack([both, row - both], axis=-1), np.stack([column - both, rest], axis=-1)], axis=-2
    )
