"""The ways from confidence to probability, by name."""

import numpy as np

from labeler.numerics.arrays import Answers, Floats
from labeler.numerics.confidence.bayes import bayes
from labeler.numerics.confidence.fitted import fit
from labeler.numerics.confidence.linear import stated
from labeler.numerics.confidence.others import agreeing_share, co_answers

METHODS = ("linear", "fitted", "bayes", "bayes_coded", "none")


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
    _expect_method(method)
    if method == "none":
        return np.ones(len(answers))
    if method == "linear":
        return stated(answers)
    if method == "fitted":
        calibrator = fit(answers, rng or np.random.default_rng(0))
        p = stated(answers) if calibrator is None else calibrator.predict(answers)
    else:
        p = bayes(answers, "natural" if method == "bayes" else "coded")
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
    _expect_method(method)
    fold = rng.integers(0, n_folds, size=answers.n_items)[answers.item]
    p = stated(answers)
    if method in ("linear", "none"):
        return np.ones(len(answers)) if method == "none" else p
    fitted = p.copy()
    for held in range(n_folds):
        out = fold == held
        if not out.any():
            continue
        if method == "fitted":
            calibrator = fit(answers, rng, ~out)
            fitted[out] = p[out] if calibrator is None else calibrator.predict(answers.where(out))
        else:
            fitted[out] = bayes(
                answers.where(out),
                "natural" if method == "bayes" else "coded",
                co_answers(answers.where(~out)),
            )
    return fitted


def _expect_method(method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"the confidence method is one of {METHODS}, not {method!r}")


def brier_of(answers: Answers, p: Floats) -> Floats:
    """(n_answers,) mean of (p - 1[another agreed])² over the others of an item; nan without
    others.
    """
    share, _ = agreeing_share(answers)
    return np.asarray(p**2 - 2 * p * share + share)
