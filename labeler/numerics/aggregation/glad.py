"""GLAD: people have ability and items have difficulty. Whitehill et al. (2009)."""

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

from labeler.numerics.aggregation.cooccurrence import vote_by_cell
from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    no_answer_is_nan,
    of_logs,
)
from labeler.numerics.arrays import Answers, Codes, Floats, Ints, add_up, parts

PRIOR_MEAN = 1.0  # normal priors N(1, 1) on ability and on log ease
M_STEPS = 25
M_TOLERANCE = 1e-2
IN_CACHE = 1 << 16  # answers at a time: their numbers stay in the processor's cache


def glad(evidence: Evidence, n_iterations: int = 100, tolerance: float = 1e-5) -> Aggregated:
    """P(a is right on i) = σ(α_a e^{b_i}), wrong answers equally likely; EM with conjugate
    gradients. Whitehill et al. (2009), section 3.

    scores["ease"]: (N,) e^{b_i}, low for items that are hard for everybody. annotator_quality is α.
    Ends when the expected log likelihood an answer and label changes by less than `tolerance`.
    """
    answers = evidence.answers
    votes = vote_by_cell(evidence)
    order = _order(answers)
    item, annotator, label = (
        column[order] for column in (answers.item, answers.annotator, answers.label)
    )
    point = np.full(answers.n_annotators + answers.n_items, PRIOR_MEAN)
    n_labels, value, converged, iteration = answers.n_labels, -np.inf, False, 0
    for iteration in range(1, n_iterations + 1):
        q = _belief(votes, evidence.votes, point, answers.n_annotators)
        own = q[item, label]
        target = _target(item, annotator, own, answers.n_annotators, n_labels)
        point = minimize(
            target, point, method="CG", jac=True, tol=M_TOLERANCE, options={"maxiter": M_STEPS}
        ).x
        previous, value = value, -float(target(point)[0]) / max(1, len(answers) * n_labels)
        # EM makes the likelihood rise and not Q, which may fall before it settles
        if abs(value - previous) < tolerance:
            converged = True
            break
    ability, ease = np.split(point, [answers.n_annotators])
    return Aggregated(
        no_answer_is_nan(q, evidence), ability, None, converged, iteration, {"ease": np.exp(ease)}
    )


def _order(answers: Answers) -> Ints | slice:
    """By item, then person, then label: sums in another order differ in their last bits, and those
    decide when a line search ends.
    """
    place = answers.item.astype(np.int64) * answers.n_annotators + answers.annotator
    place = place * answers.n_labels + answers.label
    return np.argsort(place, kind="stable") if np.any(np.diff(place) < 0) else slice(None)


def _belief(votes: sparse.csr_array, n: Ints, point: Floats, n_annotators: int) -> Floats:
    """(N, K): log σ(x) - log(1 - σ(x)) = x, so an item's log odds are its ease times the
    abilities of those who said a label.
    """
    n_labels = n.shape[1]
    ability = (votes @ np.repeat(point[:n_annotators], n_labels)).reshape(-1, n_labels)
    return of_logs(
        np.exp(point[n_annotators:])[:, None] * ability + n * np.log(max(1, n_labels - 1))
    )[0]


def _target(
    item: Codes, annotator: Codes, own: Floats, n_annotators: int, n_labels: int
) -> Callable[[Floats], tuple[float, Floats]]:
    """-Q(α, b) and its gradient.

    own: (n_answers,) belief in each answer's label; the answers stand in order of item
    """
    constant = float(((1.0 - own) * np.log(max(1, n_labels - 1))).sum())

    def target(point: Floats) -> tuple[float, Floats]:
        ability, ease = point[:n_annotators], np.exp(point[n_annotators:])
        away = point - PRIOR_MEAN
        value = -constant - (away**2).sum() / 2 - away.size * np.log(2 * np.pi) / 2
        gradient = -away
        for part in parts(item.size, IN_CACHE):
            here, who = item[part].astype(np.int64), annotator[part].astype(np.int64)
            each_ease, each_ability = ease[here], ability[who]
            x = each_ability * each_ease
            value += float(
                np.dot(own[part], x) - (np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))).sum()
            )
            residual = (own[part] - expit(x)) * each_ease
            add_up(gradient[:n_annotators], who, residual)
            add_up(gradient[n_annotators:], here, residual * each_ability)
        return -float(value), -gradient

    return target


GLAD = Method(
    "glad",
    "GLAD",
    "Learns how able each person and how hard each item is.",
    "Whitehill et al. (2009)",
    glad,
)
