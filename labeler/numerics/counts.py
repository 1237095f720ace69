"""Additive counts from which every agreement is computed: they can be summed over shards of items."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Answers, Floats, Ints


@dataclass(frozen=True)
class PairCounts:
    """How often two people gave which two labels to the same item. Only pairs that share an item are here.

    first, second: (n_pairs,) annotator codes, first < second; counts: (n_pairs, K, K), [p, k, l] = items that `first[p]` called k
    and `second[p]` called l.
    """

    first: Ints
    second: Ints
    counts: Ints

    @property
    def n_shared(self) -> Ints:
        return np.asarray(self.counts.sum(axis=(1, 2)), dtype=np.int64)


def pair_counts(answers: Answers) -> PairCounts:
    """Counts over all pairs of annotators on their first answers.

    >>> from labeler.numerics.arrays import answers
    >>> pair_counts(answers([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 0], n_labels=2)).counts.tolist()
    [[[1, 0], [1, 0]]]
    """
    first_pass = answers.first_pass
    order = np.lexsort((first_pass.annotator, first_pass.item))
    item, annotator, label = first_pass.item[order], first_pass.annotator[order], first_pass.label[order]
    keys = [np.empty(0, dtype=np.int64)]
    step = 1
    while step < item.size:
        same = np.flatnonzero(item[step:] == item[:-step])
        if same.size == 0:
            break
        pair = annotator[same] * answers.n_annotators + annotator[same + step]
        keys.append((pair * answers.n_labels + label[same]) * answers.n_labels + label[same + step])
        step += 1
    return _unpacked(np.concatenate(keys), answers)


def _unpacked(keys: Ints, answers: Answers) -> PairCounts:
    n_cells = answers.n_labels**2
    cells, n = np.unique(keys, return_counts=True)
    pairs, place = np.unique(cells // n_cells, return_inverse=True)
    counts = np.zeros((pairs.size, n_cells), dtype=np.int64)
    counts[place, cells % n_cells] = n
    shape = (pairs.size, answers.n_labels, answers.n_labels)
    return PairCounts(pairs // max(1, answers.n_annotators), pairs % max(1, answers.n_annotators), counts.reshape(shape))


def repeat_counts(answers: Answers) -> Ints:
    """(M, K, K): [a, k, l] = items that annotator a called k at first and l in a repeat. Every repeat is held against the first answer."""
    n_labels = answers.n_labels
    first, later = answers.first_pass, answers.where(answers.pass_number > 1)
    place = first.item * answers.n_annotators + first.annotator
    order = np.argsort(place, kind="stable")
    wanted = later.item * answers.n_annotators + later.annotator
    found = np.searchsorted(place[order], wanted)
    found = np.minimum(found, max(0, place.size - 1))
    there = place[order][found] == wanted if place.size else np.zeros(wanted.size, dtype=bool)
    before = first.label[order][found[there]] if place.size else np.empty(0, dtype=np.int64)
    cell = (later.annotator[there] * n_labels + before) * n_labels + later.label[there]
    counts = np.bincount(cell, minlength=answers.n_annotators * n_labels**2)
    return np.asarray(counts.reshape(answers.n_annotators, n_labels, n_labels), dtype=np.int64)


def label_counts(answers: Answers) -> Ints:
    """(N, K): [i, k] = first answers that call item i label k."""
    first = answers.first_pass
    counts = np.bincount(first.item * answers.n_labels + first.label, minlength=answers.n_items * answers.n_labels)
    return np.asarray(counts.reshape(answers.n_items, answers.n_labels), dtype=np.int64)


def coincidences(counts: Ints) -> Floats:
    """Krippendorff's coincidence matrix (K, K) from label counts (N, K); items with fewer than two answers say nothing."""
    n = counts.sum(axis=1)
    paired = counts[n >= 2].astype(np.float64)
    weight = 1.0 / (paired.sum(axis=1) - 1.0)
    matrix: Floats = (paired * weight[:, None]).T @ paired
    return matrix - np.diag((paired * weight[:, None]).sum(axis=0))
