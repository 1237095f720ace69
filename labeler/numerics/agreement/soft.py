"""Agreement of people's own soft labels: two answers may name different labels and still say
nearly the same.
"""

from collections.abc import Callable, Iterator

import numpy as np

from labeler.numerics.agreement.measure import Measures
from labeler.numerics.arrays import Answers, Floats, Ints, cells, parts
from labeler.numerics.given import expect_distributions
from labeler.numerics.intervals import intervals_of


def cosine(first: Floats, second: Floats) -> Floats:
    """(n,) u·v/(|u||v|) of rows (n, K). 1: the same distribution.

    >>> round(float(cosine(np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]]))[0]), 6)
    0.707107
    """
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray(np.einsum("nk,nk->n", first, second) / lengths)


def jensen_shannon_similarity(first: Floats, second: Floats) -> Floats:
    """(n,) 1 - JSD in bits, of rows (n, K): 1 for the same distribution, 0 for two that share no
    label. Lin (1991).
    """
    middle = (first + second) / 2

    def to_middle(p: Floats) -> Floats:
        inside = p > 0
        return np.asarray(
            (
                np.where(inside, p, 0.0)
                * np.log2(np.where(inside, p, 1.0) / np.where(inside, middle, 1.0))
            ).sum(axis=1)
        )

    return np.asarray(1.0 - (to_middle(first) + to_middle(second)) / 2)


SIMILARITIES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "cosine": cosine,
    "jensen_shannon": jensen_shannon_similarity,
}


def pair_similarities(
    answers: Answers, y: Floats, metric: str, group: Ints, weights: Floats
) -> tuple[Ints, Ints, Measures, Floats]:
    """Mean similarity of each two people's soft labels over the items they share: (first, second,
    measures, draws (n_resamples, n_pairs)).

    answers: first passes
    y: (n_answers, K) the answers' own distributions
    group: (N,) and weights: (n_resamples, n_groups) as in agreement.joint

    Raises ValueError for rows that are no distributions.
    """
    similar = _checked(y, metric)
    shared = [
        (pair, similar(y[a], y[b]), group[answers.item[a]]) for pair, a, b in _shared(answers)
    ]
    empty = (np.empty(0, dtype=np.int64), np.empty(0), np.empty(0, dtype=np.int64))
    pair, similarity, where = (
        np.concatenate(column) for column in zip(*(shared or [empty]), strict=True)
    )
    keys, place = np.unique(pair, return_inverse=True)
    n = max(1, answers.n_annotators)
    return (keys // n, keys % n, *mean_measures(similarity, place, keys.size, where, weights))


def self_similarities(
    answers: Answers, y: Floats, metric: str, group: Ints, weights: Floats
) -> tuple[Measures, Floats]:
    """(M,) mean similarity of each person's repeats to their own first answers.

    y: (n_answers, K) of all passes
    """
    similar = _checked(y, metric)
    first, later = np.flatnonzero(answers.pass_number == 1), np.flatnonzero(answers.pass_number > 1)
    who = cells(answers.item, answers.annotator, answers.n_annotators)
    order = first[np.argsort(who[first], kind="stable")]
    if not order.size:
        nothing = np.empty(0, dtype=np.int64)
        return mean_measures(np.empty(0), nothing, answers.n_annotators, nothing, weights)
    earlier = order[np.minimum(np.searchsorted(who[order], who[later]), order.size - 1)]
    there = who[earlier] == who[later]
    similarity = similar(y[earlier[there]], y[later[there]])
    who_repeated, where = (
        answers.annotator[later[there]].astype(np.int64),
        group[answers.item[later[there]]],
    )
    return mean_measures(similarity, who_repeated, answers.n_annotators, where, weights)


def _checked(y: Floats, metric: str) -> Callable[[Floats, Floats], Floats]:
    if metric not in SIMILARITIES:
        raise ValueError(f"the similarity is one of {tuple(SIMILARITIES)}, not {metric!r}")
    expect_distributions("y", y)
    return SIMILARITIES[metric]


def mean_measures(
    values: Floats, owner: Ints, n_owners: int, group: Ints, weights: Floats
) -> tuple[Measures, Floats]:
    """Means of values, (n,), by owner with bootstrap intervals, and the draws (n_resamples,
    n_owners): groups of items drawn together.
    """
    n_groups = weights.shape[1]
    cell, shape = owner * n_groups + group, (n_owners, n_groups)
    n, total = (
        np.bincount(cell, weights=what, minlength=n_owners * n_groups).reshape(shape)
        for what in (None, values)
    )
    of, drawn_of = n.sum(axis=1), weights @ n.T
    value = total.sum(axis=1) / np.where(of > 0, of, np.nan)
    drawn = (weights @ total.T) / np.where(drawn_of > 0, drawn_of, np.nan)
    low, high = intervals_of(drawn)
    return Measures(value, low, high, of.astype(np.int64), np.full(n_owners, np.nan)), drawn


def _shared(answers: Answers) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Every two answers to one item: (pair code, place of the first, place of the second), part
    by part.
    """
    order = np.argsort(cells(answers.item, answers.annotator, answers.n_annotators), kind="stable")
    item, annotator = answers.item[order], answers.annotator[order]
    step = 1
    while step < item.size and (same := item[step:] == item[:-step]).any():
        for part in parts(item.size - step):
            kept = np.flatnonzero(same[part]) + part.start
            yield (
                cells(annotator[kept], annotator[kept + step], answers.n_annotators),
                order[kept],
                order[kept + step],
            )
        step += 1
