"""Calibrated confidence: the worked Bayes values, and a fitted calibrator that must beat what
people state.
"""

import numpy as np
import pytest

from labeler.numerics.arrays import MISSING, Answers, answers
from labeler.numerics.confidence.bayes import bayes, rates, recalibrated, shrunk
from labeler.numerics.confidence.curves import calibration_curves
from labeler.numerics.confidence.fitted import (
    CHOICES,
    design,
    fit,
    held_out_score,
    precisions,
    summed,
)
from labeler.numerics.confidence.linear import confidence_of, linear
from labeler.numerics.confidence.methods import brier_of, cross_validated, probability_of_primary
from labeler.numerics.confidence.others import agreeing_share, co_answers
from labeler.numerics.pair_counts import pair_counts


def overconfident(seed: int = 0, n_items: int = 400, n_annotators: int = 8) -> Answers:
    """Three answers an item. Confidence tells something, but half of the people always say 5;
    label 2 is hard.
    """
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n_items)
    item = np.repeat(np.arange(n_items), 3)
    annotator = (
        np.repeat(rng.integers(0, n_annotators, n_items), 3) + np.tile([0, 1, 3], n_items)
    ) % n_annotators
    sure = rng.integers(1, 6, item.size)
    right = rng.random(item.size) < 0.35 + 0.1 * sure - 0.25 * (truth[item] == 2)
    label = np.where(right, truth[item], (truth[item] + rng.integers(1, 3, item.size)) % 3)
    return answers(
        item, annotator, label, n_labels=3, confidence=np.where(annotator % 2 == 0, 5, sure)
    )


def test_the_linear_map_can_be_turned_back() -> None:
    assert confidence_of(
        linear(np.arange(1, 6), scale=5, n_labels=4), scale=5, n_labels=4
    ) == pytest.approx([1, 2, 3, 4, 5])


def test_the_first_two_equations_shrink_as_worked() -> None:
    """Section 1.3, K = 3: p1 = .2, .3333, .5, .714286, 1, and on the scale 6 p1 - 1."""
    p1 = shrunk(linear(np.arange(1, 6), scale=5, n_labels=3), 3)

    assert p1 == pytest.approx([0.2, 1 / 3, 0.5, 0.714286, 1.0], abs=1e-6)
    assert confidence_of(p1, scale=5, n_labels=3) == pytest.approx(
        [0.2, 1.0, 2.0, 3.2857, 5.0], abs=1e-4
    )
    assert [float(shrunk(np.array(1 / k), k)) for k in (2, 3, 4)] == pytest.approx([0.5, 0.2, 0.1])


@pytest.mark.parametrize(
    ("p", "hit", "false", "expected"),
    [(0.714286, 0.8, 0.1, 0.952381), (0.714286, 0.8, 0.3, 0.869565), (1 / 3, 0.8, 0.1, 0.8)],
)
def test_recalibration_has_the_worked_values(
    p: float, hit: float, false: float, expected: float
) -> None:
    assert float(recalibrated(np.array(p), np.array(hit), np.array(false))) == pytest.approx(
        expected, abs=1e-6
    )


def test_a_worked_annotator_of_ruc_in_both_readings_of_equation_three() -> None:
    p1 = np.array(5 / 7)

    assert float(recalibrated(p1, np.array(37 / 53), np.array(13 / 186))) == pytest.approx(
        0.9615, abs=5e-5
    )
    assert float(recalibrated(p1, np.array(37 / 66), np.array(13 / 186))) == pytest.approx(
        0.9525, abs=5e-5
    )


def test_rates_of_fewer_than_three_answers_fall_back_and_then_nothing_changes() -> None:
    some = answers([0, 0], [0, 1], [0, 1], n_labels=3, confidence=[4, 4])

    assert np.isnan(rates(co_answers(some), "natural")).all()
    assert bayes(some, "natural") == pytest.approx([5 / 7, 5 / 7])


