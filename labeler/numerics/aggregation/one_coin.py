"""Dawid-Skene with one number a person: the probability of being right; wrong answers are
equally likely.
"""

import numpy as np

from labeler.numerics.aggregation.cooccurrence import vote_by_cell
from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    no_answer_is_nan,
    of_logs,
)
from labeler.numerics.aggregation.votes import accuracy, shares
from labeler.numerics.arrays import Floats

LEAST = 1e-10


def one_coin(evidence: Evidence, n_iterations: int = 100, tolerance: float = 1e-5) -> Aggregated:
    """s_a = mean q of a's own labels; q_i[l] ∝ π_l Π_a (s_a where a said l, else (1 - s_a)/(K -
    1)). Zhang et al. (2016), section 4.
    """
    answers, answered = evidence.answers, evidence.answered
    n_items, n_labels, n_answers = answers.n_items, answers.n_labels, max(1, len(answers))
    votes = vote_by_cell(evidence)
    q = np.nan_to_num(shares(evidence.votes.astype(np.float64)))
    given = np.bincount(answers.annotator, minlength=answers.n_annotators)
    likelihood, converged, iteration = -np.inf, False, 0
    for iteration in range(1, n_iterations + 1):
        skill, prior = (
            np.nan_to_num(accuracy(evidence, q)),
            q.sum(axis=0) / max(1, int(answered.sum())),
        )
        right = np.log(np.clip(skill, LEAST, 1 - LEAST))
        wrong = np.log(np.clip((1.0 - skill) / max(1, n_labels - 1), LEAST, 1 - LEAST))
        # what wrong answers cost is the same for every label
        logs = (votes @ np.repeat(right - wrong, n_labels)).reshape(n_items, n_labels)
        q, marginal = of_logs(logs + np.log(np.maximum(prior, LEAST)))
        q *= answered[:, None]
        previous, likelihood = (
            likelihood,
            (float(marginal[answered].sum()) + float(wrong @ given)) / n_answers,
        )
        if likelihood - previous < tolerance:
            converged = True
            break
    skill = accuracy(evidence, q)
    return Aggregated(
        no_answer_is_nan(q, evidence), skill, _confusion(skill, n_labels), converged, iteration
    )


def _confusion(skill: Floats, n_labels: int) -> Floats:
    wrong = (1.0 - skill) / max(1, n_labels - 1)
    return np.where(np.eye(n_labels, dtype=bool), skill[:, None, None], wrong[:, None, None])


ONE_COIN = Method(
    "one_coin",
    "One-coin Dawid-Skene",
    "Learns how often each person is right, as one number.",
    "Zhang et al. (2016)",
    one_coin,
)
