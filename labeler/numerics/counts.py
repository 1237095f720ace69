"""Additive counts from which agreement is computed: counted over shards of items and added, they
equal the whole exactly.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from labeler.numerics.arrays import (
    Answers,
    Codes,
    Floats,
    Ints,
    add_up,
    cells,
    parts,
    row_sums,
)


def by_item(answers: Answers) -> tuple[Ints, Codes, Codes]:
    """The answers grouped by item and in order of annotator: (item, annotator, label), each
    (n_answers,). Nothing is copied when they are.
    """
    item, annotator, label = answers.item, answers.annotator, answers.label
    step = np.diff(item)
    if not np.all((step > 0) | ((step == 0) & (np.diff(annotator) > 0))):
        order = np.argsort(cells(item, annotator, answers.n_annotators), kind="stable")
        item, annotator, label = item[order], annotator[order], label[order]
    return item.astype(np.int64, copy=False), annotator, label


def one_hot(answers: Answers) -> sparse.csr_array:
    """(N, M·K): a 1 at [item, annotator·K + label] for every first answer. Counting sort, linear
    in the answers.
    """
    first = answers.first_pass
    column = cells(first.annotator, first.label, answers.n_labels)
    shape = (answers.n_items, answers.n_annotators * answers.n_labels)
    small = np.int32 if shape[1] < 2**31 and len(first) < 2**31 else np.int64
    matrix = sparse.coo_array(
        (np.ones(len(first)), (first.item.astype(small), column.astype(small))), shape=shape
    )
    return matrix.tocsr()


def label_counts(answers: Answers) -> Ints:
    """(N, K): [i, k] = first answers that call item i label k (that name label k, in a
    multi-label set). Counts of shards add up.
    """
    first, n_labels = answers.first_pass, answers.n_labels
    counts = np.zeros(answers.n_items * n_labels, dtype=np.int64)
    for part in parts(len(first)):
        item, label = first.item[part], first.label[part]
        if answers.kind == "multi":
            for k in range(n_labels):
                add_up(counts, item[(label >> k) & 1 == 1].astype(np.int64) * n_labels + k)
        elif len(first) == item.size:
            # one part: nothing to add up
            counts = np.bincount(cells(item, label, n_labels), minlength=counts.size)
        else:
            add_up(counts, cells(item, label, n_labels))
    return counts.reshape(answers.n_items, n_labels)


def answers_per_item(answers: Answers) -> Ints:
    """(N,) first answers of each item."""
    counts = np.zeros(answers.n_items, dtype=np.int64)
    for part in parts(len(first := answers.first_pass)):
        add_up(counts, first.item[part].astype(np.int64))
    return counts


@dataclass(frozen=True)
class Coincidences:
    """How often two answers to one item say k and l, by how many answers the item has: whole
    numbers, so that shards add up exactly.

    n_items: (n_sizes,) items with m = 1, 2, … answers (0 at 0)
    totals: (n_sizes, K) answers k on them
    pairs: (n_sizes, K, K) ordered pairs of two answers to one item, without an answer paired with
        itself
    """

    n_items: Ints
    totals: Ints
    pairs: Ints

    def __add__(self, other: "Coincidences") -> "Coincidences":
        n_sizes = max(self.n_items.size, other.n_items.size)
        return Coincidences(
            *(
                _grown(getattr(self, name), n_sizes) + _grown(getattr(other, name), n_sizes)
                for name in ("n_items", "totals", "pairs")
            )
        )

    @property
    def matrix(self) -> Floats:
        """Krippendorff's coincidence matrix (K, K): every item's pairs divided by its answers
        less one.
        """
        sizes = np.arange(2, self.n_items.size)
        return np.asarray(
            np.einsum("mkl,m->kl", self.pairs[2:].astype(np.float64), 1.0 / (sizes - 1.0))
        )


def _grown(array: Ints, n_sizes: int) -> Ints:
    return np.concatenate(
        [array, np.zeros((n_sizes - array.shape[0], *array.shape[1:]), dtype=np.int64)]
    )


def coincidences(counts: Ints) -> Coincidences:
    """From label counts (N, K).

    >>> coincidences(np.array([[2, 0], [1, 1]])).matrix.tolist()
    [[2.0, 1.0], [1.0, 0.0]]
    """
    size = row_sums(counts)
    n_sizes, n_labels = max(2, int(size.max(initial=0))) + 1, counts.shape[1]
    n_items = np.bincount(size, minlength=n_sizes)
    n_items[0] = 0  # unanswered items stand in every shard, and would be counted in each
    totals, pairs = (
        np.zeros((n_sizes, n_labels), dtype=np.int64),
        np.zeros((n_sizes, n_labels, n_labels), dtype=np.int64),
    )
    for m in np.flatnonzero(n_items):
        # exact below 2⁵³
        rows = (counts if n_items[m] == size.size else counts[size == m]).astype(np.float64)
        totals[m] = np.ones(len(rows)) @ rows
        pairs[m] = (rows.T @ rows).astype(np.int64) - np.diag(totals[m])
    return Coincidences(n_items.astype(np.int64), totals, pairs)


def differing_pairs(counts: Ints) -> Floats:
    """(N,) of each item the share of pairs of answers that name different labels; 0 where there are
    fewer than two answers.

    counts: (N, K) answers by item and label

    >>> differing_pairs(np.array([[3, 0], [1, 1], [2, 1], [1, 0]])).round(3).tolist()
    [0.0, 1.0, 0.667, 0.0]
    """
    n = counts.sum(axis=1)
    equal = (counts * (counts - 1)).sum(axis=1)
    return np.asarray(np.where(n > 1, 1.0 - equal / np.maximum(n * (n - 1), 1), 0.0))
