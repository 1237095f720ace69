"""Additive counts from which every agreement is computed: counted over shards of items and
added, they equal the whole exactly.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from labeler.numerics.arrays import (
    Answers,
    Bools,
    Codes,
    Floats,
    Ints,
    add_up,
    cells,
    parts,
    row_sums,
)

MOST_CELLS = 1 << 25  # pair cells kept as one array; beyond it only the pairs that share an item
BLOCK = 1 << 21  # co-occurrences expanded at a time when they are counted sparsely


@dataclass(frozen=True)
class PairCounts:
    """How often two people gave which two labels to the same item. Only pairs that share an item
    are here.

    first, second: (n_pairs,) annotator codes, first < second, in order; counts: (n_pairs, K, K),
    [p, k, l] = items that `first[p]` called k and `second[p]` called l.
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


def one_hot(answers: Answers) -> sparse.csr_array:
    """(N, M·K): a 1 at [item, annotator·K + label] for every first answer. Counting sort, linear
    in the answers.
    """
    first = answers.first_pass
    column = cells(first.annotator, first.label, answers.n_labels)
    shape = (answers.n_items, answers.n_annotators * answers.n_labels)
    small = np.int32 if shape[1] < 2**31 and len(first) < 2**31 else np.int64
    made = sparse.coo_array(
        (np.ones(len(first)), (first.item.astype(small), column.astype(small))), shape=shape
    )
    return made.tocsr()


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
    found = [
        _block(transposed, hot, low, high, n_labels, min_shared)
        for low, high in itertools.pairwise(bounds)
    ]
    return PairCounts(
        *(
            np.concatenate([getattr(part, name) for part in found])
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


@dataclass(frozen=True)
class Repeats:
    """Each repeat beside the same person's first answer. annotator, before, after: (n_repeats,)
    codes; gap_days: (n_repeats,) time between the two, nan where unknown, as in a file that
    brings both at one moment.
    """

    annotator: Ints
    before: Ints
    after: Ints
    gap_days: Floats


def repeats(answers: Answers) -> Repeats:
    """Every repeat that has a first answer to be held against."""
    first, later = answers.first_pass, answers.where(answers.pass_number > 1)
    place = cells(first.item, first.annotator, answers.n_annotators)
    order = np.argsort(place, kind="stable")
    wanted = cells(later.item, later.annotator, answers.n_annotators)
    if not place.size or not wanted.size:
        nobody = np.empty(0, dtype=np.int64)
        return Repeats(nobody, nobody, nobody, np.empty(0))
    found = order[np.minimum(np.searchsorted(place[order], wanted), place.size - 1)]
    there = place[found] == wanted
    found = found[there]
    codes = [
        column.astype(np.int64)
        for column in (later.annotator[there], first.label[found], later.label[there])
    ]
    gap = later.day[there] - first.day[found]
    return Repeats(codes[0], codes[1], codes[2], np.where(gap == 0, np.nan, gap))


def repeat_counts(answers: Answers) -> Ints:
    """(M, K, K): [a, k, l] = items that annotator a called k at first and l in a repeat. Every
    repeat is held against the first answer.
    """
    answers.expect_single("repeat_counts")
    found, n_labels = repeats(answers), answers.n_labels
    cell = (found.annotator * n_labels + found.before) * n_labels + found.after
    return np.bincount(cell, minlength=answers.n_annotators * n_labels**2).reshape(
        answers.n_annotators, n_labels, n_labels
    )


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

    n_items: (n_sizes,) items with m = 1, 2, … answers (0 at 0); totals: (n_sizes, K) answers k on
    them; pairs: (n_sizes, K, K) ordered pairs of two answers to one item, without an answer paired
    with itself.
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
    fewer than two answers. counts: (N, K) answers by item and label.

    >>> differing_pairs(np.array([[3, 0], [1, 1], [2, 1], [1, 0]])).round(3).tolist()
    [0.0, 1.0, 0.667, 0.0]
    """
    n = counts.sum(axis=1)
    equal = (counts * (counts - 1)).sum(axis=1)
    return np.asarray(np.where(n > 1, 1.0 - equal / np.maximum(n * (n - 1), 1), 0.0))
