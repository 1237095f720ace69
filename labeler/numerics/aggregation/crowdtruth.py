"""CrowdTruth 2: the quality of items, of people and of labels defines each other; disagreement
is information. Dumitrache et al. (2018).
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method
from labeler.numerics.aggregation.votes import shares, weighted_votes
from labeler.numerics.arrays import Floats

STILL = 1e-3
MOST_ITERATIONS = 100
LEAST = 1e-8  # of a denominator
TINY = 1e-12


def crowdtruth(evidence: Evidence) -> Aggregated:
    """Unit, worker and annotation quality by mutual weighting, from 1, until none changes by 0.001.
    Dumitrache et al. (2018), section 3.

    scores["clarity"]: (N,) how much people agree on an item, each counted by their quality; nan
    where fewer than two answered. annotator_quality is WQS.
    """
    answers = evidence.answers
    unit, worker, label = (
        np.ones(answers.n_items),
        np.ones(answers.n_annotators),
        np.ones(answers.n_labels),
    )
    picked = [_picked(evidence, k) for k in range(answers.n_labels)]
    present = sparse.csr_array(sum(picked[1:], picked[0]))
    change, iteration = np.inf, 0
    while change >= STILL and iteration < MOST_ITERATIONS:
        fresh = (
            _unit_quality(evidence, worker),
            _worker_quality(evidence, unit, worker, label),
            _label_quality(picked, present, unit, worker),
        )
        change = max(
            float(np.abs(new - old).max(initial=0.0))
            for new, old in zip(fresh, (unit, worker, label), strict=True)
        )
        unit, worker, label = fresh
        iteration += 1
    distribution = shares(weighted_votes(evidence, np.maximum(worker, LEAST)))
    return Aggregated(
        distribution,
        worker,
        None,
        change < STILL,
        iteration,
        {"clarity": np.where(evidence.votes.sum(axis=1) > 1, unit, np.nan)},
    )


def _picked(evidence: Evidence, k: int) -> sparse.csr_array:
    """(N, M): who said label k of which item."""
    answers = evidence.answers
    there = answers.label == k
    shape = (answers.n_items, answers.n_annotators)
    return sparse.coo_array(
        (np.ones(int(there.sum())), (answers.item[there], answers.annotator[there])), shape=shape
    ).tocsr()


def _unit_quality(evidence: Evidence, worker: Floats) -> Floats:
    """(N,) weighted share of pairs of people who said the same."""
    total, squares = (
        weighted_votes(evidence, worker),
        weighted_votes(evidence, worker**2).sum(axis=1),
    )
    same = ((total**2).sum(axis=1) - squares) / 2
    return np.asarray(same / np.maximum((total.sum(axis=1) ** 2 - squares) / 2, LEAST))


def _worker_quality(evidence: Evidence, unit: Floats, worker: Floats, label: Floats) -> Floats:
    """(M,) agreement with co-workers times agreement with the item's other answers taken
    together.
    """
    answers, n_workers = evidence.answers, evidence.answers.n_annotators
    item, said, who = answers.item, answers.label, answers.annotator
    weighted = weighted_votes(evidence, worker)
    others, theirs = weighted[item, said] - worker[who], weighted.sum(axis=1)[item] - worker[who]
    pair = _ratio(
        np.bincount(who, unit[item] * others, n_workers),
        np.bincount(who, unit[item] * theirs, n_workers),
    )
    own = worker[who]
    length = ((weighted**2) * label).sum(axis=1)[item] - label[said] * own * (
        2 * weighted[item, said] - own
    )
    others_alike = np.sqrt(label[said]) * others
    cosine = np.where(
        length > TINY, others_alike / np.sqrt(np.where(length > TINY, length, 1.0)), 0.0
    )
    whole = _ratio(
        np.bincount(who, unit[item] * cosine, n_workers), np.bincount(who, unit[item], n_workers)
    )
    return pair * whole


def _label_quality(
    picked: list[sparse.csr_array], present: sparse.csr_array, unit: Floats, worker: Floats
) -> Floats:
    """(K,) how likely one person picks a label when another did, over all ordered pairs of
    people.
    """
    quality = np.ones(len(picked))
    scale = sparse.csr_array(sparse.diags_array(unit))
    for k, chosen in enumerate(picked):
        both = sparse.coo_array(present.T @ (scale @ chosen))
        pair = (both.row != both.col) & (both.data > 0)
        row, column = both.row[pair], both.col[pair]
        together = sparse.csr_array(chosen.T @ (scale @ chosen))
        weight = worker[row] * worker[column]
        if weight.sum() > 0:
            share = np.asarray(together[row, column]).ravel() / both.data[pair]
            quality[k] = max(LEAST, float((weight * share).sum() / weight.sum()))
    return quality


def _ratio(part: ArrayLike, whole: ArrayLike) -> Floats:
    return np.asarray(np.asarray(part) / np.maximum(whole, LEAST), dtype=np.float64)


CROWDTRUTH = Method(
    "crowdtruth",
    "CrowdTruth",
    "Weighs people by the clarity of the items they agree on, and items by people.",
    "Dumitrache et al. (2018)",
    crowdtruth,
)
