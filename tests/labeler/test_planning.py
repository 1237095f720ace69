"""Planning: the published equation and its worked tables, and the defects of the published code
that must not come back.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from labeler.numerics.arrays import answers
from labeler.numerics.planning.allocation import allocate, in_order, redistribute
from labeler.numerics.planning.forecast import forecast, items_for_width
from labeler.numerics.planning.resources import NoPlan, Resources, level, links, share_out, solve
from labeler.numerics.planning.saturation import saturation
from tests.defined import defined
from tests.labeler.sets import crowd

PAPER = Resources(annotators=6, hours=10, rate=60, items=2160, double=1 / 3, repeat=1 / 2)


def without(plan: Resources, name: str) -> Resources:
    return Resources(**{key: value for key, value in vars(plan).items() if key != name})


@pytest.mark.parametrize("name", vars(PAPER))
def test_each_unknown_of_the_papers_plan_is_found_from_the_other_five(name: str) -> None:
    assert getattr(solve(without(PAPER, name)), name) == pytest.approx(getattr(PAPER, name))


WORKED = [
    (6, 10, 60, 1 / 3, 0.5, 2160),
    (3, 4, 20, 1, 0.5, 120),
    (5, 8, 40, 0.25, 0.5, 984),
    (4, 6, 30, 0.3, 0.2, 500),
]


@pytest.mark.parametrize(("n", "hours", "rate", "double", "repeat", "items"), WORKED)
def test_the_worked_plans_stay_within_everybodys_time_and_the_items(
    n: int, hours: float, rate: float, double: float, repeat: float, items: int
) -> None:
    """The published rounding needs 990 and 504 items in the last two, and two answers more of
    each person than there is time for.
    """
    plan = solve(Resources(n, hours, rate, None, double, repeat))
    shares = share_out(plan)

    assert plan.items == items
    assert shares.load.max() <= hours * rate
    assert shares.single.sum() + shares.per_link.sum() == shares.n_items <= items
    assert shares.load.max() - shares.load.min() <= 1
    assert shares.connected


def test_the_papers_plan_is_shared_out_as_published() -> None:
    shares = share_out(PAPER)

    assert (shares.single == 240).all()
    assert (shares.per_link == 60).all()
    assert (shares.repeat == 120).all()
    assert (shares.load == 600).all()
    assert shares.slack == 0


def test_people_are_rounded_up_so_that_the_plan_is_not_under_staffed() -> None:
    assert solve(Resources(None, 10, 60, 2161, 1 / 3, 1 / 2)).annotators == 7


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (PAPER, "exactly one"),
        (Resources(6, 10, 60), "3 are missing"),
        (Resources(6, 10, 60, 100, None, 0.5), "double"),
        (Resources(6, 10, 60, 3600, None, 1), "repeat = 1"),
        (Resources(6, 10, 60, 1000, 1, None), "double = 1"),
        (Resources(6, -1, 60, None, 0.5, 0.5), "hours"),
        (Resources(6, 10, 60, None, 1.5, 0.5), "0..1"),
        (Resources(float("nan"), 10, 60, None, 0.5, 0.5), "annotators"),
        (Resources(6, float("inf"), 60, None, 0.5, 0.5), "hours"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_by_name(plan: Resources, words: str) -> None:
    with pytest.raises(NoPlan, match=words):
        solve(plan)


@pytest.mark.parametrize("n", range(2, 12))
def test_nobody_is_paired_with_themselves_or_twice_and_everybody_is_joined(n: int) -> None:
    pairs = [tuple(pair) for pair in links(n)]

    assert all(a < b for a, b in pairs)
    assert len(set(pairs)) == len(pairs) == (n * (n - 1) // 2 if n < 5 else 2 * n)
    if n >= 5:
        assert set(np.bincount(links(n).ravel()).tolist()) == {4}


@given(st.integers(2, 12), st.floats(0.5, 20), st.integers(5, 80), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_any_plan_keeps_to_time_and_items_and_levels_the_loads(
    n: int, hours: float, rate: int, double: float, repeat: float
) -> None:
    plan = solve(Resources(n, round(hours, 2), rate, None, round(double, 2), round(repeat, 2)))
    assume(plan.items is not None and plan.items > 0)
    try:
        shares = share_out(plan)
    except NoPlan:
        assume(False)

    assert shares.load.max() <= hours * rate + 1
    assert shares.single.sum() + shares.per_link.sum() == shares.n_items <= defined(plan.items)
    assert (shares.repeat <= shares.single).all()
    assert shares.slack >= 0


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_levelling_gives_each_unit_to_whoever_has_least(load: list[int], n_units: int) -> None:
    slow = list(load)
    for _ in range(n_units):
        slow[slow.index(min(slow))] += 1

    found = level(np.array(load), n_units)

    assert sorted(found.tolist()) == sorted(slow)
    assert (found >= load).all()


def test_an_allocation_gives_every_item_to_whom_the_plan_says_and_the_same_seed_the_same() -> None:
    plan = solve(Resources(5, 8, 40, None, 0.25, 0.5))
    shares = share_out(plan)

    found, again = (allocate(shares, 2000, np.random.default_rng(3)) for _ in range(2))

    first = found.pass_number == 1
    assert (found.item == again.item).all()
    assert (
        np.bincount(found.annotator[first], minlength=5).tolist()
        == (shares.single + shares.double).tolist()
    )
    assert np.bincount(found.annotator[~first], minlength=5).tolist() == shares.repeat.tolist()
    n_people = np.bincount(found.item[first])
    assert (n_people == 2).sum() == shares.per_link.sum()
    assert (n_people == 1).sum() == shares.single.sum()
    seen = set(zip(found.item[first].tolist(), found.annotator[first].tolist(), strict=True))
    assert (
        set(zip(found.item[~first].tolist(), found.annotator[~first].tolist(), strict=True)) <= seen
    )
    assert len(seen) == first.sum()
    with pytest.raises(NoPlan, match="Import more items"):
        allocate(shares, 10, np.random.default_rng(0))


def test_when_somebody_leaves_their_items_go_to_people_who_have_not_seen_them() -> None:
    seen = {(1, 1), (2, 1), (2, 2), (3, 1)}

    taken, left = redistribute(
        np.array([1, 2, 3]),
        np.ones(3, dtype=np.int64),
        np.array([-1, 0, 4]),
        seen,
        np.random.default_rng(0),
    )

    assert taken.tolist() == [2, -1, 2]
    assert left.tolist() == [2]


def test_an_item_with_its_repeat_weighs_two_and_loads_stay_within_one() -> None:
    cost = np.array([2] * 7 + [1] * 12)

    taken, left = redistribute(
        np.arange(19), cost, np.array([3, 0, -1, 5]), set(), np.random.default_rng(1)
    )

    loads = np.array([3, 0, 5]) + [cost[taken == who].sum() for who in (0, 1, 3)]
    assert left.size == 0 and loads.max() - loads.min() <= 1


def test_work_is_ordered_so_that_every_repeat_has_room_for_its_gap() -> None:
    shares = share_out(solve(Resources(6, 10, 60, None, 1 / 3, 1 / 2)))
    plan = allocate(shares, 2160, np.random.default_rng(2))

    position = in_order(plan, 50, np.random.default_rng(3))

    is_first = plan.pass_number == 1
    for person in range(6):
        mine = is_first & (plan.annotator == person)
        assert sorted(position[mine]) == list(range(480))
        assert position[~is_first & (plan.annotator == person)].max() < 480 - 50
    with pytest.raises(NoPlan, match="leave no room"):
        in_order(plan, 361, np.random.default_rng(3))


def test_a_forecast_interval_holds_about_what_a_plan_of_that_size_measures() -> None:
    rng = np.random.default_rng(0)
    found = forecast(120, np.array([0.6, 0.3, 0.1]), 0.7, rng)

    assert found.interval is not None
    assert found.interval[0] < 0.7 < found.interval[1]
    assert 0.15 < defined(found.width) < 0.35
    assert forecast(1, np.array([0.5, 0.5]), 0.5, rng).interval is None
    with pytest.raises(ValueError, match=r"0\.\.1"):
        forecast(10, np.array([0.5, 0.5]), 1.5, rng)


def test_a_wished_width_gives_the_items_it_takes() -> None:
    prevalence = np.array([0.5, 0.5])
    needed = items_for_width(0.2, prevalence, 0.6, np.random.default_rng(0))

    assert needed is not None
    twice = forecast(needed * 2, prevalence, 0.6, np.random.default_rng(1))
    assert defined(twice.width) < 0.2
    assert items_for_width(0.001, prevalence, 0.6, np.random.default_rng(0), most=100) is None


@pytest.mark.parametrize(
    ("prevalence", "alpha"), [([0.9, 0.1], 0.99), ([0.95, 0.05], 0.99), ([0.99, 0.01], 0.0)]
)
def test_a_wished_width_holds_for_every_number_of_items_beyond(
    prevalence: list[float], alpha: float
) -> None:
    """With few items and a rare label nearly every draw is alike, which looks like certainty."""
    needed = items_for_width(
        0.1, np.array(prevalence), alpha, np.random.default_rng(0), most=20_000
    )

    assert needed is not None
    widths = [
        forecast(needed * times, np.array(prevalence), alpha, np.random.default_rng(1)).width
        for times in (1, 2, 4)
    ]
    assert all(width is not None and width < 0.125 for width in widths)


@pytest.mark.parametrize("n", range(2, 24))
def test_plans_of_double_items_alone_load_people_evenly(n: int) -> None:
    shares = share_out(
        Resources(annotators=n, hours=10, rate=3, items=n * 10 // 2 - 1, double=1.0, repeat=0.0)
    )

    assert shares.load.max() - shares.load.min() <= (2 if n == 3 or n > 4 else 1)
    assert shares.connected


def test_rounding_of_a_plan_that_just_fits_is_no_refusal() -> None:
    whole = solve(Resources(annotators=9, rate=51, items=531, double=0, repeat=0.54))

    assert (
        solve(Resources(annotators=9, hours=whole.hours, rate=51, items=531, repeat=0.54)).double
        == 0.0
    )


def test_a_tie_of_all_answers_is_kept_in_part_by_one() -> None:
    found = saturation(
        answers([0, 0, 1, 1, 2, 2], [0, 1] * 3, [0, 1] * 3, n_labels=2), np.random.default_rng(0), 5
    )

    assert [point.value for point in found["hard_label_kept"]] == [0.5, 1.0]


def test_saturation_rises_to_the_whole_and_says_so_exactly_there() -> None:
    some, _ = crowd(0, n_items=150, n_annotators=7, share=1.0)

    found = saturation(some, np.random.default_rng(0), n_draws=10)

    kept, divergence = (
        [point.value for point in found[name]] for name in ("hard_label_kept", "jensen_shannon")
    )
    # of two answers that differ each counts half
    assert kept[0] == pytest.approx(kept[1], abs=0.02)
    assert kept[1:] == sorted(kept[1:])
    assert kept[-1] == pytest.approx(1.0, abs=0.05)
    assert divergence == sorted(divergence, reverse=True)
    assert divergence[-1] == pytest.approx(0.0, abs=1e-12)
    assert [point.n_answers for point in found["alpha"]] == list(range(2, 8))
    with pytest.raises(ValueError, match="at least two"):
        saturation(answers([0, 1], [0, 0], [0, 1], n_labels=2), np.random.default_rng(0))
