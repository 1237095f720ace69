"""Equations 1-4 of Wu et al. (2023), as their group's public code has them, with the true K.
Measured to worsen Brier: for fidelity.
"""

import numpy as np

from labeler.numerics.arrays import Answers, Bools, Floats, Ints
from labeler.numerics.confidence.linear import stated
from labeler.numerics.confidence.method import ConfidenceMethod
from labeler.numerics.confidence.others import co_answers

READINGS = ("natural", "coded")
FEWEST = 3  # a rate of fewer answers than this, above or below the line, is replaced by p


def shrunk(p: Floats, n_labels: int) -> Floats:
    """Equations 1 and 2: p/(p + (K-1)(1-p)), the shape of p.

    >>> shrunk(np.array([1 / 3, 5 / 6]), 3).round(6).tolist()
    [0.2, 0.714286]
    """
    return np.asarray(p / (p + (n_labels - 1) * (1.0 - p)))


def recalibrated(p: Floats, hit_rate: Floats, false_rate: Floats) -> Floats:
    """p·TPR/(p·TPR + (1-p)·FPR); p itself where both rates are 0.

    >>> recalibrated(np.array([0.714286]), np.array([0.8]), np.array([0.1])).round(6).tolist()
    [0.952381]
    """
    of = p * hit_rate + (1.0 - p) * false_rate
    return np.where(of > 0, p * hit_rate / np.where(of > 0, of, 1.0), p)


def rates(tables: Ints, reading: str) -> tuple[Floats, Floats]:
    """(hit rates, false rates), each (M, K), nan where too few; from co-answers (M, K, K) [own,
    other].

    False rate (equation 4): of co-answers that are not l, how many times the person said l. Hit
    rate (equation 3) in two readings: `natural`, of co-answers l; `coded`, of items that anybody,
    the person included, called l, as the public code counts.
    """
    if reading not in READINGS:
        raise ValueError(f"equation 3 is read in one of the ways {READINGS}, not {reading!r}")
    own, other = tables.sum(axis=2), tables.sum(axis=1)
    both = np.einsum("akk->ak", tables)
    total = tables.sum(axis=(1, 2))[:, None]
    of = other if reading == "natural" else own + other - both
    return _rate(both, of), _rate(own - both, total - other)


def _rate(part: Ints, whole: Ints) -> Floats:
    enough = (part >= FEWEST) & (whole >= FEWEST)
    return np.where(enough, part / np.where(enough, whole, 1), np.nan)


def bayes(answers: Answers, reading: str, tables: Ints | None = None) -> Floats:
    """(n_answers,) the recalibrated probability of each first choice. `tables`: co-answers to
    learn from, those of `answers` if None.
    """
    hit, false = rates(co_answers(answers) if tables is None else tables, reading)
    p = shrunk(stated(answers), answers.n_labels)
    own = (answers.annotator, answers.label)
    hit_rate, false_rate = (np.where(np.isnan(rate[own]), p, rate[own]) for rate in (hit, false))
    return recalibrated(p, hit_rate, false_rate)


def _method(name: str, reading: str) -> ConfidenceMethod:
    def probability(answers: Answers, rng: np.random.Generator) -> Floats:
        return bayes(answers, reading)

    def held_out(answers: Answers, held: Bools, rng: np.random.Generator) -> Floats:
        return bayes(answers.where(held), reading, co_answers(answers.where(~held)))

    summary = f"Equations 1 to 4, with the {reading} reading of equation 3."
    return ConfidenceMethod(name, summary, "Wu et al. (2023)", probability, held_out)


BAYES = _method("bayes", "natural")
BAYES_CODED = _method("bayes_coded", "coded")
