"""From answers to distributions over labels: first each answer, then each item."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import MISSING, Answers, Bools, Floats, Ints
from labeler.numerics.counts import label_counts

TIE = 1e-9
LEAST = 1e-3  # a product of experts without a floor lets one certain person overrule everybody


@dataclass(frozen=True)
class SoftLabels:
    """distribution: (N, K), rows sum to 1; nan where an item has no answer. sample_weight: (N,). n_annotations: (N,)."""

    distribution: Floats
    sample_weight: Floats
    n_annotations: Ints

    @property
    def answered(self) -> Bools:
        return np.asarray(self.n_annotations > 0)


def of_answers(answers: Answers, p: Floats) -> Floats:
    """(n_answers, K): each answer as a distribution, given the probability p (n_answers,) of its first choice.

    The first choice gets p; the rest goes to the second choice, or in equal parts to all others. A second choice never gets
    more than the first: what is over is shared by the remaining labels. First = second (after merging) is certainty.
    Wu et al. (2023); worked values in the tests.

    >>> from labeler.numerics.arrays import answers
    >>> of_answers(answers([0], [0], [1], n_labels=4, secondary=[2]), np.array([0.4375])).tolist()
    [[0.0625, 0.4375, 0.4375, 0.0625]]
    """
    rows, n_labels = np.arange(len(answers)), answers.n_labels
    if n_labels == 1:
        return np.ones((len(answers), 1))
    y = np.repeat(((1.0 - p) / (n_labels - 1))[:, None], n_labels, axis=1)
    y[rows, answers.label] = p
    chosen = answers.secondary != MISSING
    y[chosen] = _with_secondary(answers.where(chosen), p[chosen])
    return y


def _with_secondary(answers: Answers, p: Floats) -> Floats:
    rows, n_labels = np.arange(len(answers)), answers.n_labels
    second = np.minimum(1.0 - p, p)
    over = 1.0 - p - second
    y = np.repeat((over / max(1, n_labels - 2))[:, None], n_labels, axis=1)
    y[rows, answers.secondary] = second
    y[rows, answers.label] = p
    same = answers.label == answers.secondary
    y[same] = 0.0
    y[rows[same], answers.label[same]] = 1.0
    return y


def _weighted_mean(answers: Answers, y: Floats, weight: Floats) -> Floats:
    total = np.stack([np.bincount(answers.item, weights=weight * y[:, k], minlength=answers.n_items) for k in range(answers.n_labels)], axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / total.sum(axis=1, keepdims=True))


def vote_share(answers: Answers, y: Floats, r: Floats) -> Floats:
    """Every first choice counts one; confidence and reliability are left out."""
    return _weighted_mean(answers, np.eye(answers.n_labels)[answers.label], np.ones(len(answers)))


def mean(answers: Answers, y: Floats, r: Floats) -> Floats:
    """The plain mean of the answers' distributions."""
    return _weighted_mean(answers, y, np.ones(len(answers)))


def reliability_mean(answers: Answers, y: Floats, r: Floats) -> Floats:
    """Σ r_a y_a / Σ r_a (Cook et al. 2024, for any number of annotators)."""
    return _weighted_mean(answers, y, r[answers.annotator])


def product(answers: Answers, y: Floats, r: Floats) -> Floats:
    """The normalised product of the answers' distributions, each floored at LEAST."""
    logs = np.log(np.maximum(y, LEAST))
    total = np.stack([np.bincount(answers.item, weights=logs[:, k], minlength=answers.n_items) for k in range(answers.n_labels)], axis=1)
    total -= total.max(axis=1, keepdims=True)
    n = np.bincount(answers.item, minlength=answers.n_items)
    return np.asarray(np.where(n[:, None] > 0, np.exp(total) / np.exp(total).sum(axis=1, keepdims=True), np.nan))


METHODS: dict[str, Callable[[Answers, Floats, Floats], Floats]] = {
    "vote_share": vote_share,
    "mean": mean,
    "reliability": reliability_mean,
    "product": product,
}


def soft_labels(answers: Answers, p: Floats, r: Floats, method: str = "reliability") -> SoftLabels:
    """One distribution an item, from first answers only: a repeat says something about the person, not more about the item.

    p: (n_answers,) probability of each first choice; r: (M,) reliability. sample_weight is the mean r of an item's annotators.
    """
    if method not in METHODS:
        raise ValueError(f"the method is one of {tuple(METHODS)}, not {method!r}")
    first = answers.first_pass
    y = of_answers(first, p[answers.pass_number == 1])
    n = label_counts(answers).sum(axis=1)
    weight = np.bincount(first.item, weights=r[first.annotator], minlength=answers.n_items) / np.maximum(n, 1)
    return SoftLabels(METHODS[method](first, y, r), weight, n)


def hard_labels(distribution: Floats) -> tuple[Ints, Bools]:
    """(N,) the most probable label, the first one on a tie, and (N,) whether it was a tie. Raises ValueError on nan rows.

    >>> labels, ties = hard_labels(np.array([[0.5, 0.5], [0.2, 0.8]]))
    >>> labels.tolist(), ties.tolist()
    ([0, 1], [True, False])
    """
    if np.isnan(distribution).any():
        raise ValueError("an item without an answer has no hard label")
    top = distribution.max(axis=1, keepdims=True)
    near = distribution >= top - TIE
    return np.asarray(near.argmax(axis=1), dtype=np.int64), np.asarray(near.sum(axis=1) > 1)


def entropy(distribution: Floats) -> Floats:
    """(N,) in nats; 0·log 0 = 0."""
    safe = np.where(distribution > 0, distribution, 1.0)
    return np.asarray(-(distribution * np.log(safe)).sum(axis=1) + 0.0)
