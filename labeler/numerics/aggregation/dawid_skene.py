"""Dawid and Skene (1979): every annotator has a confusion matrix, found together with the items'
labels by EM.
"""

import numpy as np

from labeler.numerics.aggregation.cooccurrence import item_by_cell
from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    no_answer_is_nan,
    of_logs,
)
from labeler.numerics.aggregation.votes import shares
from labeler.numerics.arrays import Floats

LEAST = 1e-10
# answers added to every cell of a confusion matrix, against certainty from few answers
SMOOTHING = 0.01


def dawid_skene(
    evidence: Evidence,
    smoothing: float = SMOOTHING,
    n_iterations: int = 100,
    tolerance: float = 1e-5,
) -> Aggregated:
    """q_i ∝ π Π_a E_a[l_ia, ·]; E_a[k, l] = Σ_{i: a said k} q_i[l], over k normalised; π = mean q.
    Dawid and Skene (1979), eq. 2.3-2.5.

    Begins with the shares of votes; ends when the log likelihood an answer grows by less than
    `tolerance`.
    """
    answers, answered = evidence.answers, evidence.answered
    n_labels, n_answers = answers.n_labels, max(1, len(answers))
    hot = item_by_cell(evidence)
    back = hot.T
    q = np.nan_to_num(shares(evidence.votes.astype(np.float64)))
    likelihood, converged, iteration = -np.inf, False, 0
    errors, prior = _learned(back @ q, smoothing, n_labels), _prior(q, answered)
    for iteration in range(1, n_iterations + 1):
        q, marginal = of_logs(
            hot @ np.log(errors).reshape(-1, n_labels) + np.log(np.maximum(prior, LEAST))
        )
        q *= answered[:, None]
        errors, prior = _learned(back @ q, smoothing, n_labels), _prior(q, answered)
        previous, likelihood = likelihood, float(marginal[answered].sum()) / n_answers
        if likelihood - previous < tolerance:
            converged = True
            break
    return Aggregated(
        no_answer_is_nan(q, evidence), _accuracy(errors, prior), errors, converged, iteration
    )


def _learned(counts: Floats, smoothing: float, n_labels: int) -> Floats:
    """(M, K, K) [a, said, truth] from expected counts (M·K, K)."""
    errors = np.maximum(counts.reshape(-1, n_labels, n_labels) + smoothing, LEAST)
    errors /= errors.sum(axis=1, keepdims=True)
    return np.asarray(errors)


def _prior(q: Floats, answered: np.ndarray) -> Floats:
    return np.asarray(q.sum(axis=0) / max(1, int(answered.sum())))


def _accuracy(errors: Floats, prior: Floats) -> Floats:
    """(M,) probability of the right label on an item drawn from the prior."""
    return np.asarray(np.einsum("akk,k->a", errors, prior))


DAWID_SKENE = Method(
    "dawid_skene",
    "Dawid-Skene",
    "Learns which labels each person confuses, together with the items' labels.",
    "Dawid and Skene (1979)",
    dawid_skene,
)
