"""Worker agreement with aggregate: how often each person is with the majority weighs their
votes.
"""

import numpy as np

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method, even_winners
from labeler.numerics.aggregation.votes import accuracy, shares, weighted_votes


def wawa(evidence: Evidence) -> Aggregated:
    """Majority vote, skill = share of own votes with the majority, votes weighted by skill.
    Appen (2021); ties share the majority.
    """
    skill = accuracy(evidence, even_winners(evidence.votes.astype(np.float64)))
    return Aggregated(
        shares(weighted_votes(evidence, np.nan_to_num(skill))), annotator_quality=skill
    )


WAWA = Method(
    "wawa",
    "Agreement with the majority",
    "Votes weighted by how often their giver is with the majority.",
    "Appen (2021)",
    wawa,
)
