"""Agreement of people with themselves: a blind repeat held against the first answer, and how
long lay between.
"""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.agreement.measure import Measure
from labeler.numerics.agreement.pairs import pair_measures
from labeler.numerics.arrays import Answers
from labeler.numerics.repeat_counts import repeat_counts, repeats


@dataclass(frozen=True)
class Self:
    """One person's agreement with themselves; `gap_days`: the median time between the two
    answers, None when it is not known.
    """

    measure: Measure
    gap_days: float | None


def intra_agreement(
    answers: Answers,
    metric: str,
    rng: np.random.Generator,
    n_resamples: int = 1000,
    level: str = "nominal",
) -> list[Self]:
    """(M,) one entry an annotator, undefined with the reason for those without repeats.

    >>> from labeler.numerics.arrays import answers
    >>> again = {"pass_number": [1, 2, 1, 2], "day": [0, 7, 0, 9]}
    >>> some = answers([0, 0, 1, 1], [0, 0, 0, 0], [0, 0, 1, 1], n_labels=2, **again)
    >>> found = intra_agreement(some, "cohen", np.random.default_rng(0))[0]
    >>> found.measure.value, found.gap_days
    (1.0, 8.0)
    """
    measures, gaps = (
        pair_measures(repeat_counts(answers), metric, rng, n_resamples, level),
        gaps_of(answers),
    )
    return [Self(measures.measure(a), gaps[a]) for a in range(answers.n_annotators)]


def gaps_of(answers: Answers) -> list[float | None]:
    """(M,) median days between each person's first answers and their repeats; None where none is
    known.
    """
    repeated = repeats(answers)
    known = np.isfinite(repeated.gap_days)
    who, gap = repeated.annotator[known], repeated.gap_days[known]
    order = np.lexsort((gap, who))
    groups = (
        np.split(gap[order], np.cumsum(np.bincount(who, minlength=answers.n_annotators))[:-1])
        if answers.n_annotators
        else []
    )
    return [float(np.median(group)) if group.size else None for group in groups]
