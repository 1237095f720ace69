"""How well each annotator's own answers are predicted, not only what they say together. LeWiDi
2025, task B.
"""

import numpy as np

from labeler.numerics.arrays import Answers, Floats


def error_per_annotator(answers: Answers, predicted: Floats, scale: int | None = None) -> Floats:
    """(M,) mean error of predicted labels (n_answers,) against each annotator's answers; nan for
    those without answers.

    Nominal: share of wrong labels. With `scale`, the number of scale values: mean |difference|
    divided by it.

    >>> from labeler.numerics.arrays import answers
    >>> some = answers([0, 1, 2, 3], [0, 0, 1, 1], [1, 0, 1, 1], n_labels=2)
    >>> error_per_annotator(some, np.array([1, 1, 1, 0])).tolist()
    [0.5, 0.5]
    """
    return _means(
        answers, answer_errors(answers, predicted, scale), answers.annotator, answers.n_annotators
    )


def perspectivist_error(answers: Answers, predicted: Floats, scale: int | None = None) -> float:
    """Mean over items of the mean error over the item's annotators.

    >>> from labeler.numerics.arrays import answers
    >>> some = answers([0, 0, 0], [0, 1, 2], [2, 5, 3], n_labels=7)
    >>> round(perspectivist_error(some, np.array([3, 3, 3]), 6), 6)
    0.166667
    """
    return float(
        np.nanmean(
            _means(answers, answer_errors(answers, predicted, scale), answers.item, answers.n_items)
        )
    )


def answer_errors(answers: Answers, predicted: Floats, scale: int | None) -> Floats:
    """(n_answers,)"""
    if scale is None:
        return np.asarray(answers.label != predicted, dtype=np.float64)
    return np.asarray(np.abs(answers.label - predicted) / scale)


def _means(answers: Answers, error: Floats, group: np.ndarray, n_groups: int) -> Floats:
    n = np.bincount(group, minlength=n_groups)
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.bincount(group, weights=error, minlength=n_groups) / np.where(n > 0, n, np.nan)
        )
