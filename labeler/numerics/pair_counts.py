"""Which two labels two people gave to one item, counted for every pair; shards add up exactly."""

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from labeler.numerics.arrays import (
    Answers,
    Bools,
    Codes,
    Ints,
    add_up,
    cells,
    parts,
)
from labeler.numerics.counts import by_item, one_hot

MOST_CELLS = 1 << 25  # pair cells kept as one array; beyond it only the pairs that share an item

BLOCK = 1 << 21  # co-occurrences expanded at a time when they are counted sparsely


@dataclass(frozen=True)
class PairCounts:
    """How often two people gave which two labels to the same item. Only pairs that share an item
    are here.

    first, second: (n_pairs,) annotator codes, first < second, in order
    counts: (n_pairs, K, K), [p, k, l] = items that `first[p]` called k and `second[p]` called l
    """

    first: Ints
    second: Ints
    counts: Codes

    @property
    def n_shared(self) -> Ints:
        return np.asarray(self.counts.sum(axis=(1, 2)), dtype=np.int64)

    def __add__(self, other: "PairCounts") -> "PairCounts":
        """The counts of two shards together. Annotator codes and labels must mean the same in
        both.
        """
        n = int(max([0, *self.second, *other.second])) + 1
        keys = np.concatenate([self.first * n + self.second, other.first * n + other.second])
        pairs, place = np.unique(keys, return_inverse=True)
        counts = np.zeros((pairs.size, *self.counts.shape[1:]), dtype=np.int64)
        np.add.at(counts, place, np.concatenate([self.counts, other.counts]))
        return PairCounts(pairs // n, pairs % n, counts)

    def of(self, keep: Bools) -> "PairCounts":
        return PairCounts(self.first[keep], self.second[keep], self.counts[keep])


def pair_counts(answers: Answers, min_shared: int = 1) -> PairCounts:
    """Counts over all pairs of annotators on their first answers; pairs with fewer than
    `min_shared` items are left out.

    Memory grows with the pairs kept and not with the square of the annotators, of whom there may be
    tens of thousands.

    >>> from labeler.numerics.arrays import answers
    >>> pair_counts(answers([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 0], n_labels=2)).counts.tolist()
    [[[1, 0], [1, 0]]]
    """
    answers.expect_single("pair_counts")
    first_pass = answers.first_pass
    if answers.n_annotators**2 * answers.n_labels**2 <= MOST_CELLS:
        return _counted_dense(first_pass, min_shared)
    return _counted_by_block(first_pass, min_shared)


def _counted_dense(answers: Answers, min_shared: int) -> PairCounts:
    n_labels, n_annotators = answers.n_labels, answers.n_annotators
    item, annotator, label = by_item(answers)
    who = cells(annotator, label, n_labels)
    counts = np.zeros((n_annotators * n_labels) ** 2, dtype=np.int64)
    step = 1
    while step < item.size and (same := item[step:] == item[:-step]).any():
        for part in parts(item.size - step):
            kept = np.flatnonzero(same[part]) + part.start
            add_up(counts, who[kept] * (n_annotators * n_labels) + who[kept + step])
        step += 1
    table = counts.reshape(n_annotators, n_labels, n_annotators, n_labels).transpose(0, 2, 1, 3)
    first, second = np.nonzero(np.asarray(table.sum(axis=(2, 3)) >= max(1, min_shared)))
    return PairCounts(
        first.astype(np.int64), second.astype(np.int64), np.ascontiguousarray(table[first, second])
    )


def _counted_by_block(answers: Answers, min_shared: int) -> PairCounts:
    """XᵀX for the one-hot X, a block of annotators at a time: its [a·K+k, b·K+l] is the count
    wanted.
    """
    n_labels = answers.n_labels
    hot = one_hot(answers)
    transposed = hot.T.tocsr()
    work = np.concatenate([[0], np.cumsum(transposed @ np.diff(hot.indptr).astype(np.float64))])[
        ::n_labels
    ]
    bounds = np.unique(
        np.concatenate(
            [[0], np.searchsorted(work, np.arange(BLOCK, work[-1], BLOCK)), [answers.n_annotators]]
        )
    )
    blocks = [
        _block(transposed, hot, low, high, n_labels, min_shared)
        for low, high in itertools.pairwise(bounds)
    ]
    return PairCounts(
        *(
            np.concatenate([getattr(part, name) for part in blocks])
            for name in ("first", "second", "counts")
        )
    )


def _block(
    transposed: sparse.csr_array,
    hot: sparse.csr_array,
    low: int,
    high: int,
    n_labels: int,
    min_shared: int,
) -> PairCounts:
    product = (transposed[low * n_labels : high * n_labels] @ hot).tocoo()
    a, k = np.divmod(product.row.astype(np.int64), n_labels)
    b, m = np.divmod(product.col.astype(np.int64), n_labels)
    upper = a + low < b
    a, b, cell, n = a[upper], b[upper], (k * n_labels + m)[upper], product.data[upper]
    width = int(b.max()) + 1 if b.size else 1
    pairs, place = np.unique(a * width + b, return_inverse=True)
    kept = np.bincount(place, weights=n, minlength=pairs.size) >= min_shared
    new_place = np.cumsum(kept) - 1
    inside = kept[place]
    # of millions of pairs: half the memory
    counts = np.zeros((int(kept.sum()), n_labels**2), dtype=np.int32)
    counts[new_place[place[inside]], cell[inside]] = n[inside]
    return PairCounts(
        pairs[kept] // width + low, pairs[kept] % width, counts.reshape(-1, n_labels, n_labels)
    )
