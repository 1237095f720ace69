"""Sections 9 and 10: distances, calibration errors, selective answering and comparisons, at
their worked values.
"""

from collections.abc import Callable

import numpy as np
import pytest

from labeler.numerics.arrays import Floats, answers
from labeler.numerics.calibration import fit_temperature, probabilities
from labeler.numerics.metrics.calibration_errors import (
    adaptive_calibration_error,
    rms_calibration_error,
    rms_calibration_error_hle,
    smooth_calibration_error,
)
from labeler.numerics.metrics.comparison import paired_difference, paired_score_difference
from labeler.numerics.metrics.distances import (
    entropy_correlation,
    jensen_shannon,
    kullback_leibler,
    lewidi_cross_entropy,
    manhattan,
    multilabel_manhattan,
    soft_accuracy,
    soft_f1,
    wasserstein,
)
from labeler.numerics.metrics.evaluation import evaluate
from labeler.numerics.metrics.perspectivist import error_per_annotator, perspectivist_error
from labeler.numerics.metrics.selective import auroc, misclassification_auroc, risk_coverage

TARGET, PREDICTED = np.array([[0.4, 0.6]]), np.array([[0.55, 0.45]])
CONFIDENCE = np.array([0.95, 0.9, 0.8, 0.75, 0.6, 0.55, 0.52, 0.99, 0.85, 0.7])
CORRECT = np.array([1.0, 1, 0, 1, 1, 0, 1, 1, 1, 0])


def test_distances_of_the_worked_pair() -> None:
    assert kullback_leibler(TARGET, PREDICTED)[0] == pytest.approx(0.045228, abs=1e-6)
    assert manhattan(TARGET, PREDICTED)[0] == pytest.approx(0.30)
    assert soft_accuracy(TARGET, PREDICTED)[0] == pytest.approx(0.85)
    both = [[0.0, 0.34, 0.33, 0.0, 0.165, 0.165]], [[0.1, 0.2, 0.3, 0.2, 0.1, 0.1]]
    assert wasserstein(*map(np.array, both))[0] == pytest.approx(0.405)


def test_the_six_way_example_has_its_soft_scores() -> None:
    """Section 9.3: soft accuracy = micro-F1 = .70, 1 - JSD in bits .824625."""
    target, predicted = (
        np.array([[0.0, 0.34, 0.33, 0.0, 0.165, 0.165]]),
        np.array([[0.1, 0.2, 0.3, 0.2, 0.1, 0.1]]),
    )

    assert soft_accuracy(target, predicted)[0] == pytest.approx(0.70)
    assert soft_f1(target, predicted)[0] == pytest.approx(0.70)
    assert 1 - jensen_shannon(target, predicted)[0] / np.log(2) == pytest.approx(0.824625, abs=2e-6)


def test_the_shared_tasks_cross_entropy_punishes_certainty_as_its_scorer_does() -> None:
    """A hard prediction of the majority costs -log(1e-9 + 1e-12) for each share of the minority."""
    wrong = lewidi_cross_entropy(np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]]))[0]

    assert wrong == pytest.approx(-0.5 * np.log(1e-9 + 1e-12) - 0.5 * np.log(1 + 1e-9 - 1e-12))


def test_multilabel_marginals_are_compared_yes_and_no() -> None:
    assert multilabel_manhattan(np.array([[1.0, 0.0, 0.5]]), np.array([[0.5, 0.0, 0.5]]))[
        0
    ] == pytest.approx(1 / 3)


def test_doubt_where_people_doubt_is_a_correlation_of_one() -> None:
    target = np.array([[0.5, 0.5], [0.9, 0.1], [0.7, 0.3]])

    assert entropy_correlation(target, target[:, ::-1]) == pytest.approx(1.0)
    assert entropy_correlation(target, np.full((3, 2), 0.5)) is None


def test_the_perspectivist_examples() -> None:
    """Section 9.2: [1,0,1,1] against [1,1,1,0] is .5; on a scale of six [2,5,3] against 3 is
    .166667.
    """
    four = answers([0] * 4, range(4), [1, 0, 1, 1], n_labels=2)
    scaled = answers([0] * 3, range(3), [2, 5, 3], n_labels=7)

    assert perspectivist_error(four, np.array([1, 1, 1, 0])) == pytest.approx(0.5)
    assert error_per_annotator(four, np.array([1, 1, 1, 0])).tolist() == [0, 1, 0, 1]
    assert perspectivist_error(scaled, np.array([3, 3, 3]), 6) == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("items_a_bin", "fixed", "published"), [(5, 0.071344, 0.016971), (3, 0.241072, None)]
)
def test_the_rms_error_counts_the_last_bin_and_the_published_form_does_not(
    items_a_bin: int, fixed: float, published: float | None
) -> None:
    assert rms_calibration_error(CONFIDENCE, CORRECT, items_a_bin) == pytest.approx(fixed, abs=1e-6)
    if published is not None:
        assert rms_calibration_error_hle(CONFIDENCE, CORRECT, items_a_bin) == pytest.approx(
            published, abs=1e-6
        )
    assert rms_calibration_error_hle(CONFIDENCE, CORRECT) == 0.0


