import numpy as np
import pytest

from labeler.numerics.calibration import fit_temperature, probabilities, reliability_diagram
from labeler.numerics.metrics.calibration_errors import expected_calibration_error
from labeler.numerics.metrics.comparison import paired_difference
from labeler.numerics.metrics.distances import cross_entropy, jensen_shannon, manhattan
from labeler.numerics.metrics.evaluation import evaluate
from tests.defined import defined

CONFIDENCE = np.array([0.95, 0.9, 0.8, 0.75, 0.6, 0.55, 0.52, 0.99, 0.85, 0.7])
CORRECT = np.array([1.0, 1, 0, 1, 1, 0, 1, 1, 1, 0])


@pytest.mark.parametrize(("n_bins", "expected"), [(15, 0.219), (10, 0.189)])
def test_calibration_error_has_the_worked_value(n_bins: int, expected: float) -> None:
    assert expected_calibration_error(CONFIDENCE, CORRECT, n_bins) == pytest.approx(
        expected, abs=1e-9
    )


def test_distances_have_the_worked_values() -> None:
    target, predicted = np.array([[0.4, 0.6]]), np.array([[0.55, 0.45]])

    assert cross_entropy(target, predicted)[0] == pytest.approx(0.718239, abs=1e-6)
    assert manhattan(target, predicted)[0] == pytest.approx(0.30)
    assert 0 < jensen_shannon(target, predicted)[0] < np.log(2)
    assert jensen_shannon(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))[0] == pytest.approx(
        np.log(2)
    )


def test_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(2000, 3))
    soft = probabilities(logits, 1.0)

    temperature = fit_temperature(logits * 2.5, soft)

    assert temperature == pytest.approx(2.5, rel=1e-3)


def test_every_metric_comes_with_an_interval_around_it() -> None:
    rng = np.random.default_rng(0)
    target = rng.dirichlet(np.ones(3), size=200)
    found = evaluate(target, target.argmax(axis=1), rng.dirichlet(np.ones(3), size=200), rng)

    assert set(found) >= {
        "soft_cross_entropy",
        "macro_f1",
        "micro_f1",
        "weighted_f1",
        "accuracy",
        "ece",
        "brier",
        "jensen_shannon",
        "manhattan",
    }
    for name, estimate in found.items():
        assert estimate.interval is not None
        assert estimate.interval[0] <= estimate.interval[1]
        if name != "ece":  # its bootstrap is biased upwards by nature
            assert estimate.interval[0] <= defined(estimate.value) <= estimate.interval[1]


def test_a_metric_of_no_items_is_refused() -> None:
    with pytest.raises(ValueError, match="no item"):
        evaluate(
            np.zeros((0, 2)),
            np.zeros(0, dtype=np.int64),
            np.zeros((0, 2)),
            np.random.default_rng(0),
        )


def test_equal_models_do_not_differ_and_different_ones_do() -> None:
    rng = np.random.default_rng(0)
    loss = rng.random(300)

    same, better = paired_difference(loss, loss, rng), paired_difference(loss - 0.2, loss, rng)

    assert (same.difference, same.p_value) == (0.0, 1.0)
    assert better.interval[1] < 0
    assert better.p_value < 0.01


def test_the_diagram_counts_every_prediction_once() -> None:
    rng = np.random.default_rng(0)
    predicted = rng.dirichlet(np.ones(4), size=500)

    bins = reliability_diagram(predicted, rng.integers(0, 4, size=500))

    assert sum(b.n for b in bins) == 500
    assert all(b.low < b.confidence <= b.high + 1e-12 for b in bins)
