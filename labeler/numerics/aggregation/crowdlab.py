"""CROWDLAB: a classifier is one more annotator, weighted by how much better than guessing it is.
Goh et al. (2022).
"""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.aggregation.evidence import (
    Aggregated,
    Evidence,
    Method,
    NeedsModel,
    no_answer_is_nan,
)
from labeler.numerics.aggregation.votes import accuracy, weighted_votes
from labeler.numerics.arrays import Bools, Floats, Ints
from labeler.numerics.given import expect_distributions

LEAST = 1e-6
MADE_FOR = (
    "CROWDLAB weighs a model's probabilities for items it was not trained on: train a learner"
    " first, or choose another method"
)


@dataclass(frozen=True)
class Weights:
    """model: the classifier's weight
    annotators: (M,) theirs
    likelihood: that an annotator gives the consensus label
    """

    model: float
    annotators: Floats
    likelihood: float


def crowdlab(evidence: Evidence) -> Aggregated:
    """Goh et al. (2022), eq. 2-8, as cleanlab: the consensus is the most probable label after a
    first round from the majority.

    scores: "consensus" (N,) label codes, "quality" (N,) probability of the consensus.
    annotator_quality blends the mean quality of a person's labels and their agreement with the
    consensus. Raises NeedsModel without out-of-sample probabilities.
    """
    model = model_of(evidence)
    posterior, weights, consensus = weighed(evidence, model)
    n = evidence.votes.sum(axis=1)
    quality = np.where(n > 0, posterior[np.arange(n.size), consensus], np.nan)
    return Aggregated(
        no_answer_is_nan(posterior, evidence),
        _annotator_quality(evidence, posterior, weights, consensus, n),
        scores={"consensus": consensus.astype(np.float64), "quality": quality},
    )


def model_of(evidence: Evidence) -> Floats:
    if evidence.model is None:
        raise NeedsModel(MADE_FOR)
    shape = (evidence.answers.n_items, evidence.answers.n_labels)
    if evidence.model.shape != shape:
        raise ValueError(
            f"the model's probabilities have the shape (items, labels) = {shape}, not"
            f" {evidence.model.shape}"
        )
    expect_distributions("the model's probabilities", evidence.model)
    return evidence.model


def weighed(evidence: Evidence, model: Floats) -> tuple[Floats, Weights, Ints]:
    """(posterior (N, K), weights, consensus (N,)): once from the majority, once more from the
    best labels of that.
    """
    majority = majority_labels(evidence, model)
    agreement = _with_others(evidence)
    posterior, _ = _posterior(evidence, model, majority, agreement)
    best = np.where(_is_unique_top(posterior), posterior.argmax(axis=1), majority)
    posterior, weights = _posterior(evidence, model, best, agreement)
    return posterior, weights, best


def majority_labels(evidence: Evidence, model: Floats) -> Ints:
    """(N,) majority vote. Ties go to the model's more probable label, then to the rarer one,
    then to that of the better annotators, and at last to the first.
    """
    votes = evidence.votes
    tied = votes == votes.max(axis=1, keepdims=True)
    tied &= model >= np.where(tied, model, -1.0).max(axis=1, keepdims=True)
    used = votes.sum(axis=0)
    tied &= used <= np.where(tied, used, np.iinfo(np.int64).max).min(axis=1, keepdims=True)
    left = tied.sum(axis=1) > 1
    if left.any():
        tied &= _by_better_people(evidence, tied, left)
    return np.asarray(tied.argmax(axis=1), dtype=np.int64)


def _by_better_people(evidence: Evidence, tied: Bools, left: Bools) -> Bools:
    settled = np.where(left[:, None], 0.0, tied)
    answers = evidence.answers
    there = ~left[answers.item]
    hit = np.bincount(
        answers.annotator[there],
        settled[answers.item[there], answers.label[there]],
        answers.n_annotators,
    )
    n = np.bincount(answers.annotator[there], minlength=answers.n_annotators)
    with np.errstate(invalid="ignore"):
        skill = hit / np.where(n > 0, n, np.nan)
    skill = np.where(np.isnan(skill), np.nanmean(skill) if (n > 0).any() else 1.0, skill)
    votes = evidence.votes
    score = np.where(tied, weighted_votes(evidence, skill) / np.maximum(votes, 1), -1.0)
    return np.asarray(score >= score.max(axis=1, keepdims=True) - 1e-12) | ~left[:, None]


def _is_unique_top(posterior: Floats) -> Bools:
    return np.asarray((posterior == posterior.max(axis=1, keepdims=True)).sum(axis=1) == 1)


def _with_others(evidence: Evidence) -> Floats:
    """(M,) share of an annotator's co-answers that say the same; without any, the mean of the
    others'.
    """
    answers, votes = evidence.answers, evidence.votes
    n = votes.sum(axis=1)
    same = np.bincount(
        answers.annotator,
        (votes[answers.item, answers.label] - 1).astype(np.float64),
        answers.n_annotators,
    )
    co = np.bincount(
        answers.annotator, (n[answers.item] - 1).astype(np.float64), answers.n_annotators
    )
    with np.errstate(invalid="ignore"):
        agreement = same / np.where(co > 0, co, np.nan)
    return np.where(
        np.isnan(agreement), np.nanmean(agreement) if (co > 0).any() else 0.0, agreement
    )


def _posterior(
    evidence: Evidence, model: Floats, consensus: Ints, agreement: Floats
) -> tuple[Floats, Weights]:
    votes = evidence.votes
    n, n_labels = votes.sum(axis=1), votes.shape[1]
    several = n > 1
    rows = np.arange(n.size)
    likelihood = (
        float((votes[rows, consensus][several] / n[several]).mean()) if several.any() else 1.0
    )
    usual = np.bincount(consensus[several], minlength=n_labels).argmax()
    guess_error = (
        max(LEAST, float((consensus[several] != usual).mean())) if several.any() else LEAST
    )
    annotators = np.maximum(LEAST, 1.0 - (1.0 - agreement) / guess_error)
    model_error = (
        float((model.argmax(axis=1) != consensus)[several].mean()) if several.any() else 0.0
    )
    model_weight = max(LEAST, 1.0 - model_error / guess_error) * float(np.sqrt(n[n > 0].mean()))
    weight = weighted_votes(evidence, annotators)
    total = weight.sum(axis=1, keepdims=True)
    off = (1.0 - likelihood) / max(1, n_labels - 1)
    posterior = (model_weight * model + weight * likelihood + (total - weight) * off) / (
        model_weight + total
    )
    return posterior, Weights(model_weight, annotators, likelihood)


def _annotator_quality(
    evidence: Evidence, posterior: Floats, weights: Weights, consensus: Ints, n: Ints
) -> Floats:
    answers = evidence.answers
    mean_quality = accuracy(evidence, posterior)
    several = n[answers.item] > 1
    right = (answers.label == consensus[answers.item]) & several
    hit = np.bincount(answers.annotator[right], minlength=answers.n_annotators)
    of = np.bincount(answers.annotator[several], minlength=answers.n_annotators)
    with np.errstate(invalid="ignore"):
        agreement = hit / np.where(of > 0, of, np.nan)
    share = weights.model / (
        weights.model + weights.annotators.sum() * n[n > 0].mean() / answers.n_annotators
    )
    return np.asarray(share * mean_quality + (1 - share) * agreement)


CROWDLAB = Method(
    "crowdlab",
    "CROWDLAB",
    "A trained model joins the people as one more opinion, weighted by its record.",
    "Goh et al. (2022)",
    crowdlab,
    needs_model=True,
)
