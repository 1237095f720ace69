"""The mean of the answers' own soft labels, weighted by how reliable their annotators are."""

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method
from labeler.numerics.aggregation.votes import shares, summed


def reliability(evidence: Evidence) -> Aggregated:
    """Σ r_a y_a / Σ r_a (Cook et al. 2024, for any number of annotators)."""
    weight = evidence.r[evidence.answers.annotator]
    return Aggregated(shares(summed(evidence, evidence.y, weight)), annotator_quality=evidence.r)


RELIABILITY = Method(
    "reliability",
    "Weighted by reliability",
    "As the mean of answers, but reliable people count more.",
    "Cook et al. (2024)",
    reliability,
)
