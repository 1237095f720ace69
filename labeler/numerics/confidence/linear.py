"""Lowest confidence is uniform, highest is certain. Wu et al. (2023)."""

import numpy as np

from labeler.numerics.arrays import MISSING, Answers, Bools, Codes, Floats
from labeler.numerics.confidence.method import ConfidenceMethod


def linear(confidence: Codes | Floats, *, scale: int, n_labels: int) -> Floats:
    """p = 1/K + (K-1)/K · (c-1)/(S-1), the shape of `confidence`, with the project's own K =
    n_labels and S = scale.

    >>> linear(np.array([1, 2, 3, 4, 5]), scale=5, n_labels=4).tolist()
    [0.25, 0.4375, 0.625, 0.8125, 1.0]
    """
    if n_labels < 2:
        return np.ones(confidence.shape)
    return np.asarray(
        1.0 / n_labels
        + (n_labels - 1) / n_labels * (confidence.astype(np.float64) - 1) / (scale - 1)
    )


def confidence_of(p: Floats, *, scale: int, n_labels: int) -> Floats:
    """The inverse: c = 1 + (S-1)(p - 1/K)·K/(K-1), not rounded.

    >>> confidence_of(np.array([0.5, 1.0]), scale=5, n_labels=3).tolist()
    [2.0, 5.0]
    """
    return np.asarray(1.0 + (scale - 1) * (p - 1.0 / n_labels) * n_labels / (n_labels - 1))


def stated(answers: Answers) -> Floats:
    """(n_answers,) linear p of every answer. One without a confidence gets the mean of that
    annotator's others; who never says one is taken at their word (1).
    """
    said = answers.confidence != MISSING
    p = np.where(
        said, linear(answers.confidence, scale=answers.scale, n_labels=answers.n_labels), 0.0
    )
    n = np.bincount(answers.annotator[said], minlength=answers.n_annotators)
    total = np.bincount(answers.annotator[said], weights=p[said], minlength=answers.n_annotators)
    mean = np.where(n > 0, total / np.maximum(n, 1), 1.0)
    return np.where(said, p, mean[answers.annotator])


def _probability(answers: Answers, rng: np.random.Generator) -> Floats:
    return stated(answers)


def _held_out(answers: Answers, held: Bools, rng: np.random.Generator) -> Floats:
    return stated(answers.where(held))


LINEAR = ConfidenceMethod(
    "linear",
    "What was said, from chance at the lowest step to certainty at the highest.",
    "Wu et al. (2023)",
    _probability,
    _held_out,
)
