"""Confidence is not looked at."""

import numpy as np

from labeler.numerics.arrays import Answers, Bools, Floats
from labeler.numerics.confidence.method import ConfidenceMethod


def certain(answers: Answers, rng: np.random.Generator) -> Floats:
    """(n_answers,) ones: every answer is taken for certain."""
    return np.ones(len(answers))


def certain_held_out(answers: Answers, held: Bools, rng: np.random.Generator) -> Floats:
    """(n_held,) ones."""
    return np.ones(int(held.sum()))


NONE = ConfidenceMethod("none", "Every answer is certain.", "", certain, certain_held_out)