@pytest.mark.parametrize("error", [adaptive_calibration_error, rms_calibration_error])
def test_equal_confidences_have_one_error_in_whatever_order_they_stand(
    error: Callable[[Floats, Floats], float],
) -> None:
    """Half of a thousand answers at .5 are right: there is nothing to hold against them."""
    confidence, correct = np.full(1000, 0.5), np.repeat([1.0, 0.0], 500)

    assert error(confidence, correct) == pytest.approx(0.0, abs=1e-12)
    assert error(confidence, correct[::-1]) == error(confidence, correct)


def test_a_difference_that_rounding_hides_from_itself_is_still_among_its_permutations() -> None:
    """Five losses all of one sign: two of the 32 permutations are as extreme."""
    gap = np.random.default_rng(96).exponential(5, 5) + 1

    found = paired_difference(gap, np.zeros(5), np.random.default_rng(1), 4000)

    assert found.p_value == pytest.approx(2 / 32, abs=0.015)


def test_bins_of_equal_size_give_a_calibration_error_too() -> None:
    assert adaptive_calibration_error(CONFIDENCE, CORRECT, 1) == pytest.approx(
        abs(CONFIDENCE.mean() - CORRECT.mean())
    )
    assert adaptive_calibration_error(CONFIDENCE, CORRECT, 10) == pytest.approx(
        np.abs(CONFIDENCE - CORRECT).mean()
    )


def test_the_smooth_error_is_small_for_honest_probabilities_and_the_gap_for_a_constant() -> None:
    rng = np.random.default_rng(0)
    honest = rng.random(20_000)
    correct = (rng.random(20_000) < honest).astype(float)

    assert smooth_calibration_error(honest, correct) < 0.02
    assert smooth_calibration_error(np.clip(honest + 0.2, 0, 1), correct) > 0.1
    assert smooth_calibration_error(
        np.full(5000, 0.9), np.repeat([1.0, 0.0], [3000, 2000])
    ) == pytest.approx(0.3, abs=0.03)


def test_confidence_that_ranks_right_above_wrong_has_area_one_and_none_when_nothing_is_wrong() -> (
    None
):
    assert misclassification_auroc(np.array([0.9, 0.8, 0.4]), np.array([1.0, 1.0, 0.0])) == 1.0
    assert auroc(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == 0.5
    assert misclassification_auroc(CONFIDENCE, np.ones(10)) is None


def test_risk_grows_with_coverage_and_ties_do_not_hang_on_their_order() -> None:
    tied = np.array([0.9, 0.5, 0.5, 0.5])

    first, second = (
        risk_coverage(tied, np.array(correct)) for correct in ([1.0, 0, 1, 1], [1.0, 1, 1, 0])
    )

    assert first.risk == pytest.approx([0, 0.25, 0.25, 0.25])
    assert (first.risk == second.risk).all()
    with pytest.raises(ValueError, match="no item"):
        risk_coverage(np.empty(0), np.empty(0))


def test_the_synthetic_temperature_is_found() -> None:
    """Section 10.2: sharp logits are cooled, and the loss falls."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(3000, 3))
    soft = probabilities(logits, 1.0)
    drawn = np.array([rng.choice(3, p=row) for row in soft])

    assert fit_temperature(logits * 2.5, np.eye(3)[drawn]) == pytest.approx(2.5, rel=0.1)
    assert fit_temperature(logits * 2.5, soft) == pytest.approx(2.5, rel=1e-3)


def test_every_metric_has_an_interval_or_a_reason_to_have_none() -> None:
    rng = np.random.default_rng(0)
    target = rng.dirichlet(np.ones(3), size=150)
    hard = target.argmax(axis=1)
    good = 0.6 * target + 0.4 / 3

    found = evaluate(target, hard, 0.5 * good + 0.5 * rng.dirichlet(np.ones(3), size=150), rng, 200)
    never_wrong = evaluate(target, hard, good, rng, 50)

    assert len(found) >= 20
    for name, estimate in found.items():
        assert estimate.value is not None, name
        assert estimate.interval is not None, name
        assert estimate.interval[0] <= estimate.interval[1]
    assert never_wrong["misclassification_auroc"].value is None
    assert never_wrong["accuracy"].value == 1.0


def test_a_score_that_is_no_mean_is_compared_by_drawing_both_models_together() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    good, bad = (
        np.where(rng.random(200) < share, truth, 1 - truth).astype(np.float64)
        for share in (0.9, 0.6)
    )

    def recall(target: np.ndarray, predicted: np.ndarray) -> float | None:
        return float((predicted[target == 1] == 1).mean()) if (target == 1).any() else None

    hard = truth.astype(np.float64)
    found = paired_score_difference(recall, hard, good, bad, rng, 300)
    same = paired_score_difference(recall, hard, good, good, rng, 50)

    assert found.interval[0] > 0
    assert found.p_value < 0.05
    assert (same.difference, same.p_value) == (0.0, 1.0)
    with pytest.raises(ValueError, match="undefined"):
        paired_score_difference(recall, np.zeros(5, dtype=int), good[:5], bad[:5], rng, 10)
