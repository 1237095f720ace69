"""The ways from confidence to probability, by name."""

import numpy as np

from labeler.numerics.arrays import Answers, Floats
from labeler.numerics.confidence.bayes import BAYES, BAYES_CODED
from labeler.numerics.confidence.certain import NONE
from labeler.numerics.confidence.fitted import FITTED
from labeler.numerics.confidence.linear import LINEAR
from labeler.numerics.confidence.method import ConfidenceMethod
from labeler.numerics.confidence.others import agreeing_share

ALL: tuple[ConfidenceMethod, ...] = (LINEAR, FITTED, BAYES, BAYES_CODED, NONE)
METHODS = {method.name: method for method in ALL}


def probability_of_primary(
    answers: Answers, method: str, rng: np.random.Generator | None = None
) -> Floats:
    """(n_answers,) in [1/K, 1]: a first choice is never less probable than chance, whatever was
    learned.

    `none`: every answer is certain; `linear`: what was said; `fitted`: learned from what others
    said, linear where fewer than thirty items have a second person's answer; `bayes`,
    `bayes_coded`: equations 1-4 of Wu et al. (2023) with either reading of equation 3.

    >>> from labeler.numerics.arrays import answers
    >>> some = answers([0, 1], [0, 0], [2, 1], n_labels=4, confidence=[5, 1])
    >>> probability_of_primary(some, "linear").tolist()
    [1.0, 0.25]
    """
    p = _named(method).probability(answers, rng or np.random.default_rng(0))
    return np.clip(p, 1.0 / answers.n_labels, 1.0)


def cross_validated(
    answers: Answers, method: str, rng: np.random.Generator, n_folds: int = 5
) -> Floats:
    """(n_answers,) probabilities not bounded by 1/K, each learned from other items only: what a
    fair comparison needs.

    >>> from labeler.numerics.arrays import answers
    >>> sure = [5, 3, 4, 1]
    >>> some = answers([0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 0, 1], n_labels=2, confidence=sure)
    >>> cross_validated(some, "linear", np.random.default_rng(0)).tolist()
    [1.0, 0.75, 0.875, 0.5]
    """
    named = _named(method)
    fold = rng.integers(0, n_folds, size=answers.n_items)[answers.item]
    p = np.empty(len(answers))
    for one in range(n_folds):
        held = fold == one
        if held.any():
            p[held] = named.held_out(answers, held, rng)
    return p


def _named(method: str) -> ConfidenceMethod:
    if method not in METHODS:
        raise ValueError(f"the confidence method is one of {tuple(METHODS)}, not {method!r}")
    return METHODS[method]


def brier_of(answers: Answers, p: Floats) -> Floats:
    """(n_answers,) mean of (p - 1[another agreed])² over the others of an item; nan without
    others.
    """
    share, _ = agreeing_share(answers)
    return np.asarray(p**2 - 2 * p * share + share)
