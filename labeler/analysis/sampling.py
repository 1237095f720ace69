"""What the answers are worth together: who can be compared with whom, whether people err alike,
and what fewer answers would have said.
"""

import numpy as np

from labeler.analysis.pairs import PairTable
from labeler.answers import AnswerTable
from labeler.numerics.arrays import MISSING, Answers
from labeler.numerics.counts import label_counts
from labeler.numerics.independence import connectedness, effective_raters, worth
from labeler.numerics.planning.saturation import Point, saturation
from labeler.results import Components, SharedErrors
from labeler.settings import PairRule

FEWEST_GOLD = 30  # items with a gold label, below which shared errors cannot be told from chance
MOST_FOR_CURVES = 50_000  # answers from which subsampling curves are drawn


def components(answers: Answers, pairs: PairTable, rule: PairRule) -> Components:
    """Groups of people who share enough items with each other."""
    kept = pairs.between.n >= rule.min_overlap
    joined = connectedness(pairs.first[kept], pairs.second[kept], answers.n_annotators)
    return Components(joined.n_components, joined.strength)


def shared_errors(table: AnswerTable, answers_per_item: float) -> SharedErrors | None:
    """None where too few gold labels are known."""
    known = table.gold != MISSING
    if known.sum() < FEWEST_GOLD:
        return None
    truth = np.where(known[:, None], np.eye(table.answers.n_labels)[table.gold], np.nan)
    correlation = effective_raters(table.answers, truth).correlation
    if correlation is None:
        return None
    return SharedErrors(correlation, worth(answers_per_item, correlation))


def saturation_curves(answers: Answers, rng: np.random.Generator) -> dict[str, list[Point]]:
    """How agreement and labels change with fewer answers an item, on at most MOST_FOR_CURVES
    answers; empty without overlap.
    """
    share = MOST_FOR_CURVES / max(1, len(answers))
    some = (
        answers
        if share >= 1
        else answers.where((rng.random(answers.n_items) < share)[answers.item])
    )
    n = label_counts(some).sum(axis=1)
    if not (n >= 2).any() or np.median(n[n > 0]) < 2:
        return {}
    return saturation(some, rng, n_draws=20)
