"""Draws of all pairs together: what is worked out of many pairs needs them, because two pairs
with a person in common share that person's items and mistakes. Drawn apart, such errors seem to
cancel and intervals come out too narrow.
"""

import numpy as np

from labeler.numerics.agreement.coefficients import OF_TABLE
from labeler.numerics.arrays import Answers, Floats, Ints, parts
from labeler.numerics.pair_counts import PairCounts, pair_counts
from labeler.numerics.repeat_counts import repeat_counts

N_GROUPS = 50  # of items, drawn as wholes: 49 degrees of freedom, and counts only once
AT_A_TIME = 1 << 23  # numbers held together
MOST_HELD = 1 << 26  # counts of all groups held together


def item_groups(answers: Answers, rng: np.random.Generator, n_groups: int = N_GROUPS) -> Ints:
    """(n_items,) a random group of each item, equally large."""
    return np.asarray(
        rng.permutation(answers.n_items) % max(1, min(n_groups, answers.n_items)), dtype=np.int64
    )


def pair_draws(
    answers: Answers,
    pairs: PairCounts,
    group: Ints,
    weights: Floats,
    metric: str,
    level: str = "nominal",
) -> Floats:
    """(n_resamples, n_pairs) values of `pairs` when groups of items are drawn with `weights`
    (n_resamples, n_groups).
    """
    n_pairs, n_groups, n_labels = pairs.first.size, weights.shape[1], answers.n_labels
    filled = [
        _filled(answers.where(group[answers.item] == which), pairs) for which in range(n_groups)
    ]
    draws = np.empty((weights.shape[0], n_pairs))
    for part in parts(n_pairs, max(1, MOST_HELD // (n_groups * n_labels**2))):
        tables = np.zeros((n_groups, part.stop - part.start, n_labels**2), dtype=np.int32)
        for table, (place, cell, n) in zip(tables, filled, strict=True):
            there = slice(*np.searchsorted(place, (part.start, part.stop)))
            table[place[there] - part.start, cell[there]] = n[there]
        draws[:, part] = _valued(
            tables.reshape(*tables.shape[:2], n_labels, n_labels), weights, metric, level
        )
    return draws


def _filled(answers: Answers, pairs: PairCounts) -> tuple[Ints, Ints, Ints]:
    """(place among `pairs`, cell of the table, count), in order of place: only what is not 0,
    which is little of many pairs and labels.
    """
    width, counted = answers.n_annotators, pair_counts(answers)
    wanted, keys = pairs.first * width + pairs.second, counted.first * width + counted.second
    row, *labels = np.nonzero(counted.counts)
    place = np.searchsorted(wanted, keys)[row]
    inside = place < wanted.size
    inside[inside] = wanted[place[inside]] == keys[row[inside]]
    kept = [column[inside] for column in (row, *labels)]
    return (
        place[inside],
        kept[1] * answers.n_labels + kept[2],
        counted.counts[kept[0], kept[1], kept[2]].astype(np.int64),
    )


def self_draws(
    answers: Answers, group: Ints, weights: Floats, metric: str, level: str = "nominal"
) -> Floats:
    """(n_resamples, M) each person's agreement with themselves under the same draws."""
    tables = np.stack(
        [
            repeat_counts(answers.where(group[answers.item] == which))
            for which in range(weights.shape[1])
        ]
    )
    return _valued(tables.astype(np.int32), weights, metric, level)


def _valued(tables: np.ndarray, weights: Floats, metric: str, level: str) -> Floats:
    n_resamples, n = weights.shape[0], tables.shape[1]
    values = np.empty((n_resamples, n))
    for part in parts(n, max(1, AT_A_TIME // max(1, n_resamples * tables.shape[2] ** 2))):
        drawn = np.tensordot(weights, tables[:, part].astype(np.float64), axes=1)
        values[:, part] = OF_TABLE[metric](drawn, level, None)
    return values
