"""Everything that pages, commands and programs show of a project's answers, in one record."""

import numpy as np

from annotate.progress import Progress
from labeler.analysis.overall import (
    agreement_on_both_choices,
    agreement_over_time,
    coefficients,
    guideline_change,
    label_agreement,
)
from labeler.analysis.pairs import measure_pairs, pair_rows, self_rows
from labeler.analysis.people import annotator_rows, confidence_curve, rate_annotators
from labeler.analysis.sampling import components, saturation_curves, shared_errors
from labeler.answers import AnswerTable
from labeler.numerics.arrays import Floats, Ints
from labeler.numerics.confidence.curves import calibration_curves
from labeler.numerics.counts import answers_per_item
from labeler.results import Analysis
from labeler.settings import PairRule


def analyse(
    table: AnswerTable,
    n_characters: Ints,
    rule: PairRule,
    rng: np.random.Generator,
    progress: Progress,
) -> Analysis:
    """n_characters: (N,) length of each item's text."""
    answers, n_repeats = table.answers, int((table.answers.pass_number > 1).sum())
    progress("Agreement over all", 0.15)
    measured = coefficients(answers, rule.level, rng)
    per_label = label_agreement(table, rng)
    over_time = agreement_over_time(answers, rule.level, rng)
    changed = guideline_change(table, rule.level, rng)
    both = agreement_on_both_choices(answers, table.labels, rng)
    progress("Agreement of pairs", 0.25)
    pairs = measure_pairs(answers, rule, rng)
    progress("Reliability", 0.5)
    rating = rate_annotators(answers, pairs, rule)
    progress("Confidence and effort", 0.6)
    curves = calibration_curves(answers)
    per_item = _mean_per_item(answers_per_item(answers))
    return Analysis(
        level=rule.level,
        n_items=answers.n_items,
        n_annotators=answers.n_annotators,
        n_annotations=len(answers) - n_repeats,
        n_repeats=n_repeats,
        answers_per_item=per_item,
        overall=next(one for one in measured if one.metric == "krippendorff"),
        coefficients=measured,
        per_label=per_label,
        both_choices=both,
        over_time=over_time,
        guideline_change=changed,
        pairs=pair_rows(pairs, table.annotators, rule),
        n_pairs=len(pairs.between),
        selves=self_rows(answers, pairs, table.annotators),
        annotators=annotator_rows(table, pairs, rating, n_characters, curves),
        mean_inter=_mean(pairs.between.value[pairs.between_counts(rule)]),
        mean_intra=_mean(pairs.within.value[pairs.within_counts(rule)]),
        sweeps=rating.reliability.sweeps,
        converged=rating.reliability.converged,
        confidence=confidence_curve(curves, answers.n_annotators),
        independence=shared_errors(table, per_item),
        connectedness=components(answers, pairs, rule),
        saturation=saturation_curves(answers, rng),
    )


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if values.size else None


def _mean_per_item(n_answers: Ints) -> float:
    return float(n_answers[n_answers > 0].mean()) if (n_answers > 0).any() else 0.0
