"""Sums over an item's answers that several methods share."""

import numpy as np

from labeler.numerics.aggregation.evidence import Evidence
from labeler.numerics.arrays import Floats, add_up, cells, parts, row_sums


def weighted_votes(evidence: Evidence, weight: Floats) -> Floats:
    """(N, K) sum of `weight` (M,) over the annotators who said each label."""
    answers = evidence.answers
    total = np.zeros(answers.n_items * answers.n_labels)
    for part in parts(len(answers)):
        add_up(
            total,
            cells(answers.item[part], answers.label[part], answers.n_labels),
            weight[answers.annotator[part]],
        )
    return total.reshape(answers.n_items, answers.n_labels)


def summed(evidence: Evidence, y: Floats, weight: Floats) -> Floats:
    """(N, K) Σ over an item's answers of weight (n_answers,) · y (n_answers, K)."""
    answers = evidence.answers
    columns = [
        np.bincount(answers.item, weights=weight * y[:, k], minlength=answers.n_items)
        for k in range(answers.n_labels)
    ]
    return np.stack(columns, axis=1)


def shares(total: Floats) -> Floats:
    """Rows divided by their sums; nan where the sum is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / row_sums(total)[:, None])


def accuracy(evidence: Evidence, belief: Floats) -> Floats:
    """(M,) mean belief (N, K) in the labels each annotator gave; nan for those who gave none."""
    answers = evidence.answers
    hit, n = np.zeros(answers.n_annotators), np.zeros(answers.n_annotators)
    for part in parts(len(answers)):
        annotator = answers.annotator[part].astype(np.int64)
        add_up(hit, annotator, belief[answers.item[part], answers.label[part]])
        add_up(n, annotator)
    with np.errstate(invalid="ignore"):
        return np.asarray(hit / np.where(n > 0, n, np.nan))
