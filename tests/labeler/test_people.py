"""What is said about people beyond one number: intervals, shrinkage, independence, and signs of
low effort.
"""

import numpy as np
import pytest

from labeler.numerics.aggregation.registry import aggregate
from labeler.numerics.agreement.joint import item_groups, pair_draws
from labeler.numerics.agreement.pairs import measures_of, pair_values
from labeler.numerics.arrays import Answers, answers
from labeler.numerics.confidence.others import agreeing_share
from labeler.numerics.effort import FEWEST, effort_signs
from labeler.numerics.independence import connectedness, effective_raters
from labeler.numerics.intervals import group_weights
from labeler.numerics.pair_counts import pair_counts
from labeler.numerics.reliability import (
    Edges,
    Rules,
    edges,
    reliability,
    reliability_intervals,
    shrunk,
)
from labeler.numerics.repeat_counts import repeat_counts
from tests.labeler.sets import crowd, evidence

GRAPH = edges([(0, 1, 0.70), (0, 2, 0.40), (1, 2, 0.30)])
INTRA = np.array([0.80, 0.90, 0.50])


def test_damping_comes_to_the_same_reliability_in_more_sweeps() -> None:
    plain, damped = (
        reliability(GRAPH, INTRA, Rules(tolerance=1e-10, damping=damping)) for damping in (0.0, 0.5)
    )

    assert damped.r == pytest.approx(plain.r, abs=1e-8)
    assert damped.sweeps > plain.sweeps
    with pytest.raises(ValueError, match="damping"):
        Rules(damping=1.0)


def test_who_shared_little_is_drawn_nearer_to_one() -> None:
    r, everybody = np.array([1.3, 1.3, 0.4]), np.ones(3, dtype=bool)

    found = shrunk(r, everybody, np.array([1000, 10, 1000]), 30.0)

    assert found.mean() == pytest.approx(1.0)
    assert abs(found[1] - 1) < abs(found[0] - 1)
    assert (shrunk(r, everybody, np.array([10, 10, 10]), 0.0) == r).all()
    with pytest.raises(ValueError, match="shrinkage"):
        Rules(shrinkage=-1)


def test_intervals_of_reliability_hold_it_and_leave_out_who_was_not_compared() -> None:
    some, _ = crowd(0, n_items=120, n_annotators=5)
    low, high, found = bounds_of(some, 6)

    assert ((low <= found) & (found <= high))[:5].all()
    assert (low < high)[:5].all()
    assert np.isnan([low[5], high[5]]).all()


