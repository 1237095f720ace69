"""MACE: an annotator either knows the label or spams from a habit of their own. Hovy et al.
(2013), by variational Bayes.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import digamma

from labeler.numerics.aggregation.cooccurrence import vote_by_cell
from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    no_answer_is_nan,
    of_logs,
)
from labeler.numerics.arrays import Bools, Floats

KNOWING_PRIOR = 0.5  # Beta(.5, .5) on knowing or spamming
HABIT_PRIOR = 10.0  # Dirichlet on the habit
NOISE = 0.5  # starts are drawn from 1 … 2.5 and normalised


@dataclass(frozen=True)
class Start:
    """knows: (M, 2) [spams, knows]
    habit: (M, K) what a spammer says

    Rows sum to 1.
    """

    knows: Floats
    habit: Floats


def drawn_start(n_annotators: int, n_labels: int, rng: np.random.Generator) -> Start:
    knows, habit = (
        rng.uniform(1.0, 2.0 + NOISE, size=(n_annotators, width)) for width in (2, n_labels)
    )
    return Start(knows / knows.sum(axis=1, keepdims=True), habit / habit.sum(axis=1, keepdims=True))


def mace(
    evidence: Evidence, n_restarts: int = 10, n_iterations: int = 50, tolerance: float = 1e-6
) -> Aggregated:
    """p(l|t) = θ[l = t] + (1 - θ)ξ[l]: the best by marginal likelihood of several starts, each
    drawn anew. Hovy et al. (2013), section 3.

    annotator_quality is θ, the share of answers given knowingly, as its geometric mean under the
    posterior, exp E[log θ].
    """
    votes = vote_by_cell(evidence)
    shape = (evidence.answers.n_annotators, evidence.answers.n_labels)
    starts = (drawn_start(*shape, evidence.rng) for _ in range(max(1, n_restarts)))
    best = run(evidence, votes, next(starts), n_iterations, tolerance)
    for start in starts:  # one after the other: only the best is held
        best = max(
            best, run(evidence, votes, start, n_iterations, tolerance), key=lambda one: one[0]
        )
    return best[1]


def run(
    evidence: Evidence, votes: sparse.csr_array, start: Start, n_iterations: int, tolerance: float
) -> tuple[float, Aggregated]:
    """One start to its end: (log marginal likelihood an answer, result)."""
    answered, n_answers = evidence.answered, max(1, len(evidence.answers))
    back, given = (
        votes.T.tocsr(),
        np.asarray(votes.sum(axis=0), dtype=np.float64).reshape(start.habit.shape),
    )
    knows, habit, likelihood, converged, iteration = start.knows, start.habit, -np.inf, False, 0
    q, marginal, share = _expected(votes, given, knows, habit, answered)
    for iteration in range(1, n_iterations + 1):
        known = share * (back @ q.ravel()).reshape(habit.shape)
        spammed = given - known
        knows = _variational(
            np.stack([spammed.sum(axis=1), known.sum(axis=1)], axis=1), KNOWING_PRIOR
        )
        habit = _variational(spammed, HABIT_PRIOR)
        q, marginal, share = _expected(votes, given, knows, habit, answered)
        previous, likelihood = likelihood, marginal / n_answers
        if abs(likelihood - previous) < tolerance:
            converged = True
            break
    confusion = (
        knows[:, 1, None, None] * np.eye(habit.shape[1]) + (knows[:, 0, None] * habit)[:, :, None]
    )
    confusion = confusion / confusion.sum(axis=1, keepdims=True)
    return likelihood, Aggregated(
        no_answer_is_nan(q, evidence), knows[:, 1], confusion, converged, iteration
    )


def _expected(
    votes: sparse.csr_array, given: Floats, knows: Floats, habit: Floats, answered: Bools
) -> tuple[Floats, float, Floats]:
    """(belief (N, K), log marginal likelihood, share of right answers that were known (M, K)).

    given: (M, K) how often each was said

    What an answer is worth as spam is the same under every truth, so it enters the likelihood as
    one sum and the belief not at all.
    """
    n_labels = habit.shape[1]
    spam = knows[:, :1] * habit
    right = spam + knows[:, 1:]
    spam_log = np.log(spam)
    q, marginal = of_logs((votes @ (np.log(right) - spam_log).ravel()).reshape(-1, n_labels))
    q *= answered[:, None]
    likelihood = (
        float(marginal[answered].sum())
        - int(answered.sum()) * np.log(n_labels)
        + float((given * spam_log).sum())
    )
    return q, likelihood, knows[:, 1:] / right


def _variational(counts: Floats, prior: float) -> Floats:
    """exp E[log p] under the Dirichlet posterior; rows sum to less than 1, as variational EM
    wants them.
    """
    held = counts + prior
    return np.asarray(np.exp(digamma(held) - digamma(held.sum(axis=1, keepdims=True))))


MACE = Method(
    "mace",
    "MACE",
    "Tells people who know from people who answer out of habit.",
    "Hovy et al. (2013)",
    mace,
)
