"""One answer as a distribution over labels, and what a distribution says: its hard label and its
entropy.
"""

import numpy as np

from labeler.numerics.arrays import MISSING, Answers, Bools, Floats, Ints

TIE = 1e-9
HALVINGS = 55  # of [0, 1]: to the last bit of a float


def of_answers(answers: Answers, p: Floats) -> Floats:
    """(n_answers, K): each answer as a distribution, given the probability p (n_answers,) of its
    first choice, at least 1/K.

    The first choice gets p; the rest goes to the second choice, or in equal parts to all others (in
    an ordinal set: to the near ones more than to the far ones). A second choice never gets more
    than the first: what is over is shared by the remaining labels. First = second (after merging)
    is certainty. Wu et al. (2023); worked values in the tests.

    >>> from labeler.numerics.arrays import answers
    >>> of_answers(answers([0], [0], [1], n_labels=4, secondary=[2]), np.array([0.4375])).tolist()
    [[0.0625, 0.4375, 0.4375, 0.0625]]
    """
    answers.expect_single("of_answers")
    if answers.n_labels == 1:
        return np.ones((len(answers), 1))
    y = _spread(answers, p)
    chosen = answers.secondary != MISSING
    if chosen.any():
        y[chosen] = _with_secondary(answers.where(chosen), p[chosen])
    return y


def _spread(answers: Answers, p: Floats) -> Floats:
    if answers.kind == "ordinal":
        return over_neighbours(answers.label.astype(np.int64), p, answers.n_labels)
    y = np.repeat(((1.0 - p) / (answers.n_labels - 1))[:, None], answers.n_labels, axis=1)
    y[np.arange(len(answers)), answers.label] = p
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


def over_neighbours(label: Ints, p: Floats, n_labels: int) -> Floats:
    """(n, K) with y_k ∝ λ^|k - label|, λ in [0, 1] chosen so that the label itself gets p ≥ 1/K:
    certainty at 1, uniform at 1/K.

    An ordinal answer in doubt lies near the truth more likely than far from it.

    label, p: (n,)

    >>> over_neighbours(np.array([0]), np.array([4 / 7]), 3).round(6).tolist()
    [[0.571429, 0.285714, 0.142857]]
    """
    pairs, place = np.unique(
        np.stack([label.astype(np.float64), p], axis=1), axis=0, return_inverse=True
    )
    steps = np.abs(np.arange(n_labels) - pairs[:, :1])
    low, high = np.zeros(len(pairs)), np.ones(len(pairs))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_wide = 1.0 / (middle[:, None] ** steps).sum(axis=1) < pairs[:, 1]
        low, high = np.where(too_wide, low, middle), np.where(too_wide, middle, high)
    y = np.where(pairs[:, 1:] >= 1.0, steps == 0, ((low + high) / 2)[:, None] ** steps)
    return np.asarray((y / y.sum(axis=1, keepdims=True))[place.reshape(-1)])


def hard_labels(distribution: Floats) -> tuple[Ints, Bools]:
    """(N,) the most probable label, the first one on a tie, and (N,) whether it was a tie. Raises
    ValueError on nan rows.

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
