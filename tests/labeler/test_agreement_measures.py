"""The coefficients beyond alpha and kappa, over groups, over time, of sets and of soft labels:
worked values and what is undefined.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from labeler.numerics.agreement.coefficients import (
    alpha_of_table,
    alpha_with,
    gwet_of_table,
    kappa_of_table,
    randolph_of_table,
    scott_of_table,
)
from labeler.numerics.agreement.distances import agreement_weights, squared_distance
from labeler.numerics.agreement.groups import change, over_time
from labeler.numerics.agreement.intra import intra_agreement
from labeler.numerics.agreement.measure import NO_OVERLAP, NO_VARIATION, ONE_LABEL
from labeler.numerics.agreement.overall import (
    MOST_PATTERNS,
    coefficient,
    distinct,
    overall,
    overall_alpha,
    per_label,
)
from labeler.numerics.agreement.pairs import pair_measures
from labeler.numerics.agreement.sets import (
    both_choices,
    label_by_label,
    masi_alpha,
    masi_distance,
    mean_alpha,
)
from labeler.numerics.agreement.soft import pair_similarities, self_similarities
from labeler.numerics.arrays import Answers, answers
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.intervals import interval_of
from labeler.numerics.pair_counts import pair_counts
from tests.defined import defined
from tests.labeler.sets import crowd

X, Y = [0, 0, 1, 1, 2, 2, 0, 1, 2, 0], [0, 1, 1, 1, 2, 0, 0, 1, 2, 2]
ONES = np.ones(2)


def table() -> np.ndarray:
    counts = np.zeros((3, 3))
    np.add.at(counts, (X, Y), 1)
    return counts


def both() -> np.ndarray:
    return label_counts(answers([*range(10)] * 2, [0] * 10 + [1] * 10, X + Y, n_labels=3))


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.571429), ("ordinal", 0.335883), ("interval", 0.339768)]
)
def test_alpha_at_each_level_has_the_worked_value(level: str, expected: float) -> None:
    assert float(alpha_of_table(table(), level, None)) == pytest.approx(expected, abs=1e-6)
    assert coefficient(coincidences(both()), "krippendorff", level) == pytest.approx(
        expected, abs=1e-6
    )


def test_the_other_coefficients_have_their_worked_values() -> None:
    assert float(kappa_of_table(table(), "interval")) == pytest.approx(0.307692, abs=1e-6)
    assert float(scott_of_table(table())) == pytest.approx(0.548872, abs=1e-6)
    assert float(randolph_of_table(table())) == pytest.approx(0.55)
    assert coefficient(coincidences(both()), "fleiss") == pytest.approx(0.548872, abs=1e-6)
    assert coefficient(coincidences(both()), "percent") == pytest.approx(0.7)


def test_gwets_ac1_holds_where_kappa_collapses() -> None:
    """Gwet (2008), table 2's paradox: 118 of 125 answers alike, nearly all of them the same
    label.
    """
    skewed = np.array([[118.0, 5.0], [2.0, 0.0]])

    assert float(kappa_of_table(skewed)) == pytest.approx(-0.0234, abs=1e-4)
    assert float(gwet_of_table(skewed)) == pytest.approx(0.9408, abs=1e-4)


def test_weights_and_distances_refuse_levels_they_do_not_have() -> None:
    with pytest.raises(ValueError, match="nominal"):
        agreement_weights("cardinal", 3)
    with pytest.raises(ValueError, match="ratio"):
        squared_distance("linear", np.ones(3))
    with pytest.raises(ValueError, match="krippendorff"):
        coefficient(coincidences(both()), "luck")


def test_unanimity_is_undefined_where_chance_is_taken_off_and_perfect_where_it_is_not() -> None:
    found = overall(np.array([[3, 0], [2, 0]]), np.random.default_rng(0), 50)

    assert {name for name, measure in found.items() if measure.value is None} == {
        "krippendorff",
        "fleiss",
        "scott",
    }
    assert found["krippendorff"].reason == NO_VARIATION
    assert found["percent"].value == found["randolph"].value == found["gwet"].value == 1.0


def test_one_label_or_no_overlap_is_a_reason_and_not_a_number() -> None:
    assert {
        measure.reason
        for measure in overall(np.array([[2], [2]]), np.random.default_rng(0)).values()
    } == {ONE_LABEL}
    assert {
        measure.reason
        for measure in overall(np.array([[1, 0], [0, 1]]), np.random.default_rng(0)).values()
    } == {NO_OVERLAP}


def test_every_interval_holds_its_value_and_narrows_with_items() -> None:
    few, many = (
        overall(label_counts(crowd(1, n_items=n)[0]), np.random.default_rng(0)) for n in (60, 600)
    )

    for name in few:
        narrow, wide = many[name], few[name]
        assert narrow.interval is not None
        assert wide.interval is not None
        assert narrow.interval[0] <= defined(narrow.value) <= narrow.interval[1]
        assert narrow.interval[1] - narrow.interval[0] < wide.interval[1] - wide.interval[0]


def test_the_interval_covers_the_agreement_of_the_population_about_as_often_as_it_says() -> None:
    """600 items are the population; intervals from 80 of them should hold its alpha in about 95
    of 100 draws.
    """
    counts = label_counts(crowd(2, n_items=6000)[0])
    truth = defined(coefficient(coincidences(counts)))
    rng = np.random.default_rng(0)

    hits = 0
    for _ in range(200):
        found = overall_alpha(counts[rng.integers(0, 6000, 80)], rng, 300)
        assert found.interval is not None
        hits += found.interval[0] <= truth <= found.interval[1]

    assert 0.88 <= hits / 200 <= 0.99


def test_each_label_is_measured_against_all_others() -> None:
    some, _ = crowd(3, n_items=200)
    found = per_label(label_counts(some), np.random.default_rng(0), 50)

    for k, measure in enumerate(found):
        assert measure.value == pytest.approx(
            coefficient(coincidences(label_counts(some.of_label(k)))), abs=1e-12
        )
        assert measure.interval is not None


def test_all_pairs_at_once_are_the_pairs_one_by_one() -> None:
    pairs = pair_counts(crowd(4)[0])
    found = pair_measures(pairs.counts, "cohen", np.random.default_rng(0), 50)

    assert [found.measure(i).value for i in range(len(found))] == pytest.approx(
        [float(kappa_of_table(one.astype(float))) for one in pairs.counts]
    )
    assert (found.n == pairs.n_shared).all()
    assert ((found.low <= found.value) & (found.value <= found.high)).all()


def test_masi_has_the_published_distances() -> None:
    """Passonneau (2006): {a} and {a, b}: Jaccard 1/2, one holds the other 2/3; {a, b} and {b,
    c}: 1/3 and 1/3.
    """
    found = masi_distance(np.array([0b001, 0b011, 0b110, 0b100, 0b000]))

    assert found[0, 1] == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert found[1, 2] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert found[0, 3] == found[0, 4] == 1.0
    assert found[4, 4] == 0.0
    assert (found == found.T).all()


def test_agreement_on_sets_is_one_when_sets_are_equal_and_lower_the_less_they_share() -> None:
    items, people = [0, 0, 1, 1, 2, 2], [0, 1] * 3
    same = answers(items, people, [1, 1, 2, 2, 6, 6], n_labels=3, kind="multi")
    near = answers(items, people, [1, 3, 2, 2, 6, 4], n_labels=3, kind="multi")
    apart = answers(items, people, [1, 4, 2, 1, 6, 1], n_labels=3, kind="multi")

    values = [
        defined(masi_alpha(one, np.random.default_rng(0), 50).value) for one in (same, near, apart)
    ]

    assert values[0] == 1.0
    assert values[0] > values[1] > values[2]
    assert (
        masi_alpha(
            answers([0, 1], [0, 0], [1, 2], n_labels=2, kind="multi"), np.random.default_rng(0)
        ).reason
        == NO_OVERLAP
    )


def test_a_second_choice_that_another_names_first_is_agreement_in_part() -> None:
    items, people = [0, 0, 1, 1, 2, 2], [0, 1] * 3
    first, rng = [0, 1, 1, 1, 2, 2], np.random.default_rng(0)
    silent = answers(items, people, first, n_labels=3)
    second = answers(items, people, first, secondary=[1, 0, -1, -1, -1, -1], n_labels=3)
    one_way = answers(items, people, first, secondary=[1, -1, -1, -1, -1, -1], n_labels=3)

    values = [
        defined(masi_alpha(both_choices(some), rng, 50).value) for some in (silent, one_way, second)
    ]

    assert values[0] == pytest.approx(float(coefficient(coincidences(label_counts(silent))) or 0.0))
    assert values[0] < values[1] < values[2] == 1.0
    with pytest.raises(ValueError, match="at most 62 labels"):
        both_choices(answers([0], [0], [70], n_labels=71))


def test_alpha_of_sets_is_alpha_of_their_coincidences() -> None:
    some, _ = crowd(5, n_items=200, n_labels=3)
    sets = both_choices(replace(some, secondary=np.roll(some.label, 1)))
    names, code = np.unique(sets.label, return_inverse=True)
    counts = np.zeros((200, names.size), dtype=np.int64)
    np.add.at(counts, (sets.item, code), 1)

    found = masi_alpha(sets, np.random.default_rng(0), 50)

    assert found.value == pytest.approx(
        float(alpha_with(coincidences(counts).matrix, masi_distance(names))), abs=1e-12
    )
    assert found.observed == pytest.approx(
        overall_alpha(counts, np.random.default_rng(0), 50).observed
    )


def test_items_drawn_in_groups_have_the_interval_of_items_drawn_one_by_one() -> None:
    """Twelve labels on six thousand items are more distinct items than are drawn one by one."""
    counts = label_counts(crowd(3, n_items=6000, n_annotators=8, n_labels=12)[0])
    assert len(distinct(counts)[1]) > MOST_PATTERNS

    found = overall(counts, np.random.default_rng(0), 2000)
    picks = np.random.default_rng(1).integers(0, len(counts), (200, len(counts)))

    for metric in ("krippendorff", "fleiss", "gwet", "percent"):
        plain = interval_of(
            np.array(
                [float(coefficient(coincidences(counts[pick]), metric) or 0.0) for pick in picks]
            )
        )
        assert plain is not None
        assert found[metric].interval == pytest.approx(plain, abs=0.0025)


def test_label_by_label_leaves_out_what_nobody_or_everybody_chose() -> None:
    some = answers(
        [0, 0, 1, 1], [0, 1, 0, 1], [0b101, 0b100, 0b100, 0b100], n_labels=3, kind="multi"
    )
    found = label_by_label(some, np.random.default_rng(0), 50)

    assert [measure.value for measure in found][1:] == [None, None]
    assert found[1].reason == NO_VARIATION
    assert mean_alpha(found) == found[0].value
    assert mean_alpha(found[1:]) is None


def test_soft_labels_that_lean_the_same_way_agree_more_than_their_first_choices() -> None:
    some = answers([0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 1], n_labels=2)
    y = np.array([[0.6, 0.4], [0.4, 0.6], [0.1, 0.9], [0.2, 0.8]])

    group, weights = np.array([0, 1]), np.array([[1.0, 1.0], [2.0, 0.0]])
    first_of, second_of, cosines, draws = pair_similarities(some, y, "cosine", group, weights)
    cosine = cosines.measure(0)
    divergence = pair_similarities(some, y, "jensen_shannon", group, weights)[2].measure(0)

    first = (0.6 * 0.4 * 2) / 0.52
    second = (0.1 * 0.2 + 0.9 * 0.8) / np.sqrt(0.82 * 0.68)
    assert (first_of.tolist(), second_of.tolist()) == ([0], [1])
    assert cosine.value == pytest.approx((first + second) / 2)
    assert cosine.n == 2
    assert draws[:, 0] == pytest.approx([(first + second) / 2, first])
    assert divergence.value is not None
    assert 0.9 < divergence.value < 1


def test_a_repeats_soft_label_is_held_against_the_same_persons_first() -> None:
    some = answers(
        [0, 0, 1], [0, 0, 0], [0, 1, 1], n_labels=2, pass_number=[1, 2, 1], n_annotators=2
    )
    y = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])

    found, draws = self_similarities(
        some, y, "cosine", np.zeros(2, dtype=np.int64), np.ones((20, 1))
    )

    assert found.measure(0).value == pytest.approx(np.sqrt(0.5))
    assert (found.measure(1).value, found.measure(1).reason) == (None, NO_OVERLAP)
    assert draws.shape == (20, 2)


def test_what_is_no_distribution_has_no_similarity() -> None:
    some = answers([0, 0], [0, 1], [0, 1], n_labels=2)

    with pytest.raises(ValueError, match="sum 1"):
        pair_similarities(
            some, np.zeros((2, 2)), "cosine", np.zeros(1, dtype=np.int64), np.ones((1, 1))
        )
    with pytest.raises(ValueError, match="jensen_shannon"):
        pair_similarities(some, np.eye(2), "dot", np.zeros(1, dtype=np.int64), np.ones((1, 1)))


def test_a_better_guideline_shows_as_a_change_that_its_interval_leaves_no_doubt_of() -> None:
    worse, better = crowd(5, n_items=300, skill=0.4)[0], crowd(6, n_items=300, skill=0.95)[0]
    joined = answers(
        *(
            np.concatenate(
                [getattr(worse, name), getattr(better, name) + (300 if name == "item" else 0)]
            )
            for name in ("item", "annotator", "label")
        ),
        n_labels=4,
    )
    later = np.repeat([0, 1], [len(worse), len(better)])

    found = change(joined, later, np.random.default_rng(0))
    alone = change(joined, np.zeros_like(later), np.random.default_rng(0))

    assert found.interval is not None
    assert found.interval[0] > 0.3
    assert found.before.value == pytest.approx(coefficient(coincidences(label_counts(worse))))
    assert (alone.difference, alone.after.reason) == (None, NO_OVERLAP)


def test_a_change_of_a_few_items_has_no_interval() -> None:
    some = answers(
        np.repeat(np.arange(6), 2), [0, 1] * 6, [0, 0, 1, 1, 2, 2, 0, 1, 0, 1, 2, 1], n_labels=3
    )

    found = change(some, (some.item >= 3).astype(np.int64), np.random.default_rng(0))

    assert found.difference is not None
    assert found.interval is None


@pytest.mark.parametrize(
    "of",
    [
        lambda some: change(some, np.zeros(2, dtype=np.int64), np.random.default_rng(0)),
        lambda some: over_time(some, np.random.default_rng(0)),
    ],
)
def test_agreement_between_groups_needs_one_label_an_answer(
    of: Callable[[Answers], object],
) -> None:
    with pytest.raises(ValueError, match="one label at a time"):
        of(answers([0, 0], [0, 1], [3, 1], n_labels=2, kind="multi"))


def test_over_time_every_item_stands_in_one_window_in_order() -> None:
    some, _ = crowd(7, n_items=240)
    dated = answers(
        some.item, some.annotator, some.label, n_labels=4, day=some.item.astype(float), n_items=241
    )

    windows = over_time(dated, np.random.default_rng(0), n_resamples=50)

    assert len(windows) == 7  # of thirty items at least
    assert sum(window.measure.n for window in windows) == int(
        (label_counts(some).sum(axis=1) >= 2).sum()
    )
    assert all(one.last_day < other.first_day for one, other in pairwise(windows))
    assert over_time(some, np.random.default_rng(0)) == []


def test_agreement_with_oneself_says_how_long_lay_between() -> None:
    some = answers(
        [0, 1, 2, 0, 1, 2],
        [0] * 6,
        [0, 1, 0, 0, 1, 1],
        n_labels=2,
        pass_number=[1, 1, 1, 2, 2, 2],
        day=[0, 0, 0, 10, 20, 30],
        n_annotators=2,
    )

    repeated, never = intra_agreement(some, "cohen", np.random.default_rng(0))

    assert repeated.gap_days == 20
    assert repeated.measure.n == 3
    assert (never.measure.value, never.measure.reason, never.gap_days) == (None, NO_OVERLAP, None)
