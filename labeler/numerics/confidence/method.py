"""What a way from confidence to probability is."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Answers, Bools, Floats


@dataclass(frozen=True)
class ConfidenceMethod:
    """probability: (n_answers,) of each first choice, learned from all answers
    held_out: (n_held,) of those that the mask (n_answers,) holds out, learned from the rest
    """

    name: str
    summary: str
    source: str
    probability: Callable[[Answers, np.random.Generator], Floats]
    held_out: Callable[[Answers, Bools, np.random.Generator], Floats]
