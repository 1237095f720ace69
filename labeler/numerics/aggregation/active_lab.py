"""ActiveLab: which item would gain most from one more answer. Goh and Mueller (2023). Lower
scores are asked first.
"""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.aggregation.crowdlab import majority_labels, model_of, weighed
from labeler.numerics.aggregation.evidence import Evidence, of_logs
from labeler.numerics.aggregation.votes import shares, weighted_votes
from labeler.numerics.arrays import Floats

COARSE = (0.1, 0.2, 0.5, 0.8, 1.0, 2.0, 3.0, 5.0, 8.0)
FINE_STEPS = 4
LEAST = 1e-100


@dataclass(frozen=True)
class Scores:
    """answered: (N,), nan for items without an answer
    unanswered: (n_unanswered,) for the items of `model_unanswered`
    """

    answered: Floats
    unanswered: Floats


def active_lab(
    evidence: Evidence, model_unanswered: Floats | None = None, temperature: float | None = None
) -> Scores:
    """Goh and Mueller (2023), eq. 1-3: the quality of the consensus, drawn towards chance by the
    weight of one more answer.

    model_unanswered: (n_unanswered, K) probabilities of items nobody answered yet
    temperature: of the model, fitted to the answers' shares when None

    Raises NeedsModel without probabilities of the answered.
    """
    model, n_labels = model_of(evidence), evidence.answers.n_labels
    n = evidence.votes.sum(axis=1)
    if (n <= 1).all():
        # as published: nothing to fit them to
        temperature, annotators, weight = 1.0, np.ones(evidence.answers.n_annotators), 1.0
        quality = model[np.arange(n.size), majority_labels(evidence, model)]
    else:
        temperature = best_temperature(evidence, model) if temperature is None else temperature
        posterior, weights, consensus = weighed(evidence, scaled(model, temperature))
        annotators, weight, quality = (
            weights.annotators,
            weights.model,
            posterior[np.arange(n.size), consensus],
        )
    mean = float(annotators.mean())
    held = weighted_votes(evidence, annotators).sum(axis=1) + weight
    answered = np.where(n > 0, (held * quality + mean / n_labels) / (held + mean), np.nan)
    if model_unanswered is None:
        return Scores(answered, np.empty(0))
    top = scaled(model_unanswered, temperature).max(axis=1)
    return Scores(answered, np.asarray((weight * top + mean / n_labels) / (weight + mean)))


def scaled(model: Floats, temperature: float) -> Floats:
    """(n, K) probabilities raised to 1/temperature and normalised."""
    held = np.log(np.maximum(model, LEAST))
    return of_logs(held / temperature)[0]


def best_temperature(evidence: Evidence, model: Floats) -> float:
    """Of a coarse grid and then a fine one: where the answers' shares have the least
    cross-entropy.
    """
    target = shares(evidence.votes.astype(np.float64))[evidence.answered]
    logs = np.log(np.maximum(model[evidence.answered], LEAST))

    def loss(temperature: float) -> float:
        z = logs / temperature
        return float((of_logs(z)[1] - (target * z).sum(axis=1)).mean())

    place = int(np.argmin([loss(temperature) for temperature in COARSE]))
    below = (
        np.linspace(COARSE[place - 1], COARSE[place], FINE_STEPS, endpoint=False)
        if place
        else np.empty(0)
    )
    above = (
        np.linspace(COARSE[place], COARSE[place + 1], FINE_STEPS + 1)
        if place + 1 < len(COARSE)
        else np.empty(0)
    )
    fine = np.concatenate([below, above])
    return float(fine[np.argmin([loss(temperature) for temperature in fine])])
