"""What a plan will tell: how wide the interval of agreement will be."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.agreement.coefficients import alpha_of_table
from labeler.numerics.arrays import Floats
from labeler.numerics.intervals import interval_of

N_DRAWS = 2000
FEWEST, STEP = 10, 1.05


@dataclass(frozen=True)
class Forecast:
    """The 95 % interval that agreement measured on n_shared items will lie in when it is truly
    `alpha`; None below two items.
    """

    alpha: float
    n_shared: int
    interval: tuple[float, float] | None

    @property
    def width(self) -> float | None:
        return None if self.interval is None else self.interval[1] - self.interval[0]


def forecast(n_shared: int, prevalence: Floats, alpha: float, rng: np.random.Generator) -> Forecast:
    """Alpha of two people simulated N_DRAWS times on n_shared items with labels as frequent as
    `prevalence` (K,).

    P(k, l) = alpha·p_k·[k = l] + (1 - alpha)·p_k p_l has exactly that chance-corrected agreement.
    Raises ValueError for alpha outside 0..1 or a prevalence that is no distribution.

    >>> many = forecast(100, np.array([0.5, 0.5]), 0.6, np.random.default_rng(0))
    >>> few = forecast(25, np.array([0.5, 0.5]), 0.6, np.random.default_rng(0))
    >>> many.width < few.width
    True
    """
    if not 0.0 <= alpha <= 1.0:
        raise ValueError(f"an expected agreement lies in 0..1, not {alpha}")
    if prevalence.min() < 0 or abs(prevalence.sum() - 1) > 1e-6:
        raise ValueError("prevalence is a distribution over the labels: not negative, with sum 1")
    if n_shared < 2:
        return Forecast(alpha, n_shared, None)
    joint = alpha * np.diag(prevalence) + (1 - alpha) * np.outer(prevalence, prevalence)
    drawn = rng.multinomial(n_shared, joint.ravel() / joint.sum(), size=N_DRAWS).reshape(
        N_DRAWS, *joint.shape
    )
    return Forecast(
        alpha, n_shared, interval_of(alpha_of_table(drawn.astype(np.float64), "nominal", None))
    )


def items_for_width(
    width: float, prevalence: Floats, alpha: float, rng: np.random.Generator, most: int = 100_000
) -> int | None:
    """The fewest shared items, to about 5 %, from which on an interval is no wider than `width`;
    None when `most` are not enough.

    Sought from above: of few items with one label very common nearly all draws are alike, and their
    interval is narrow for no reason.
    """
    enough, n = None, float(most)
    while n >= FEWEST:
        width_there = forecast(round(n), prevalence, alpha, rng).width
        if width_there is None or width_there > width:
            break
        enough, n = round(n), n / STEP
    return enough
