"""How well people know how sure they are: says 5, is right so often."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import MISSING, Answers, Bools, Floats, Ints
from labeler.numerics.confidence.linear import linear
from labeler.numerics.confidence.others import agreeing_share
from labeler.numerics.intervals import wilson


@dataclass(frozen=True)
class Curves:
    """Rows are annotators, the last row everybody together; columns are confidence 1..S.

    n: (M+1, S) answers that others can be held against
    share: (M+1, S) how often another person said the same, nan where n is 0
    low, high: (M+1, S) its interval
    expected: (S,) what the linear reading promises
    brier, ece: (M+1,) of the stated confidence
    """

    n: Ints
    share: Floats
    low: Floats
    high: Floats
    expected: Floats
    brier: Floats
    ece: Floats


def calibration_curves(answers: Answers) -> Curves:
    """First answers with a confidence on items that others answered too.

    >>> from labeler.numerics.arrays import answers
    >>> sure = [5, 5, 5, 1]
    >>> some = answers([0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 0, 1], n_labels=2, confidence=sure)
    >>> found = calibration_curves(some)
    >>> float(found.share[0, 4]), int(found.n[0, 4])
    (0.5, 2)
    """
    share, n_others = agreeing_share(answers)
    there: Bools = (answers.pass_number == 1) & (n_others > 0) & (answers.confidence != MISSING)
    who, step = (
        answers.annotator[there].astype(np.int64),
        answers.confidence[there].astype(np.int64) - 1,
    )
    expected = linear(
        np.arange(1, answers.scale + 1), scale=answers.scale, n_labels=answers.n_labels
    )
    n, hits = _both(who, step, None, answers), _both(who, step, share[there], answers)
    with np.errstate(invalid="ignore"):
        rate = hits / np.where(n > 0, n, np.nan)
    low, high = wilson(hits, n)
    loss = _both(who, step, _loss(expected[step], share[there]), answers)
    total = n.sum(axis=1)
    of = np.where(total > 0, total, np.nan)
    ece = np.abs(np.nan_to_num(rate) - expected) * n
    return Curves(
        n.astype(np.int64), rate, low, high, expected, loss.sum(axis=1) / of, ece.sum(axis=1) / of
    )


def _loss(p: Floats, share: Floats) -> Floats:
    return np.asarray(p**2 - 2 * p * share + share)


def _both(who: Ints, step: Ints, weights: Floats | None, answers: Answers) -> Floats:
    """(M+1, S) sums by annotator and step, everybody's below."""
    each = np.bincount(
        who * answers.scale + step, weights=weights, minlength=answers.n_annotators * answers.scale
    )
    each = each.reshape(answers.n_annotators, answers.scale).astype(np.float64)
    return np.concatenate([each, each.sum(axis=0, keepdims=True)])
