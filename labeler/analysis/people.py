"""Each annotator: how reliable, how well they know how sure they are, and what to ask them."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from labeler.analysis.pairs import PairTable
from labeler.answers import AnswerTable
from labeler.numerics.agreement.intra import gaps_of
from labeler.numerics.arrays import Answers, Floats, Ints
from labeler.numerics.confidence.curves import Curves
from labeler.numerics.counts import answers_per_item
from labeler.numerics.effort import effort_signs
from labeler.numerics.reliability import Edges, Reliability, reliability, reliability_intervals
from labeler.results import AnnotatorReliability, ConfidenceCurve, ConfidenceStep, EffortSign
from labeler.settings import PairRule


@dataclass(frozen=True)
class Rating:
    """bounds: (2, M) of the interval of each reliability, nan where there is none; n_shared: (M,)
    items that the person shares with anybody.
    """

    reliability: Reliability
    bounds: Floats
    n_shared: Ints

    def interval(self, code: int) -> tuple[float, float] | None:
        low, high = self.bounds[:, code]
        return None if np.isnan(low) else (float(low), float(high))


def rate_annotators(answers: Answers, pairs: PairTable, rule: PairRule) -> Rating:
    kept, enough = pairs.between_counts(rule), pairs.within_counts(rule)
    first = answers.first_pass
    n_shared = np.bincount(
        first.annotator[answers_per_item(first)[first.item] >= 2], minlength=first.n_annotators
    )
    graph = Edges(pairs.first[kept], pairs.second[kept], pairs.between.value[kept])
    intra = np.where(enough, pairs.within.value, np.nan)
    draws = np.where(enough, pairs.within_draws, np.nan)
    return Rating(
        reliability(graph, intra, rule.rules, n_shared),
        reliability_intervals(graph, pairs.between_draws[:, kept], draws, rule.rules, n_shared),
        n_shared,
    )


def annotator_rows(
    table: AnswerTable, pairs: PairTable, rating: Rating, n_characters: Ints, curves: Curves
) -> list[AnnotatorReliability]:
    gaps, signs = gaps_of(table.answers), _signs(table.answers, n_characters)
    rated = rating.reliability
    return [
        AnnotatorReliability(
            name=name,
            reliability=float(rated.r[code]),
            interval=rating.interval(code),
            inter=_or_none(rated.inter[code]),
            intra=_or_none(pairs.within.value[code]),
            n_shared=int(rating.n_shared[code]),
            n_repeated=int(pairs.within.n[code]),
            gap_days=gaps[code],
            state="counted" if rated.counted[code] else "not-enough-overlap",
            confidence=confidence_curve(curves, code),
            signs=signs[code],
        )
        for code, name in enumerate(table.annotators)
    ]


def _signs(answers: Answers, n_characters: Ints) -> defaultdict[int, list[EffortSign]]:
    """By the annotator's code."""
    of_annotator: defaultdict[int, list[EffortSign]] = defaultdict(list)
    for seen in effort_signs(answers, n_characters, answers.day):
        sign = EffortSign(seen.sign, seen.value, seen.usual, seen.n)
        of_annotator[seen.annotator].append(sign)
    return of_annotator


def confidence_curve(curves: Curves, row: int) -> ConfidenceCurve:
    """Of the annotator with this code; of everybody in the last row."""
    steps = [
        ConfidenceStep(
            confidence=step + 1,
            n=int(curves.n[row, step]),
            share=_or_none(curves.share[row, step]),
            low=_or_none(curves.low[row, step]),
            high=_or_none(curves.high[row, step]),
            expected=float(curves.expected[step]),
        )
        for step in range(curves.expected.size)
    ]
    return ConfidenceCurve(steps, _or_none(curves.brier[row]), _or_none(curves.ece[row]))


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
