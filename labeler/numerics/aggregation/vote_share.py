"""Every first choice counts one; confidence and reliability are left out."""

import numpy as np

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method, no_answer_is_nan
from labeler.numerics.aggregation.votes import accuracy, shares


def vote_share(evidence: Evidence, smoothing: float = 0.0) -> Aggregated:
    """(n_ik + s)/(n_i + s·K): with smoothing s = 1 Laplace's rule of succession, with 0.5 Jeffreys'
    prior.

    Raises ValueError for a negative smoothing.
    """
    if smoothing < 0:
        raise ValueError(
            f"smoothing is a number of added votes and not negative, unlike {smoothing}"
        )
    distribution = no_answer_is_nan(
        shares(np.asarray(evidence.votes + smoothing, dtype=np.float64)), evidence
    )
    return Aggregated(
        distribution, annotator_quality=accuracy(evidence, np.nan_to_num(distribution))
    )


VOTE_SHARE = Method(
    "vote_share",
    "Share of votes",
    "Every answer counts one vote; the soft label is the shares.",
    "",
    vote_share,
)
