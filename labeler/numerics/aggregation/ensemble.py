"""The plain average of several methods: better calibrated than most of them alone. Wright and
Augenstein (2023).
"""

import numpy as np

from labeler.numerics.aggregation.dawid_skene import dawid_skene
from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method
from labeler.numerics.aggregation.glad import glad
from labeler.numerics.aggregation.mace import mace
from labeler.numerics.aggregation.softmax import softmax
from labeler.numerics.aggregation.vote_share import vote_share
from labeler.numerics.aggregation.votes import accuracy
from labeler.numerics.aggregation.wawa import wawa
from labeler.numerics.aggregation.zero_based import zero_based

MEMBERS = (vote_share, softmax, dawid_skene, glad, mace, wawa, zero_based)


def ensemble(evidence: Evidence) -> Aggregated:
    """Mean of the members' distributions. Wright and Augenstein (2023), Aggregating Soft Labels
    from Crowd Annotations, section 3.
    """
    made, converged, iterations = (
        np.zeros((evidence.answers.n_items, evidence.answers.n_labels)),
        True,
        0,
    )
    for member in MEMBERS:
        found = member(evidence)
        made += found.distribution / len(MEMBERS)
        converged, iterations = converged and found.converged, max(iterations, found.iterations)
    return Aggregated(
        made, accuracy(evidence, np.nan_to_num(made)), converged=converged, iterations=iterations
    )


METHOD = Method(
    "ensemble",
    "Average of methods",
    "The plain average of seven of the other methods.",
    "Wright and Augenstein (2023)",
    ensemble,
)
