"""Krippendorff, Cohen and EffiARA's reliability: the worked values, and what is undefined."""

import numpy as np
import pytest

from labeler.numerics.agreement.coefficients import alpha_of_coincidences, kappa_of_table
from labeler.numerics.agreement.measure import NO_OVERLAP, NO_VARIATION
from labeler.numerics.agreement.overall import overall_alpha
from labeler.numerics.agreement.pairs import pair_measure, pair_values
from labeler.numerics.arrays import answers
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.pair_counts import pair_counts
from labeler.numerics.reliability import Rules, edges, reliability
from labeler.numerics.repeat_counts import repeat_counts

X = [0, 0, 1, 1, 2, 2, 0, 1, 2, 0]
Y = [0, 1, 1, 1, 2, 0, 0, 1, 2, 2]
GRAPH = edges([(0, 1, 0.70), (0, 2, 0.40), (1, 2, 0.30)])
INTRA = np.array([0.80, 0.90, 0.50])


def contingency() -> np.ndarray:
    counts = np.zeros((3, 3))
    np.add.at(counts, (X, Y), 1)
    return counts


def test_the_worked_pair_has_the_published_agreement() -> None:
    assert kappa_of_table(contingency()) == pytest.approx(0.552239, abs=1e-6)
    assert pair_values(contingency()[None])[0] == pytest.approx(0.571429, abs=1e-6)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [([1, 2, 2], [0, 1, 0], -0.25), ([1, 1, 2, 2], [0, 1, 2, 2], 0.631579)],
)
def test_the_packages_own_test_values_for_alpha(
    first: list[int], second: list[int], expected: float
) -> None:
    counts = np.zeros((3, 3))
    np.add.at(counts, (first, second), 1)

    assert pair_values(counts[None])[0] == pytest.approx(expected, abs=1e-6)


def test_three_raters_with_gaps_have_the_published_alpha() -> None:
    rows: list[list[int | None]] = [[0, 0, 1, None, 2], [0, 1, 1, 1, 2], [0, 0, None, 1, 1]]
    cells = [
        (item, rater, label)
        for rater, row in enumerate(rows)
        for item, label in enumerate(row)
        if label is not None
    ]
    some = answers(*zip(*cells, strict=True), n_labels=3)

    assert alpha_of_coincidences(coincidences(label_counts(some)).matrix) == pytest.approx(
        0.538462, abs=1e-6
    )


def test_unanimous_answers_have_no_agreement_beyond_chance_and_the_reason_is_given() -> None:
    measure = pair_measure(np.array([[5, 0], [0, 0]]), "krippendorff", np.random.default_rng(0))

    assert (measure.value, measure.interval, measure.observed, measure.n) == (None, None, 1.0, 5)
    assert measure.reason == NO_VARIATION


def test_without_a_shared_item_agreement_is_undefined_and_not_zero() -> None:
    alone = answers([0, 1], [0, 1], [0, 1], n_labels=2)

    assert overall_alpha(label_counts(alone), np.random.default_rng(0)).reason == NO_OVERLAP
    assert pair_counts(alone).first.size == 0


def test_no_answers_at_all_are_undefined_too() -> None:
    nothing = answers([], [], [], n_labels=2)

    assert overall_alpha(label_counts(nothing), np.random.default_rng(0)).value is None
    assert repeat_counts(nothing).shape == (0, 2, 2)


def test_a_repeat_is_held_against_the_same_persons_first_answer_only() -> None:
    some = answers([0, 0, 0, 1], [0, 1, 0, 0], [0, 1, 1, 1], n_labels=2, pass_number=[1, 1, 2, 2])

    counts = repeat_counts(some)

    assert counts[0].tolist() == [[0, 1], [0, 0]]
    assert counts[1].sum() == 0


