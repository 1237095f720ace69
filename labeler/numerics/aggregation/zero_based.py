"""Zero-based skill: votes weighted by a skill that is moved, step by step, to the share of
answers equal to the weighted majority.
"""

import numpy as np

from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method, even_winners
from labeler.numerics.aggregation.votes import accuracy, shares, weighted_votes

N_ITERATIONS = 100
HALVE_EVERY = 20  # iterations after which a step is half as long
ABOVE_CHANCE = 1e-5
STILL = 1e-12


def zero_based(evidence: Evidence) -> Aggregated:
    """skill ← skill + step · (agreement - skill), from chance; steps 1, ½ after 20 iterations, …
    (Toloka's crowd-kit); ties are shared.

    Ends as soon as no skill moves, which from then on none would.
    """
    answers = evidence.answers
    skill = np.full(answers.n_annotators, 1.0 / answers.n_labels + ABOVE_CHANCE)
    for iteration in range(1, N_ITERATIONS + 1):
        agreement = accuracy(evidence, even_winners(weighted_votes(evidence, skill)))
        moved = np.nan_to_num(agreement - skill) * 0.5 ** (iteration // HALVE_EVERY)
        skill = skill + moved
        if np.abs(moved).max(initial=0.0) < STILL:
            break
    return Aggregated(
        shares(weighted_votes(evidence, skill)),
        skill,
        converged=bool(np.abs(moved).max(initial=0.0) < STILL),
        iterations=iteration,
    )


ZERO_BASED = Method(
    "zero_based",
    "Zero-based skill",
    "As agreement with the majority, repeated until skills and majority fit.",
    "Toloka (2021)",
    zero_based,
)
