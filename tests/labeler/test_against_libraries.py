"""Libraries as oracles: where a kept library computes the same thing, ours is equal to 1e-9."""

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import fleiss_kappa

from labeler.numerics.agreement.coefficients import alpha_of_coincidences, kappa_of_table
from labeler.numerics.arrays import Answers, answers
from labeler.numerics.counts import coincidences, label_counts, pair_counts
from labeler.numerics.metrics.evaluation import evaluate


def random_answers(seed: int) -> Answers:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, size=80)
    cells = [(i, a, truth[i] if rng.random() < 0.6 else rng.integers(0, 4)) for i in range(80) for a in range(6) if rng.random() < 0.7]
    return answers(*zip(*cells, strict=True), n_labels=4)


@pytest.mark.parametrize("seed", range(5))
def test_alpha_equals_krippendorff(seed: int) -> None:
    counts = label_counts(random_answers(seed))

    expected = krippendorff.alpha(value_counts=counts, value_domain=list(range(4)), level_of_measurement="nominal")

    assert float(alpha_of_coincidences(coincidences(counts).matrix)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_every_pairs_kappa_equals_scikit_learn(seed: int) -> None:
    some = random_answers(seed)
    pairs = pair_counts(some)

    for a, b, counts in zip(pairs.first, pairs.second, pairs.counts, strict=True):
        shared = np.intersect1d(some.item[some.annotator == a], some.item[some.annotator == b])
        labels = [some.label[some.annotator == who][np.searchsorted(some.item[some.annotator == who], shared)] for who in (a, b)]
        expected = cohen_kappa_score(*labels, labels=range(4))
        assert float(kappa_of_table(counts.astype(float))) == pytest.approx(expected, abs=1e-9)


def test_with_all_raters_on_all_items_alpha_approaches_fleiss() -> None:
    """Alpha corrects kappa for small samples: 1 - (1 - kappa)(n - 1)/n, with n values in all."""
    rng = np.random.default_rng(1)
    counts = rng.multinomial(5, [0.5, 0.3, 0.2], size=200)

    alpha = float(alpha_of_coincidences(coincidences(counts).matrix))

    n = counts.sum()
    assert alpha == pytest.approx(1 - (1 - fleiss_kappa(counts)) * (n - 1) / n, abs=1e-9)


def test_f1_equals_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    hard, predicted = rng.integers(0, 4, size=300), rng.dirichlet(np.ones(4), size=300)

    found = evaluate(np.eye(4)[hard], hard, predicted, rng)

    for name in ("macro", "micro", "weighted"):
        assert found[f"{name}_f1"].value == pytest.approx(f1_score(hard, predicted.argmax(axis=1), average=name), abs=1e-9)
