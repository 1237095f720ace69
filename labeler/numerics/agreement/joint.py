"""Draws of all pairs together: what is worked out of many pairs needs them, because two pairs with a person in common share that person's
items and mistakes. Drawn apart, such errors seem to cancel and intervals come out too narrow."""

import numpy as np

from labeler.numerics.agreement.coefficients import OF_TABLE
from labeler.numerics.arrays import Answers, Floats, Ints, parts
from labeler.numerics.counts import PairCounts, pair_counts, repeat_counts

N_GROUPS = 50  # of items, drawn as wholes: 49 degrees of freedom, and counts only once
AT_A_TIME = 1 << 23  # numbers held together


def item_groups(answers: Answers, rng: np.random.Generator, n_groups: int = N_GROUPS) -> Ints:
    """(n_items,) a random group of each item, equally large."""
    return np.asarray(rng.permutation(answers.n_items) % max(1, min(n_groups, answers.n_items)), dtype=np.int64)


def pair_draws(answers: Answers, pairs: PairCounts, group: Ints, weights: Floats, metric: str, level: str = "nominal") -> Floats:
    """(n_resamples, n_pairs) values of `pairs` when groups of items are drawn with `weights` (n_resamples, n_groups)."""
    width = answers.n_annotators
    wanted = pairs.first * width + pairs.second
    tables = np.zeros((weights.shape[1], *pairs.counts.shape), dtype=np.int32)
    for which in range(weights.shape[1]):
        found = pair_counts(answers.where(group[answers.item] == which))
        place = np.searchsorted(wanted, found.first * width + found.second)
        inside = place < wanted.size
        inside[inside] = wanted[place[inside]] == (found.first * width + found.second)[inside]
        tables[which, place[inside]] = found.counts[inside]
    return _valued(tables, weights, metric, level)


def self_draws(answers: Answers, group: Ints, weights: Floats, metric: str, level: str = "nominal") -> Floats:
    """(n_resamples, M) each person's agreement with themselves under the same draws."""
    tables = np.stack([repeat_counts(answers.where(group[answers.item] == which)) for which in range(weights.shape[1])])
    return _valued(tables.astype(np.int32), weights, metric, level)


def _valued(tables: np.ndarray, weights: Floats, metric: str, level: str) -> Floats:
    n_resamples, n = weights.shape[0], tables.shape[1]
    found = np.empty((n_resamples, n))
    for part in parts(n, max(1, AT_A_TIME // max(1, n_resamples * tables.shape[2] ** 2))):
        drawn = np.tensordot(weights, tables[:, part].astype(np.float64), axes=1)
        found[:, part] = OF_TABLE[metric](drawn, level, None)
    return found
