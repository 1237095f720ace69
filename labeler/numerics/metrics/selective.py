"""Does confidence tell right from wrong? For answering only where a model is sure. confidence,
correct: (N,).
"""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Floats


def auroc(score: Floats, positive: Floats) -> float | None:
    """Probability that a positive scores above a negative, ties counting half (Mann-Whitney); None
    when one of them is absent.

    >>> auroc(np.array([0.9, 0.8, 0.3]), np.array([1.0, 0.0, 0.0]))
    1.0
    """
    yes = positive > 0.5
    n_yes, n_no = int(yes.sum()), int((~yes).sum())
    if not n_yes or not n_no:
        return None
    _, place, n_tied = np.unique(score, return_inverse=True, return_counts=True)
    rank = (n_tied.cumsum() - (n_tied - 1) / 2)[place]
    return float((rank[yes].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def misclassification_auroc(confidence: Floats, correct: Floats) -> float | None:
    """How well confidence ranks right answers above wrong ones. Hendrycks and Gimpel (2017)."""
    return auroc(confidence, correct)


@dataclass(frozen=True)
class RiskCoverage:
    """Error among the most confident share of items: coverage, risk (N,); `area` under it
    (AURC), lower is better; 0 when never wrong.
    """

    coverage: Floats
    risk: Floats
    area: float


def risk_coverage(confidence: Floats, correct: Floats) -> RiskCoverage:
    """Geifman et al. (2019). Items with equal confidence are taken in together, so that their order
    does not matter.

    >>> curve = risk_coverage(np.array([0.9, 0.8, 0.7, 0.6]), np.array([1.0, 1, 0, 1]))
    >>> curve.risk.round(3).tolist()
    [0.0, 0.0, 0.333, 0.25]
    """
    if confidence.size == 0:
        raise ValueError("there is no item to answer")
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1.0 - correct[order])
    level = confidence[order]
    last = np.flatnonzero(np.append(level[1:] != level[:-1], True))
    place = last[np.searchsorted(last, np.arange(level.size))]
    n = place + 1.0
    risk = wrong[place] / n
    return RiskCoverage(np.arange(1, level.size + 1) / level.size, risk, float(risk.mean()))
