"""Agreement of everybody: over all labels, label by label, over time, and around a change of the
guideline.
"""

from collections.abc import Sequence

import numpy as np

from labeler.answers import AnswerTable
from labeler.numerics.agreement.groups import Change, change, over_time
from labeler.numerics.agreement.overall import overall, per_label
from labeler.numerics.agreement.sets import both_choices, label_by_label, masi_alpha
from labeler.numerics.arrays import MISSING, MOST_LABELS_MULTI, Answers
from labeler.numerics.counts import label_counts
from labeler.results import BothChoices, CoefficientMeasure, LabelMeasure, WindowMeasure

N_RESAMPLES = 1000


def coefficients(
    answers: Answers, level: str, rng: np.random.Generator
) -> list[CoefficientMeasure]:
    measured = overall(label_counts(answers), rng, N_RESAMPLES, level)
    return [CoefficientMeasure(**vars(one), metric=name) for name, one in measured.items()]


def label_agreement(table: AnswerTable, rng: np.random.Generator) -> list[LabelMeasure]:
    """Empty where there is only one label to choose."""
    if len(table.labels) < 2:
        return []
    measured = per_label(label_counts(table.answers), rng, N_RESAMPLES // 2)
    named = zip(table.labels, measured, strict=True)
    return [LabelMeasure(**vars(one), label=label) for label, one in named]


def agreement_over_time(
    answers: Answers, level: str, rng: np.random.Generator
) -> list[WindowMeasure]:
    return [
        WindowMeasure(**vars(window.measure), first_day=window.first_day, last_day=window.last_day)
        for window in over_time(answers, rng, level=level)
    ]


def agreement_on_both_choices(
    answers: Answers, labels: Sequence[str], rng: np.random.Generator
) -> BothChoices | None:
    """None where nobody named a second choice."""
    if not (answers.secondary != MISSING).any() or answers.n_labels > MOST_LABELS_MULTI:
        return None
    sets = both_choices(answers.first_pass)
    named = zip(labels, label_by_label(sets, rng, N_RESAMPLES // 2), strict=True)
    return BothChoices(
        masi_alpha(sets, rng, N_RESAMPLES),
        [LabelMeasure(**vars(one), label=label) for label, one in named],
    )


def guideline_change(table: AnswerTable, level: str, rng: np.random.Generator) -> Change | None:
    """Agreement under the newest guideline against all before it; None when all answers were
    given under one.
    """
    newest = int(table.guidelines.max(initial=MISSING))
    if newest == MISSING or (table.guidelines == newest).all():
        return None
    later = (table.guidelines == newest).astype(np.int64)
    return change(table.answers, later, rng, level=level)
