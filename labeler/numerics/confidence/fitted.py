"""A calibrator fitted to what others said: logistic, with what is known of everybody pooled
partly into each person and label.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import solve
from scipy.optimize import minimize
from scipy.special import expit

from labeler.numerics.arrays import MISSING, Answers, Bools, Floats, Ints
from labeler.numerics.confidence.linear import stated
from labeler.numerics.confidence.method import ConfidenceMethod
from labeler.numerics.confidence.others import agreeing_share

N_FOLDS = 5
# items that two people answered, below which the few are no ground to overrule what everybody
# states
FEWEST = 30
MOST_DENSE = 1000  # effects whose second derivatives are held: a few hundred people
MOST_STEPS, STILL = 50, 1e-7
ROUND = 4  # decimals of a Brier score below which the stronger pooling wins


@dataclass(frozen=True)
class Pooling:
    """Precision of the normal priors that draw effects to 0: each worth about so many answers of
    evidence (times 4).
    """

    label: float
    label_by_confidence: float
    annotator: float
    annotator_slope: float


CHOICES = (  # from strong to weak
    Pooling(3.0, 30.0, 1e6, 1e6),
    Pooling(1.0, 3.0, 1e6, 1e6),
    Pooling(1.0, 3.0, 30.0, 30.0),
    Pooling(1.0, 3.0, 5.0, 10.0),
    Pooling(0.3, 1.0, 1.0, 3.0),
)
PRIOR_OF_CONFIDENCE = 0.3
FAINT = 1e-3  # of the intercept, so that unanimity has an end


@dataclass(frozen=True)
class Cells:
    """Answers summed by (annotator, label, confidence).

    code: (n_cells,)
    weight, hits: (n_cells, n_folds) answers and how many of them, in parts, others agreed with
    """

    code: Ints
    weight: Floats
    hits: Floats


@dataclass(frozen=True)
class Calibrator:
    """coefficients of the design below; `pooling` chosen by cross-validation over items; `brier`
    its score there; `n` answers learned from.
    """

    coefficients: Floats
    pooling: Pooling
    brier: float
    n: int
    n_annotators: int
    n_labels: int
    scale: int

    def predict(self, answers: Answers) -> Floats:
        """(n_answers,) probability that another person names the same label. Not bounded below
        by 1/K.
        """
        code = cell_codes(answers)
        codes, place = np.unique(code, return_inverse=True)
        return np.asarray(
            expit(design(codes, self.n_annotators, self.n_labels, self.scale) @ self.coefficients)[
                place
            ]
        )


def cell_codes(answers: Answers) -> Ints:
    """(n_answers,) code of (annotator, label, confidence); no confidence is a step of its own,
    0.
    """
    step = np.where(answers.confidence == MISSING, 0, answers.confidence).astype(np.int64)
    return (answers.annotator.astype(np.int64) * answers.n_labels + answers.label) * (
        answers.scale + 1
    ) + step


def design(codes: Ints, n_annotators: int, n_labels: int, scale: int) -> sparse.csr_array:
    """(n_cells, n_effects): intercept, confidence step, label, label × step, annotator,
    annotator × confidence slope.
    """
    rows = np.arange(codes.size)
    step, rest = codes % (scale + 1), codes // (scale + 1)
    label, annotator = rest % n_labels, rest // n_labels
    slope = np.where(step == 0, 0.0, (step - (scale + 1) / 2) / (scale - 1))
    ends = np.cumsum([1, scale + 1, n_labels, n_labels * (scale + 1), n_annotators, n_annotators])
    columns = [
        np.zeros_like(codes),
        ends[0] + step,
        ends[1] + label,
        ends[2] + label * (scale + 1) + step,
        ends[3] + annotator,
        ends[4] + annotator,
    ]
    values = [np.ones(codes.size)] * 5 + [slope]
    shape = (codes.size, int(ends[-1]))
    return sparse.coo_array(
        (np.concatenate(values), (np.tile(rows, 6), np.concatenate(columns))), shape=shape
    ).tocsr()


def precisions(pooling: Pooling, n_annotators: int, n_labels: int, scale: int) -> Floats:
    sizes = (1, scale + 1, n_labels, n_labels * (scale + 1), n_annotators, n_annotators)
    strengths = (
        FAINT,
        PRIOR_OF_CONFIDENCE,
        pooling.label,
        pooling.label_by_confidence,
        pooling.annotator,
        pooling.annotator_slope,
    )
    return np.repeat(strengths, sizes)


def fit(answers: Answers, rng: np.random.Generator, keep: Bools | None = None) -> Calibrator | None:
    """Learned from first answers to items that others answered too; None when those are fewer than
    FEWEST.

    keep: (n_answers,) which to learn from

    The strength of pooling is chosen by cross-validation over items. Gelman and Hill (2007),
    chapter 12, with the prior's width from cross-validation instead of the likelihood.
    """
    share, n_others = agreeing_share(answers)
    there = (answers.pass_number == 1) & (n_others > 0) & (True if keep is None else keep)
    if np.unique(answers.item[there]).size < FEWEST:
        return None
    fold = rng.integers(0, N_FOLDS, size=answers.n_items)[answers.item[there]]
    cells = summed(cell_codes(answers)[there], share[there], fold)
    sizes = (answers.n_annotators, answers.n_labels, answers.scale)
    x = design(cells.code, *sizes)
    scores = [held_out_score(x, cells, precisions(pooling, *sizes)) for pooling in CHOICES]
    best = int(np.argmin(np.round(scores, ROUND)))
    coefficients = learned(
        x, cells.weight.sum(axis=1), cells.hits.sum(axis=1), precisions(CHOICES[best], *sizes)
    )
    return Calibrator(coefficients, CHOICES[best], scores[best], int(there.sum()), *sizes)


def summed(code: Ints, share: Floats, fold: Ints) -> Cells:
    codes, place = np.unique(code, return_inverse=True)
    cell, shape = place * N_FOLDS + fold, (codes.size, N_FOLDS)
    weight, hits = (
        np.bincount(cell, weights=values, minlength=codes.size * N_FOLDS).reshape(shape)
        for values in (None, share)
    )
    return Cells(codes, weight.astype(np.float64), hits.astype(np.float64))


def learned(
    x: sparse.csr_array,
    weight: Floats,
    hits: Floats,
    precision: Floats,
    start: Floats | None = None,
) -> Floats:
    """The most probable coefficients: penalised logistic regression on cells of `weight`
    answers, from `start` or 0.
    """
    begin = np.zeros(precision.size) if start is None else start
    if precision.size <= MOST_DENSE:
        return _by_newton(x, weight, hits, precision, begin)
    back = x.T.tocsr()

    def loss(beta: Floats) -> tuple[float, Floats]:
        eta = x @ beta
        return (
            _loss(eta, weight, hits, precision, beta),
            back @ (weight * expit(eta) - hits) + precision * beta,
        )

    return np.asarray(
        minimize(
            loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": 300, "ftol": 1e-10}
        ).x
    )


def _loss(eta: Floats, weight: Floats, hits: Floats, precision: Floats, beta: Floats) -> float:
    return (
        float((weight * np.logaddexp(0.0, eta) - hits * eta).sum())
        + float((precision * beta**2).sum()) / 2
    )


def _by_newton(
    x: sparse.csr_array, weight: Floats, hits: Floats, precision: Floats, beta: Floats
) -> Floats:
    """A handful of steps where the second derivatives fit in memory; a step that does not help
    is halved.
    """
    value = _loss(x @ beta, weight, hits, precision, beta)
    for _ in range(MOST_STEPS):
        p = expit(x @ beta)
        slope = x.T @ (weight * p - hits) + precision * beta
        scaled = x.multiply(np.sqrt(weight * p * (1.0 - p))[:, None]).tocsr()
        step = solve((scaled.T @ scaled).toarray() + np.diag(precision), slope, assume_a="pos")
        while (
            fresh := _loss(x @ (beta - step), weight, hits, precision, beta - step)
        ) > value and np.abs(step).max() > STILL:
            step = step / 2
        beta, value = beta - step, min(value, fresh)
        if np.abs(step).max() <= STILL:
            break
    return beta


def held_out_score(x: sparse.csr_array, cells: Cells, precision: Floats) -> float:
    """Mean Brier score of answers in folds that were not learned from; nan when all are in one
    fold.
    """
    weight, hits, total, scored = cells.weight.sum(axis=1), cells.hits.sum(axis=1), 0.0, 0.0
    # four fifths of the answers end near where all of them do
    whole = learned(x, weight, hits, precision)
    for held in range(N_FOLDS):
        out_weight, out_hits = cells.weight[:, held], cells.hits[:, held]
        if not 0 < out_weight.sum() < weight.sum():
            continue
        p = expit(x @ learned(x, weight - out_weight, hits - out_hits, precision, whole))
        total += float((out_weight * p**2 + out_hits * (1 - 2 * p)).sum())
        scored += float(out_weight.sum())
    return total / scored if scored else float("nan")


def _probability(answers: Answers, rng: np.random.Generator) -> Floats:
    calibrator = fit(answers, rng)
    return stated(answers) if calibrator is None else calibrator.predict(answers)


def _held_out(answers: Answers, held: Bools, rng: np.random.Generator) -> Floats:
    calibrator, some = fit(answers, rng, ~held), answers.where(held)
    return stated(some) if calibrator is None else calibrator.predict(some)


FITTED = ConfidenceMethod(
    "fitted",
    "Learned from what others said; linear where fewer than thirty items have a second answer.",
    "partial pooling over steps, labels and people",
    _probability,
    _held_out,
)