def bounds_of(
    some: Answers, n_annotators: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    pairs, group = pair_counts(some), item_groups(some, rng)
    values, nobody = pair_values(pairs.counts), np.full((200, n_annotators), np.nan)
    graph = Edges(pairs.first, pairs.second, values)
    draws = pair_draws(
        some, pairs, group, group_weights(int(group.max()) + 1, rng, 200), "krippendorff"
    )
    low, high = reliability_intervals(
        graph, draws, nobody, Rules(alpha=0.0), np.ones(n_annotators, dtype=np.int64)
    )
    return low, high, reliability(graph, nobody[0], Rules(alpha=0.0)).r


def test_intervals_of_reliability_hold_the_truth_about_as_often_as_they_say() -> None:
    """Twenty people of one skill, all on the same items: everybody's reliability is truly 1.
    Pairs drawn apart would hold it 73 times of 100.
    """
    hits = []
    for seed in range(12):
        some, _ = crowd(seed, n_items=100, n_annotators=20, n_labels=2, share=1.0, skill=0.7)
        low, high, _ = bounds_of(some, 20, seed)
        hits.append(((low <= 1.0) & (high >= 1.0)).mean())

    assert 0.88 <= np.mean(hits) <= 0.99


@pytest.mark.parametrize(("n_annotators", "n_labels"), [(4, 4), (40, 60)])
def test_groups_of_items_drawn_once_each_give_the_whole_again(
    n_annotators: int, n_labels: int
) -> None:
    """The larger one is more than is held at once."""
    some, _ = crowd(1, n_items=60, n_annotators=n_annotators, n_labels=n_labels)
    pairs, group = pair_counts(some), item_groups(some, np.random.default_rng(0))

    draws = pair_draws(some, pairs, group, np.ones((1, int(group.max()) + 1)), "cohen")

    assert draws[0] == pytest.approx(pair_values(pairs.counts, "cohen"))
    measures = measures_of(pairs.counts, "cohen", draws)
    assert measures.value == pytest.approx(draws[0])
    assert measures.low == pytest.approx(draws[0])


def test_copies_of_one_person_are_not_more_people() -> None:
    """Four who err alone against two who err alone and two copies of the second."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 2000)
    alone = np.stack([np.where(rng.random(2000) < 0.8, truth, 1 - truth) for _ in range(4)], axis=1)
    copied = alone[:, [0, 1, 1, 1]]
    known = np.eye(2)[truth]

    def effective(table: np.ndarray) -> float:
        item, annotator = (part.ravel() for part in np.indices(table.shape))
        return effective_raters(
            answers(item, annotator, table.ravel(), n_labels=2), known
        ).n_effective

    assert effective(alone) == pytest.approx(4.0, abs=0.2)
    # half of the six pairs are one person: 4/(1 + 3/2)
    assert effective(copied) == pytest.approx(1.6, abs=0.1)


def test_one_answer_an_item_says_nothing_of_independence() -> None:
    some = answers([0, 1], [0, 1], [0, 1], n_labels=2)

    assert (
        effective_raters(some, aggregate("vote_share", evidence(some)).distribution).correlation
        is None
    )


def test_people_who_share_no_items_even_through_others_are_counted_apart() -> None:
    ring = connectedness(np.array([0, 1, 2, 0]), np.array([1, 2, 3, 3]), 4)

    assert ring.n_components == 1
    assert ring.strength == pytest.approx(2.0)  # the ring of four: 2 - 2 cos(2π/4)
    assert connectedness(np.array([0]), np.array([1]), 3).n_components == 2


def busy(kind: str, seed: int = 0) -> tuple[Answers, np.ndarray]:
    """Four people on 200 items; the last one shows one sign."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, 200)
    item, annotator = (part.ravel() for part in np.indices((200, 4)))
    label = np.where(rng.random(800) < 0.85, truth[item], rng.integers(0, 3, 800))
    seconds, confidence = np.full(800, 20.0), rng.integers(2, 6, 800)
    last = annotator == 3
    if kind == "too_fast":
        seconds[last] = 0.5
    if kind == "same_label_in_a_row":
        label[last & (item > 150)] = 1
    if kind == "ignores_the_text":
        label[last] = rng.integers(0, 3, 200)
    if kind == "same_confidence":
        confidence[last] = 4
    if kind == "drift":
        label[last & (item > 100)] = rng.integers(0, 3, int((last & (item > 100)).sum()))
    made = answers(item, annotator, label, n_labels=3, seconds=seconds, confidence=confidence)
    return made, item.astype(float)


@pytest.mark.parametrize(
    "kind", ["too_fast", "same_label_in_a_row", "ignores_the_text", "same_confidence", "drift"]
)
def test_a_sign_is_seen_in_the_person_who_shows_it_and_in_nobody_else(kind: str) -> None:
    some, rank = busy(kind)

    found = effort_signs(some, np.full(200, 120), rank)

    assert kind in {signal.sign for signal in found if signal.annotator == 3}
    assert {signal.annotator for signal in found} == {3}


def test_row_order_of_an_imported_file_is_no_run_and_no_drift() -> None:
    """All answers of a file come at one moment; sorted by label, everybody would seem to repeat
    themselves.
    """
    some, _ = busy("none")
    ordered = some.where(np.argsort(some.label, kind="stable"))

    assert effort_signs(ordered, np.full(200, 120), np.zeros(len(ordered))) == []


def test_people_who_always_agree_are_not_asked_whether_they_read() -> None:
    """With a label of one in a hundred nobody can do much better than chance."""
    rng = np.random.default_rng(0)
    truth = (rng.random(1000) < 0.01).astype(int)
    item = np.repeat(np.arange(1000), 3)
    annotator = np.concatenate([rng.choice(30, 3, replace=False) for _ in range(1000)])

    found = effort_signs(
        answers(item, annotator, truth[item], n_labels=2), np.full(1000, 120), np.full(3000, np.nan)
    )

    assert found == []


def test_a_run_is_judged_by_how_usual_its_own_label_is() -> None:
    """Nine of ten answers are label 0: fourteen times 0 is ordinary, fourteen times 1 is not,
    whatever a person says most.
    """
    item, annotator = (part.ravel() for part in np.indices((400, 4)))
    label = (np.random.default_rng(1).random(1600) < 0.1).astype(int)
    label[annotator == 2] = 0
    label[(annotator == 2) & (item % 15 == 0)] = 1
    label[(annotator == 3) & (item >= 100) & (item < 114)] = 1

    found = effort_signs(
        answers(item, annotator, label, n_labels=2), np.full(400, 120), item.astype(float)
    )

    assert [
        (signal.annotator, signal.value) for signal in found if signal.sign == "same_label_in_a_row"
    ] == [(3, 14.0)]


def test_the_clearest_fall_is_seen_though_neither_half_varies() -> None:
    item, annotator = (part.ravel() for part in np.indices((40, 3)))
    label = np.where((annotator == 0) & (item >= 20), 1, 0)

    found = effort_signs(
        answers(item, annotator, label, n_labels=2), np.full(40, 120), item.astype(float)
    )

    assert ("drift", 0) in {(signal.sign, signal.annotator) for signal in found}


def test_one_known_time_among_forty_says_nothing_of_speed() -> None:
    some = answers(
        np.arange(40),
        np.zeros(40, dtype=int),
        np.arange(40) % 2,
        n_labels=2,
        seconds=np.where(np.arange(40) == 0, 0.1, np.nan),
    )

    assert effort_signs(some, np.full(40, 500), np.arange(40.0)) == []


def test_shared_errors_never_make_answers_worth_less_than_one() -> None:
    """One shared item, on which both make their only mistake."""
    item, annotator = np.r_[np.arange(100), np.arange(99, 199)], np.repeat([0, 1], 100)
    label = (item == 99).astype(int)

    found = effective_raters(
        answers(item, annotator, label, n_labels=2), np.tile([1.0, 0.0], (199, 1))
    )

    assert found.correlation == 1.0
    assert found.n_effective == pytest.approx(1.0, abs=0.01)


def test_the_strength_of_very_many_people_is_unknown_and_not_zero() -> None:
    star = np.arange(1, 2001)

    assert connectedness(np.zeros(2000, dtype=int), star, 2001).strength is None
    assert connectedness(np.zeros(2000, dtype=int)[:4], star[:4], 2001).strength == 0.0


def test_a_repeat_is_nobody_elses_answer() -> None:
    share, n_others = agreeing_share(
        answers([0, 0], [0, 0], [1, 1], n_labels=2, pass_number=[1, 2])
    )

    assert n_others.tolist() == [0, 0]
    assert np.isnan(share).all()


def test_careful_people_show_no_sign_and_few_answers_ask_no_question() -> None:
    some, rank = busy("none")
    few = some.where(some.item < FEWEST - 1)

    assert effort_signs(some, np.full(200, 120), rank) == []
    assert (
        effort_signs(
            busy("same_confidence")[0].where(some.item < FEWEST - 1),
            np.full(200, 120),
            rank[some.item < FEWEST - 1],
        )
        == []
    )
    assert effort_signs(few, np.full(200, 120), rank[: len(few)]) == []


def test_repeats_are_counted_for_whoever_gave_them() -> None:
    some = answers([0, 0, 0, 1], [0, 1, 0, 0], [0, 1, 1, 1], n_labels=2, pass_number=[1, 1, 2, 2])

    assert repeat_counts(some).sum(axis=(1, 2)).tolist() == [1, 0]
