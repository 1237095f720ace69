"""Temperature: one number that makes a model's probabilities mean what they say, and the diagram
that shows whether they do.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from labeler.numerics.arrays import Floats, Ints
from labeler.numerics.metrics.calibration_errors import bins_of

SMALLEST, LARGEST = 0.05, 20.0


def fit_temperature(logits: Floats, target: Floats) -> float:
    """T > 0 that minimises the mean soft cross-entropy of softmax(logits / T) against target; both
    (N, K). Guo et al. (2017).

    With hard one-hot targets this is ordinary temperature scaling; with soft ones it fits the
    annotators' distribution.

    >>> logits = np.array([[4.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 0.0]])
    >>> target = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> round(fit_temperature(logits, target), 3)
    3.641
    """
    if logits.shape[0] == 0:
        return 1.0

    def loss(log_temperature: float) -> float:
        return float(
            -(target * log_softmax(logits / np.exp(log_temperature), axis=1)).sum(axis=1).mean()
        )

    minimum = minimize_scalar(
        loss, bounds=(np.log(SMALLEST), np.log(LARGEST)), method="bounded", options={"xatol": 1e-6}
    )
    return float(np.exp(minimum.x))


def probabilities(logits: Floats, temperature: float) -> Floats:
    """softmax(logits / T), (N, K)."""
    return np.asarray(np.exp(log_softmax(logits / temperature, axis=1)))


@dataclass(frozen=True)
class Bin:
    """Predictions whose confidence lies in (low, high]: how many, how sure on average, how often
    right.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def reliability_diagram(predicted: Floats, hard: Ints, n_bins: int = 10) -> list[Bin]:
    """Bins that hold a prediction, in order.

    predicted: (N, K)
    hard: (N,)
    """
    confidence = predicted.max(axis=1)
    correct = predicted.argmax(axis=1) == hard
    place = bins_of(confidence, n_bins)
    return [
        Bin(
            b / n_bins,
            (b + 1) / n_bins,
            int(inside.sum()),
            float(confidence[inside].mean()),
            float(correct[inside].mean()),
        )
        for b in range(n_bins)
        if (inside := place == b).any()
    ]


@dataclass(frozen=True)
class SharesBin:
    """Items whose most probable label has a probability in (low, high]: how many, that probability
    on average, and the share of people who chose the label.
    """

    low: float
    high: float
    n: int
    confidence: float
    share: float


def shares_diagram(predicted: Floats, target: Floats, n_bins: int = 10) -> list[SharesBin]:
    """Bins that hold an item, in order; for a model of people's distribution, which is right when
    the two are equal.

    predicted, target: (N, K)

    >>> predicted, target = np.array([[0.7, 0.3], [0.8, 0.2]]), np.array([[0.6, 0.4], [0.9, 0.1]])
    >>> found = shares_diagram(predicted, target)
    >>> [(one.n, round(one.confidence, 2), round(one.share, 2)) for one in found]
    [(1, 0.7, 0.6), (1, 0.8, 0.9)]
    """
    top = predicted.argmax(axis=1)
    rows = np.arange(top.size)
    confidence, share = predicted[rows, top], target[rows, top]
    place = bins_of(confidence, n_bins)
    return [
        SharesBin(
            b / n_bins,
            (b + 1) / n_bins,
            int(inside.sum()),
            float(confidence[inside].mean()),
            float(share[inside].mean()),
        )
        for b in range(n_bins)
        if (inside := place == b).any()
    ]
