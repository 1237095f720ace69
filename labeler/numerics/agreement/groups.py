"""Agreement before and after something changed, and over time."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.agreement.coefficients import OF_SUMS
from labeler.numerics.agreement.measure import FEWEST, Measure, measure_of
from labeler.numerics.agreement.overall import draws, expect_metrics, overall, sums_of
from labeler.numerics.arrays import Answers, Ints
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.intervals import interval_of

FEWEST_IN_WINDOW = 30  # items: fewer are noise


@dataclass(frozen=True)
class Change:
    """Agreement in two sets of answers, and their difference (after - before), None where either
    is undefined, with its interval, None where either has fewer than five items.
    """

    before: Measure
    after: Measure
    difference: float | None
    interval: tuple[float, float] | None


def change(
    answers: Answers,
    later: Ints,
    rng: np.random.Generator,
    metric: str = "krippendorff",
    level: str = "nominal",
    n_resamples: int = 1000,
) -> Change:
    """Agreement among answers with `later` 0 against those with 1, each within itself; `later`:
    (n_answers,), such as `guideline == newest`.

    The items of the two sets are drawn apart from each other, so an interval that leaves out 0 is a
    change beyond the draw of items.
    """
    answers.expect_single("change")
    expect_metrics((metric,), level)
    if not np.isin(later, (0, 1)).all():
        raise ValueError(
            "later says of every answer whether it came after the change: 0 or 1. For versions take"
            " later = version >= the_new_one"
        )
    values, drawn = [], []
    for which in (0, 1):
        counts = label_counts(answers.where(later == which))
        counted = coincidences(counts)
        n = int(counted.n_items[2:].sum())
        some = (
            OF_SUMS[metric](draws(counts, rng, n_resamples), level, None)
            if n
            else np.full(n_resamples, np.nan)
        )
        value = float(OF_SUMS[metric](sums_of(counted), level, None)) if n else float("nan")
        equal = float(np.trace(counted.matrix) / counted.matrix.sum()) if n else 0.0
        values.append(measure_of(value, n, equal, interval_of(some)))
        drawn.append(some)
    before, after = values
    if before.value is None or after.value is None:
        return Change(before, after, None, None)
    interval = interval_of(drawn[1] - drawn[0]) if min(before.n, after.n) >= FEWEST else None
    return Change(before, after, after.value - before.value, interval)


@dataclass(frozen=True)
class Window:
    """Agreement among the answers of days first..last (days since 1970, both inside)."""

    first_day: float
    last_day: float
    measure: Measure


def over_time(
    answers: Answers,
    rng: np.random.Generator,
    n_windows: int = 12,
    metric: str = "krippendorff",
    level: str = "nominal",
    n_resamples: int = 400,
) -> list[Window]:
    """Agreement in up to `n_windows` windows with equally many items, at least FEWEST_IN_WINDOW
    each, in order of the day an item's last answer came.

    An item stands in one window with all its first answers, so that no answer is compared across
    windows or lost between them. Items without a known day are left out; answers that all came at
    one moment, as in an imported file, have no order: [].
    """
    answers.expect_single("over_time")
    first = answers.first_pass
    day = np.full(answers.n_items, -np.inf)
    np.maximum.at(day, first.item, np.nan_to_num(first.day, nan=-np.inf))
    counts = label_counts(first)
    known = np.flatnonzero(np.isfinite(day) & (counts.sum(axis=1) >= 2))
    n_windows = min(n_windows, known.size // FEWEST_IN_WINDOW)
    if n_windows < 2 or day[known].min() == day[known].max():
        return []
    ordered = known[np.argsort(day[known], kind="stable")]
    groups = [group for group in np.array_split(ordered, n_windows) if group.size]
    return [
        Window(
            float(day[group[0]]),
            float(day[group[-1]]),
            overall(counts[group], rng, n_resamples, level, (metric,))[metric],
        )
        for group in groups
    ]
