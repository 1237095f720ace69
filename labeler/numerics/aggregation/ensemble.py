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
    distribution, converged, iterations = (
        np.zeros((evidence.answers.n_items, evidence.answers.n_labels)),
        True,
        0,
    )
    for member in MEMBERS:
        aggregated = member(evidence)
        distribution += aggregated.distribution / len(MEMBERS)
        converged, iterations = (
            converged and aggregated.converged,
            max(iterations, aggregated.iterations),
        )
    return Aggregated(
        distribution,
        accuracy(evidence, np.nan_to_num(distribution)),
        converged=converged,
        iterations=iterations,
    )


ENSEMBLE = Method(
    "ensemble",
    "Average of methods",
    "The plain average of seven of the other methods.",
    "Wright and Augenstein (2023)",
    ensemble,
)
