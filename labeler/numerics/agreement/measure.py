"""What a measure of agreement is: a value with its interval and what it rests on, or the reason
why there is none.
"""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Floats, Ints

NO_OVERLAP = "no item was answered twice"
NO_VARIATION = "the answers do not vary, so chance alone would agree as well"
FEWEST = 5  # items below which draws of them say nothing about others
ONE_LABEL = "there is only one label to choose"


@dataclass(frozen=True)
class Measure:
    """`value` and `interval` (low, high; 95 %) or None with the `reason`; `n` items it rests on;
    `observed` = share of equal ones among pairs of answers to one item, an item counting by its
    answers.
    """

    value: float | None
    n: int
    observed: float | None = None
    interval: tuple[float, float] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Measures:
    """Many measures as columns, each (n,): nan where undefined. One by one with `measure(i)`."""

    value: Floats
    low: Floats
    high: Floats
    n: Ints
    observed: Floats

    def __len__(self) -> int:
        return int(self.n.size)

    def measure(self, i: int) -> Measure:
        return measure_of(
            float(self.value[i]),
            int(self.n[i]),
            float(self.observed[i]),
            (float(self.low[i]), float(self.high[i])),
        )


def measure_of(
    value: float, n: int, observed: float, interval: tuple[float, float] | None
) -> Measure:
    """A Measure from numbers in which nan means undefined."""
    if n == 0:
        return Measure(None, 0, reason=NO_OVERLAP)
    if np.isnan(value):
        return Measure(None, n, None if np.isnan(observed) else observed, reason=NO_VARIATION)
    # draws that are all alike are no certainty
    known = interval is not None and n >= FEWEST and interval[0] < interval[1]
    return Measure(value, n, None if np.isnan(observed) else observed, interval if known else None)
