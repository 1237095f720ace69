"""Agreement when an answer is a set of labels: label by label, and over whole sets with MASI."""

from dataclasses import replace

import numpy as np

from labeler.numerics.agreement.measure import NO_OVERLAP, Measure, measure_of
from labeler.numerics.agreement.overall import overall_alpha
from labeler.numerics.arrays import MISSING, Answers, Floats, Ints
from labeler.numerics.counts import answers_per_item, label_counts
from labeler.numerics.intervals import group_weights, interval_of

MOST_GROUPS = 2_000  # of items that are drawn


def both_choices(answers: Answers) -> Answers:
    """Each answer as the set of its first and its second choice: agreement on what people named at
    all.

    Raises ValueError for more labels than a set holds.

    >>> from labeler.numerics.arrays import answers
    >>> both_choices(answers([0, 0], [0, 1], [2, 0], secondary=[0, -1], n_labels=3)).label.tolist()
    [5, 1]
    """
    answers.expect_single("both_choices")
    first, second = answers.label.astype(np.int64), answers.secondary.astype(np.int64)
    named = np.where(second == MISSING, 0, np.left_shift(1, np.maximum(second, 0)))
    sets = np.bitwise_or(np.left_shift(1, first), named, dtype=np.int64)
    return replace(
        answers, label=sets, secondary=np.full_like(answers.secondary, MISSING), kind="multi"
    )


def label_by_label(
    answers: Answers, rng: np.random.Generator, n_resamples: int = 1000
) -> list[Measure]:
    """(K,) nominal alphas, one for each label being in the answer or not. Undefined where
    everybody always, or never, chose it.
    """
    return [
        overall_alpha(label_counts(answers.of_label(k)), rng, n_resamples)
        for k in range(answers.n_labels)
    ]


def mean_alpha(measures: list[Measure]) -> float | None:
    """The mean over the labels for which alpha is defined (multi_krippendorff of EffiARA); None
    when it is for none.
    """
    defined = [measure.value for measure in measures if measure.value is not None]
    return float(np.mean(defined)) if defined else None


def masi_distance(sets: Ints) -> Floats:
    """(n_sets, n_sets) 1 - J·M of label sets given as bits: J = |∩|/|∪|; M = 1 equal, 2/3 one holds
    the other, 1/3 overlap, 0 apart.

    Passonneau (2006), Measuring Agreement on Set-valued Items. Two empty sets are equal.

    >>> masi_distance(np.array([0b01, 0b11, 0b10])).round(6)[0].tolist()
    [0.0, 0.666667, 1.0]
    """
    both, either = sets[:, None] & sets, sets[:, None] | sets
    n_both, n_either = (np.bitwise_count(members).astype(np.float64) for members in (both, either))
    equal, held = sets[:, None] == sets, (both == sets[:, None]) | (both == sets)
    monotone = np.select([equal, held & (n_both > 0), n_both > 0], [1.0, 2 / 3, 1 / 3], 0.0)
    jaccard = np.where(n_either > 0, n_both / np.where(n_either > 0, n_either, 1.0), 1.0)
    return np.asarray(1.0 - jaccard * monotone)


def masi_alpha(answers: Answers, rng: np.random.Generator, n_resamples: int = 1000) -> Measure:
    """Krippendorff's alpha over whole sets of labels with MASI as δ, and its bootstrap interval
    over items.

    Sets are compared pair by pair within items and never item by set, of which there may be
    thousands. Of more than MOST_GROUPS items random groups are drawn as wholes.
    """
    first = answers.first_pass
    first = first.where(answers_per_item(first)[first.item] >= 2)
    if not len(first):
        return Measure(None, 0, reason=NO_OVERLAP)
    items, item = np.unique(first.item, return_inverse=True)
    sets, code = np.unique(first.label, return_inverse=True)
    distance = masi_distance(sets.astype(np.int64))
    over = 2.0 / (np.bincount(item) - 1)
    apart, equal = (
        _over_pairs(item, code, table) * over for table in (distance, np.eye(sets.size))
    )
    group = rng.permutation(items.size) % min(items.size, MOST_GROUPS)
    n_groups = int(group.max()) + 1
    used = (
        np.bincount(group[item] * sets.size + code, minlength=n_groups * sets.size)
        .reshape(n_groups, -1)
        .astype(np.float64)
    )
    value = float(_alpha(apart.sum(), used.sum(axis=0), distance))
    weights = group_weights(n_groups, rng, n_resamples)
    drawn = _alpha(weights @ np.bincount(group, weights=apart), weights @ used, distance)
    return measure_of(value, int(items.size), float(equal.sum() / item.size), interval_of(drawn))


def _over_pairs(item: Ints, code: Ints, table: Floats) -> Floats:
    """(n_items,) Σ over each two answers to an item of table[code, code]."""
    order = np.argsort(item, kind="stable")
    item, code = item[order], code[order]
    total, step = np.zeros(int(item[-1]) + 1), 1
    while step < item.size and (same := item[step:] == item[:-step]).any():
        total += np.bincount(
            item[step:][same],
            weights=table[code[step:][same], code[:-step][same]],
            minlength=total.size,
        )
        step += 1
    return total


def _alpha(apart: Floats, used: Floats, distance: Floats) -> Floats:
    """(...) alpha from observed disagreements (...) and how often each set was used, (...,
    n_sets); nan where nothing could disagree.
    """
    expected = ((used @ distance) * used).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(expected > 0, 1.0 - (used.sum(axis=-1) - 1.0) * apart / expected, np.nan)
        )