def test_what_others_said_is_counted_as_the_pairs_are() -> None:
    some = overconfident(n_items=40)
    pairs = pair_counts(some)
    slow = np.zeros((some.n_annotators, 3, 3), dtype=int)
    np.add.at(slow, pairs.first, pairs.counts)
    np.add.at(slow, pairs.second, pairs.counts.transpose(0, 2, 1))

    assert (co_answers(some) == slow).all()
    share, n_others = agreeing_share(some)
    assert (n_others == 2).all()
    assert set(np.unique(share)) <= {0.0, 0.5, 1.0}


def test_fitted_confidence_is_nearer_to_what_others_say_than_stated_or_bayes() -> None:
    some = overconfident()

    score = {
        name: float(
            np.nanmean(brier_of(some, cross_validated(some, name, np.random.default_rng(1))))
        )
        for name in ("linear", "bayes", "fitted")
    }

    assert score["fitted"] < score["linear"] - 0.02
    assert score["fitted"] < score["bayes"] - 0.02


def test_with_many_answers_the_fit_tells_people_who_always_say_five_apart() -> None:
    some = overconfident(n_items=3000)
    calibrator = fit(some, np.random.default_rng(0))

    assert calibrator is not None
    p = calibrator.predict(some)
    share, _ = agreeing_share(some)
    at_five = some.confidence == 5
    for group in (at_five & (some.annotator % 2 == 0), at_five & (some.annotator % 2 == 1)):
        assert p[group].mean() == pytest.approx(share[group].mean(), abs=0.02)


def test_a_few_shared_items_do_not_overrule_what_everybody_states() -> None:
    """One item answered twice, in disagreement, among a hundred on which everybody is certain."""
    item, annotator = np.r_[np.arange(100), 0], np.r_[np.arange(100) % 5, 1]
    label = np.r_[np.arange(100) % 3, 1]
    one_shared = answers(item, annotator, label, n_labels=3, confidence=np.full(101, 5))

    assert fit(one_shared, np.random.default_rng(0)) is None
    assert (probability_of_primary(one_shared, "fitted") == 1.0).all()


def test_answers_all_on_one_item_give_no_score_of_the_fit() -> None:
    """Every fold but one is empty then, and nothing was held out."""
    cells = summed(np.zeros(8, dtype=np.int64), np.ones(8), np.zeros(8, dtype=np.int64))

    assert np.isnan(
        held_out_score(design(cells.code, 1, 2, 5), cells, precisions(CHOICES[0], 1, 2, 5))
    )


def test_without_anybody_else_there_is_nothing_to_learn_and_the_stated_confidence_stays() -> None:
    alone = answers([0, 1], [0, 0], [0, 1], n_labels=2, confidence=[5, 1])

    assert fit(alone, np.random.default_rng(0)) is None
    assert probability_of_primary(alone, "fitted") == pytest.approx([1.0, 0.5])


@pytest.mark.parametrize("method", ["fitted", "bayes", "bayes_coded"])
def test_a_first_choice_is_never_less_probable_than_chance(method: str) -> None:
    some = overconfident()
    worst = answers(
        some.item, some.annotator, np.arange(len(some)) % 3, n_labels=3, confidence=some.confidence
    )

    p = probability_of_primary(worst, method)

    assert (p >= 1 / 3).all()
    assert (p <= 1).all()


def test_a_curve_says_how_often_five_was_right() -> None:
    some = answers(
        [0, 0, 1, 1, 2, 2],
        [0, 1] * 3,
        [0, 0, 1, 0, 1, 1],
        n_labels=2,
        confidence=[5, 3, 5, MISSING, 1, 3],
    )

    found = calibration_curves(some)

    assert found.n[0].tolist() == [1, 0, 0, 0, 2]
    assert found.share[0, 4] == pytest.approx(0.5)
    assert found.n[2].tolist() == [1, 0, 2, 0, 2]
    assert found.low[0, 4] < 0.5 < found.high[0, 4]
    assert np.isnan(found.share[0, 1])
    # said 5, 5 (promised 1) and 1 (promised 1/2); others agreed once, not, and once
    assert found.brier[0] == pytest.approx((0 + 1 + 0.25) / 3)
    assert found.ece[0] == pytest.approx((2 * 0.5 + 0.5) / 3)
