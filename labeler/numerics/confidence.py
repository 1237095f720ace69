"""From what a person says about their confidence to the probability of their first choice."""

import numpy as np

from labeler.numerics.arrays import MISSING, Answers, Floats, Ints

METHODS = ("linear", "none")


def linear(confidence: Ints, *, scale: int, n_labels: int) -> Floats:
    """p = 1/K + (K-1)/K · (c-1)/(S-1): lowest confidence is uniform, highest is certain. Same shape as `confidence`.

    Wu et al. (2023) with the project's own K = n_labels and S = scale.

    >>> linear(np.array([1, 2, 3, 4, 5]), scale=5, n_labels=4).tolist()
    [0.25, 0.4375, 0.625, 0.8125, 1.0]
    """
    if n_labels < 2:
        return np.ones(confidence.shape)
    return 1.0 / n_labels + (n_labels - 1) / n_labels * (confidence - 1) / (scale - 1)


def probability_of_primary(answers: Answers, method: str) -> Floats:
    """(n_answers,) in [1/K, 1]. `none` takes every answer as certain.

    With `linear`, an answer without a confidence gets the mean probability of that annotator's other answers; an annotator
    who never says one is taken at their word (1).
    """
    if method not in METHODS:
        raise ValueError(f"the confidence method is one of {METHODS}, not {method!r}")
    if method == "none":
        return np.ones(len(answers))
    said = answers.confidence != MISSING
    p = np.where(said, linear(answers.confidence, scale=answers.scale, n_labels=answers.n_labels), 0.0)
    n = np.bincount(answers.annotator[said], minlength=answers.n_annotators)
    total = np.bincount(answers.annotator[said], weights=p[said], minlength=answers.n_annotators)
    mean = np.where(n > 0, total / np.maximum(n, 1), 1.0)
    return np.where(said, p, mean[answers.annotator])
