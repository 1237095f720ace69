"""How far apart two labels are: nothing between for names, steps for an order, differences for
numbers.
"""

import numpy as np

from labeler.numerics.arrays import Floats

LEVELS = ("nominal", "ordinal", "interval", "ratio", "linear")


def expect_level(level: str) -> None:
    if level not in LEVELS:
        raise ValueError(f"the level is one of {LEVELS}, not {level!r}")


def values_or_codes(values: Floats | None, n_labels: int) -> Floats:
    """The numbers that labels stand for, (K,): their positions when none are given."""
    return (
        np.arange(n_labels, dtype=np.float64)
        if values is None
        else np.asarray(values, dtype=np.float64)
    )


def squared_distance(level: str, margins: Floats, values: Floats | None = None) -> Floats:
    """Krippendorff's δ² (..., K, K). `margins`: (..., K) how often each label was used, which only
    the ordinal one needs.

    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D. Raises ValueError
    for a level it does not know.

    >>> squared_distance("interval", np.ones(3))[0].tolist()
    [0.0, 1.0, 4.0]
    """
    n_labels = margins.shape[-1]
    number = values_or_codes(values, n_labels)
    if level == "nominal":
        return 1.0 - np.eye(n_labels)
    if level == "interval":
        return np.asarray((number[:, None] - number) ** 2)
    if level == "ratio":
        total = number[:, None] + number
        return np.asarray(((number[:, None] - number) / np.where(total == 0, 1.0, total)) ** 2)
    if level == "ordinal":
        upto = np.cumsum(margins, axis=-1)
        # rank of each label's middle: the sum between two labels is the difference of their ranks
        middle = upto - margins / 2
        return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)
    raise ValueError(f"the level of Krippendorff's alpha is one of {LEVELS[:4]}, not {level!r}")


def agreement_weights(level: str, n_labels: int, values: Floats | None = None) -> Floats:
    """How much of an agreement two labels are, (K, K) in 0..1 with 1 on the diagonal, for weighted
    kappas and AC2.

    nominal: identity; linear and interval (quadratic): Cohen (1968); ordinal and ratio: Gwet
    (2014), chapter 3.

    >>> agreement_weights("interval", 3)[0].tolist()
    [1.0, 0.75, 0.0]
    """
    if level == "nominal" or n_labels < 2:
        return np.eye(n_labels)
    number = values_or_codes(values, n_labels)
    gap = np.abs(number[:, None] - number)
    if level == "linear":
        return np.asarray(1.0 - gap / gap.max())
    if level == "interval":
        return np.asarray(1.0 - (gap / gap.max()) ** 2)
    if level == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(n_labels), np.arange(n_labels))).astype(
            np.float64
        )
        return np.asarray(1.0 - steps * (steps + 1) / (n_labels * (n_labels - 1)))
    if level == "ratio":
        distance = squared_distance("ratio", np.ones(n_labels), number)
        return np.asarray(1.0 - distance / distance.max())
    raise ValueError(f"the level is one of {LEVELS}, not {level!r}")
