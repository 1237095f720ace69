"""Agreement when an answer is a set of labels: label by label, and over whole sets with MASI."""

from dataclasses import replace

import numpy as np

from labeler.numerics.agreement.coefficients import alpha_with
from labeler.numerics.agreement.measure import NO_OVERLAP, Measure, measure_of
from labeler.numerics.agreement.overall import draws, overall_alpha
from labeler.numerics.arrays import MISSING, Answers, Floats, Ints
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.intervals import interval_of


def both_choices(answers: Answers) -> Answers:
    """Each answer as the set of its first and its second choice: agreement on what people named at all.

    Raises ValueError for more labels than a set holds.

    >>> from labeler.numerics.arrays import answers
    >>> both_choices(answers([0, 0], [0, 1], [2, 0], secondary=[0, -1], n_labels=3)).label.tolist()
    [5, 1]
    """
    answers.expect_single("both_choices")
    first, second = answers.label.astype(np.int64), answers.secondary.astype(np.int64)
    named = np.where(second == MISSING, 0, np.left_shift(1, np.maximum(second, 0)))
    sets = np.bitwise_or(np.left_shift(1, first), named, dtype=np.int64)
    return replace(answers, label=sets, secondary=np.full_like(answers.secondary, MISSING), kind="multi")


def label_by_label(answers: Answers, rng: np.random.Generator, n_resamples: int = 1000) -> list[Measure]:
    """(K,) nominal alphas, one for each label being in the answer or not. Undefined where everybody always, or never, chose it."""
    return [overall_alpha(label_counts(answers.of_label(k)), rng, n_resamples) for k in range(answers.n_labels)]


def mean_alpha(measures: list[Measure]) -> float | None:
    """The mean over the labels for which alpha is defined (multi_krippendorff of EffiARA); None when it is for none."""
    defined = [measure.value for measure in measures if measure.value is not None]
    return float(np.mean(defined)) if defined else None


def masi_distance(sets: Ints) -> Floats:
    """(n_sets, n_sets) 1 - J·M of label sets given as bits: J = |∩|/|∪|; M = 1 equal, 2/3 one holds the other, 1/3 overlap, 0 apart.

    Passonneau (2006), Measuring Agreement on Set-valued Items. Two empty sets are equal.

    >>> masi_distance(np.array([0b01, 0b11, 0b10])).round(6)[0].tolist()
    [0.0, 0.666667, 1.0]
    """
    both, either = sets[:, None] & sets, sets[:, None] | sets
    n_both, n_either = (np.bitwise_count(found).astype(np.float64) for found in (both, either))
    equal, held = sets[:, None] == sets, (both == sets[:, None]) | (both == sets)
    monotone = np.select([equal, held & (n_both > 0), n_both > 0], [1.0, 2 / 3, 1 / 3], 0.0)
    jaccard = np.where(n_either > 0, n_both / np.where(n_either > 0, n_either, 1.0), 1.0)
    return np.asarray(1.0 - jaccard * monotone)


def masi_alpha(answers: Answers, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Krippendorff's alpha over whole sets of labels with MASI as δ, and its bootstrap interval over items."""
    first = answers.first_pass
    sets, code = np.unique(first.label, return_inverse=True)
    counts = np.zeros((answers.n_items, max(1, sets.size)), dtype=np.int64)
    np.add.at(counts, (first.item, code), 1)
    n = int((counts.sum(axis=1) >= 2).sum())
    if n == 0:
        return Measure(None, 0, reason=NO_OVERLAP)
    distance = masi_distance(sets.astype(np.int64))
    matrix = coincidences(counts).matrix
    drawn = draws(counts, rng, n_resamples).matrix
    equal = float(np.trace(matrix) / matrix.sum())
    return measure_of(float(alpha_with(matrix, distance)), n, equal, interval_of(alpha_with(drawn, distance)))
