"""The plain mean of the answers' own soft labels: first choice, confidence and second choice."""

import numpy as np

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method
from labeler.numerics.aggregation.votes import accuracy, shares, summed


def mean(evidence: Evidence) -> Aggregated:
    """Σ_a y_a / n. Wu et al. (2023)."""
    distribution = shares(summed(evidence, evidence.y, np.ones(len(evidence.answers))))
    return Aggregated(
        distribution, annotator_quality=accuracy(evidence, np.nan_to_num(distribution))
    )


MEAN = Method(
    "mean",
    "Mean of answers",
    "Each answer spreads by its confidence and second choice; the answers are averaged.",
    "Wu et al. (2023)",
    mean,
)
