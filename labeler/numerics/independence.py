"""How many independent opinions there are, and whether everybody can be compared with everybody."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from labeler.numerics.arrays import Answers, Floats, Ints
from labeler.numerics.counts import answers_per_item, by_item

MOST_FOR_STRENGTH = 2000


@dataclass(frozen=True)
class Independence:
    """`correlation` of two people's errors on the items they share (None when no two share any)
    and what that makes of the answers: `n_raters` answers an item count as `n_effective`
    independent ones.
    """

    correlation: float | None
    n_raters: float
    n_effective: float
    n_pairs: int


def effective_raters(answers: Answers, distribution: Floats) -> Independence:
    """n_effective = n/(1 + (n - 1)·ρ), ρ the mean correlation of errors of two people on one item.
    Kish (1965), section 5.4.

    distribution: (N, K) what is known of the items from elsewhere, such as gold labels, nan rows
        where nothing is; an answer's error is 1 minus the probability of its label

    A belief made of these same answers would show their own disagreement as shared error. People
    who err on the same items because those are hard, or because they share a bias or a source,
    bring less than their number. A negative ρ counts as 0.
    """
    answers.expect_single("effective_raters")
    first = answers.first_pass
    first = first.where(np.isfinite(distribution[first.item, 0]))
    item, annotator, label = by_item(first)
    error = 1.0 - distribution[item, label]
    n = np.bincount(annotator, minlength=answers.n_annotators)
    mean = np.bincount(annotator, weights=error, minlength=answers.n_annotators) / np.maximum(n, 1)
    residual = error - mean[annotator]
    spread = np.sqrt(
        np.bincount(annotator, weights=residual**2, minlength=answers.n_annotators)
        / np.maximum(n, 1)
    )
    unit = np.where(
        spread[annotator] > 0, residual / np.where(spread > 0, spread, 1.0)[annotator], 0.0
    )
    total = np.bincount(item, weights=unit, minlength=answers.n_items)
    own = np.bincount(item, weights=unit**2, minlength=answers.n_items)
    errs = spread[annotator] > 0  # somebody without errors shares none
    per_item = np.bincount(item[errs], minlength=answers.n_items)
    n_pairs = int((per_item * (per_item - 1) // 2).sum())
    each = answers_per_item(first)
    n_raters = float(each[each > 0].mean()) if (each > 0).any() else 0.0
    if n_pairs == 0:
        return Independence(None, n_raters, n_raters, 0)
    mean_product = float(((total**2 - own) / 2).sum() / n_pairs)
    # spreads come from all of a person's items, products from the shared ones alone
    correlation = min(1.0, max(-1.0, mean_product))
    return Independence(correlation, n_raters, worth(n_raters, correlation), n_pairs)


def worth(n_raters: float, correlation: float) -> float:
    """n/(1 + (n - 1)·ρ): how many independent answers n answers are.

    >>> worth(4.0, 1.0)
    1.0
    """
    return n_raters / (1.0 + (n_raters - 1.0) * max(0.0, correlation))


@dataclass(frozen=True)
class Connectedness:
    """component: (M,) which group of people each belongs to; two in different groups cannot be
    compared, even through others.

    strength: the graph's algebraic connectivity (Fiedler 1973), 0 when it falls apart; the
    larger, the harder to cut. None for more than MOST_FOR_STRENGTH people, where it would take
    seconds."""

    component: Ints
    n_components: int
    strength: float | None


def connectedness(first: Ints, second: Ints, n_annotators: int) -> Connectedness:
    """Of the graph whose edges (n_pairs,) join people who share enough items.

    >>> connectedness(np.array([0, 2]), np.array([1, 3]), 4).n_components
    2
    """
    graph = sparse.coo_array(
        (np.ones(first.size), (first, second)), shape=(n_annotators, n_annotators)
    ).tocsr()
    n_components, component = connected_components(graph, directed=False)
    return Connectedness(
        component.astype(np.int64),
        int(n_components),
        _strength(graph) if n_components == 1 else 0.0,
    )


def _strength(graph: sparse.csr_array) -> float | None:
    if not 1 < graph.shape[0] <= MOST_FOR_STRENGTH:
        return None if graph.shape[0] > 1 else 0.0
    both = (graph + graph.T).toarray()
    return float(np.linalg.eigvalsh(np.diag(both.sum(axis=1)) - both)[1])
