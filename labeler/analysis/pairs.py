"""Agreement of pairs of people, and of people with themselves, with the draws behind both
intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labeler.numerics.agreement.intra import gaps_of
from labeler.numerics.agreement.joint import item_groups, pair_draws, self_draws
from labeler.numerics.agreement.measure import Measure, Measures
from labeler.numerics.agreement.pairs import measures_of, pair_measures
from labeler.numerics.agreement.soft import SIMILARITIES, pair_similarities, self_similarities
from labeler.numerics.arrays import Answers, Bools, Floats, Ints
from labeler.numerics.confidence.linear import stated
from labeler.numerics.intervals import group_weights
from labeler.numerics.pair_counts import pair_counts
from labeler.numerics.repeat_counts import repeat_counts
from labeler.numerics.soft_labels import of_answers
from labeler.results import PairMeasure, SelfMeasure
from labeler.settings import PairRule

N_RESAMPLES = 200
# of more than MANY_PAIRS, once for all: 200 annotators make 19,900, whose draws are most of the
# time of a run
N_RESAMPLES_MANY = 100
MANY_PAIRS = 5_000
MANY_ANNOTATORS = 2_000  # of whom only pairs that count are kept
MOST_PAIRS = 20_000  # stored; beyond it those that share most


@dataclass(frozen=True)
class PairTable:
    """first, second: (n_pairs,) annotator codes; between: their agreement; within: (M,) of people
    with themselves; the draws are (n_resamples, n_pairs) and (n_resamples, M).
    """

    first: Ints
    second: Ints
    between: Measures
    between_draws: Floats
    within: Measures
    within_draws: Floats

    def between_counts(self, rule: PairRule) -> Bools:
        """(n_pairs,) which pairs share enough items to count."""
        return _counts(self.between, rule)

    def within_counts(self, rule: PairRule) -> Bools:
        """(M,) who has repeated enough items for it to count."""
        return _counts(self.within, rule)


def _counts(measures: Measures, rule: PairRule) -> Bools:
    return np.isfinite(measures.value) & (measures.n >= rule.min_overlap)


def measure_pairs(answers: Answers, rule: PairRule, rng: np.random.Generator) -> PairTable:
    group = item_groups(answers, rng)
    weights = group_weights(int(group.max(initial=0)) + 1, rng, N_RESAMPLES)
    if rule.metric in SIMILARITIES:
        return _similar_pairs(answers, rule.metric, group, weights)
    return _counted_pairs(answers, rule, group, weights, rng)


def _similar_pairs(answers: Answers, metric: str, group: Ints, weights: Floats) -> PairTable:
    y = of_answers(answers, stated(answers))
    first_y = y[answers.pass_number == 1]
    between = pair_similarities(answers.first_pass, first_y, metric, group, weights)
    return PairTable(*between, *self_similarities(answers, y, metric, group, weights))


def _counted_pairs(
    answers: Answers, rule: PairRule, group: Ints, weights: Floats, rng: np.random.Generator
) -> PairTable:
    least = rule.min_overlap if answers.n_annotators > MANY_ANNOTATORS else 1
    counted = pair_counts(answers, least)
    many = len(counted.counts) > MANY_PAIRS
    weights = weights[:N_RESAMPLES_MANY] if many else weights
    drawn = pair_draws(answers, counted, group, weights, rule.metric, rule.level)
    within_drawn = self_draws(answers, group, weights, rule.metric, rule.level)
    within = pair_measures(repeat_counts(answers), rule.metric, rng, len(weights), rule.level)
    between = (
        measures_of(counted.counts, rule.metric, drawn, rule.level)
        if many
        else pair_measures(counted.counts, rule.metric, rng, len(weights), rule.level)
    )
    return PairTable(counted.first, counted.second, between, drawn, within, within_drawn)


def pair_rows(pairs: PairTable, names: Sequence[str], rule: PairRule) -> list[PairMeasure]:
    order = np.arange(len(pairs.between))
    if order.size > MOST_PAIRS:
        order = np.sort(np.argsort(-pairs.between.n, kind="stable")[:MOST_PAIRS])
    return [
        PairMeasure(
            **vars(_with_note(pairs.between.measure(int(i)), rule)),
            a=names[pairs.first[i]],
            b=names[pairs.second[i]],
        )
        for i in order
    ]


def _with_note(measure: Measure, rule: PairRule) -> Measure:
    if measure.value is None or measure.n >= rule.min_overlap:
        return measure
    reason = f"{measure.n} shared items; {rule.min_overlap} are needed before the pair counts"
    return replace(measure, reason=reason)


def self_rows(answers: Answers, pairs: PairTable, names: Sequence[str]) -> list[SelfMeasure]:
    gaps = gaps_of(answers)
    return [
        SelfMeasure(**vars(pairs.within.measure(code)), annotator=name, gap_days=gaps[code])
        for code, name in enumerate(names)
    ]