def test_intervals_hold_the_value_and_are_the_same_for_the_same_seed() -> None:
    counts = contingency().astype(np.int64)

    first = pair_measure(counts, "cohen", np.random.default_rng(7))
    second = pair_measure(counts, "cohen", np.random.default_rng(7))

    assert first == second
    assert first.interval is not None
    assert first.value is not None
    assert first.interval[0] < first.value < first.interval[1]


def test_pairs_are_counted_as_a_slow_obvious_loop_counts_them() -> None:
    rng = np.random.default_rng(3)
    rows = sorted({(int(i), int(a)) for i, a in rng.integers(0, (12, 5), size=(60, 2))})
    labels = rng.integers(0, 3, size=len(rows))
    some = answers([row[0] for row in rows], [row[1] for row in rows], labels, n_labels=3)

    pairs = pair_counts(some)

    for a, b, counts in zip(pairs.first, pairs.second, pairs.counts, strict=True):
        slow = np.zeros((3, 3), dtype=int)
        for (item, who), label in zip(rows, labels, strict=True):
            for (other_item, other), other_label in zip(rows, labels, strict=True):
                if item == other_item and (who, other) == (a, b):
                    slow[label, other_label] += 1
        assert counts.tolist() == slow.tolist()


def test_reliability_goes_through_the_published_sweeps() -> None:
    found = reliability(GRAPH, INTRA)

    assert found.r == pytest.approx([1.130489, 1.178616, 0.690895], abs=1e-6)
    assert (found.sweeps, found.converged) == (4, True)


def test_the_softmax_normalisation_gives_its_published_values() -> None:
    found = reliability(GRAPH, INTRA, Rules(normalise="softmax"))

    assert found.r == pytest.approx([1.072252, 1.101859, 0.825889], abs=1e-6)
    assert found.sweeps == 3


def test_without_intra_agreement_the_others_alone_decide() -> None:
    found = reliability(GRAPH, INTRA, Rules(alpha=0.0))

    assert found.r == pytest.approx([1.178407, 1.110891, 0.710702], abs=1e-6)


def test_negative_agreement_never_makes_the_worst_person_the_heaviest() -> None:
    graph = edges([(0, 1, -0.2), (0, 2, -0.3), (1, 2, 0.1)])
    nobody = np.full(3, np.nan)

    softmax = reliability(graph, nobody, Rules(alpha=0.0, normalise="softmax"))
    floored = reliability(graph, nobody, Rules(alpha=0.0))

    assert softmax.r == pytest.approx([0.876984, 1.083637, 1.039378], abs=1e-3)
    assert floored.r == pytest.approx(np.ones(3))


def test_who_agrees_with_nobody_weighs_least_and_still_something() -> None:
    graph = edges([(0, 1, -0.2), (0, 2, -0.3), (1, 2, 0.6)])

    rated = reliability(graph, np.full(3, np.nan), Rules(alpha=0.0))

    assert rated.r.argmin() == 0 and rated.r[0] >= 0.05
    assert rated.r[1:].min() > 1.0 and rated.r.mean() == pytest.approx(1.0)


def test_somebody_without_enough_overlap_stays_at_one_and_takes_no_part() -> None:
    found = reliability(edges([(0, 1, 0.8)]), np.array([0.9, np.nan, np.nan]))

    assert found.counted.tolist() == [True, True, False]
    assert found.r[2] == 1.0
    assert found.r[:2].mean() == pytest.approx(1.0)


def test_nobody_compared_at_all_leaves_everybody_at_one() -> None:
    found = reliability(edges([]), np.full(3, np.nan))

    assert found.r.tolist() == [1.0, 1.0, 1.0]
    assert not found.counted.any()


@pytest.mark.parametrize(
    ("alpha", "normalise", "word"), [(1.5, "mean", "alpha"), (0.5, "median", "normalise")]
)
def test_settings_outside_their_range_are_refused_by_name(
    alpha: float, normalise: str, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        Rules(alpha=alpha, normalise=normalise)
