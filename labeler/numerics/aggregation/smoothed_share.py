"""Share of votes with half a vote added to each label, so that two equal answers are not
certainty.
"""

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method
from labeler.numerics.aggregation.vote_share import vote_share

JEFFREYS = 0.5


def smoothed_share(evidence: Evidence) -> Aggregated:
    return vote_share(evidence, JEFFREYS)


SMOOTHED_SHARE = Method(
    "smoothed_share",
    "Smoothed share of votes",
    "As the share of votes, with half a vote for every label beforehand.",
    "Jeffreys (1946)",
    smoothed_share,
)
