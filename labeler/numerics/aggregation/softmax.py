"""Softmax of the vote counts: sharper than shares when many answered, softer when few did."""

import numpy as np

from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    no_answer_is_nan,
    of_logs,
)
from labeler.numerics.aggregation.votes import accuracy


def softmax(evidence: Evidence) -> Aggregated:
    """exp(n_ik)/Σ exp(n_il). Uma et al. (2021), JAIR 72, section 4."""
    distribution = no_answer_is_nan(of_logs(evidence.votes.astype(np.float64))[0], evidence)
    return Aggregated(
        distribution, annotator_quality=accuracy(evidence, np.nan_to_num(distribution))
    )


SOFTMAX = Method(
    "softmax",
    "Softmax of votes",
    "The exponential of each label's votes, made to sum to one.",
    "Uma et al. (2021)",
    softmax,
)
