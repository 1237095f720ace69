"""Libraries as oracles: where a kept library computes the same thing, ours is equal to 1e-9.
What differs is their defect, and said so.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
from cleanlab.internal.multiannotator_utils import find_best_temp_scaler
from cleanlab.multiannotator import get_active_learning_scores, get_label_quality_multiannotator
from crowdkit.aggregation import GLAD, MACE, DawidSkene, MajorityVote, OneCoinDawidSkene
from sklearn.metrics import cohen_kappa_score, f1_score, log_loss, roc_auc_score
from statsmodels.stats.inter_rater import fleiss_kappa

from labeler.numerics.aggregation.active_lab import active_lab, best_temperature, scaled
from labeler.numerics.aggregation.cooccurrence import vote_by_cell
from labeler.numerics.aggregation.crowdlab import crowdlab
from labeler.numerics.aggregation.dawid_skene import dawid_skene
from labeler.numerics.aggregation.evidence import Aggregated, Evidence
from labeler.numerics.aggregation.glad import glad
from labeler.numerics.aggregation.mace import Start, run
from labeler.numerics.aggregation.one_coin import one_coin
from labeler.numerics.aggregation.vote_share import vote_share
from labeler.numerics.agreement.coefficients import kappa_of_table
from labeler.numerics.agreement.overall import coefficient
from labeler.numerics.arrays import Answers, answers
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.metrics.distances import cross_entropy
from labeler.numerics.metrics.evaluation import evaluate
from labeler.numerics.metrics.selective import auroc
from labeler.numerics.pair_counts import pair_counts
from tests.defined import defined
from tests.labeler.sets import crowd, evidence

SEEDS = range(4)
EXACT = 1e-9


def answered_crowd(seed: int) -> Answers:
    """Sorted, every item answered: what the libraries need to name items and people in our
    order.
    """
    some, _ = crowd(seed, n_items=60, n_annotators=6)
    kept = np.unique(some.item, return_inverse=True)[1]
    return answers(kept, some.annotator, some.label, n_labels=4, n_annotators=6)


def frame(some: Answers) -> pd.DataFrame:
    return pd.DataFrame({"task": some.item, "worker": some.annotator, "label": some.label})


def wide(some: Answers) -> np.ndarray:
    table = np.full((some.n_items, some.n_annotators), np.nan)
    table[some.item, some.annotator] = some.label
    return table


def model_of(some: Answers, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed + 100)
    share = vote_share(evidence(some)).distribution
    return 0.5 * rng.dirichlet(np.ones(4), size=some.n_items) + 0.5 * share


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_equals_krippendorff(seed: int, level: Any) -> None:
    counts = label_counts(answered_crowd(seed))

    expected = krippendorff.alpha(
        value_counts=counts, value_domain=list(range(4)), level_of_measurement=level
    )

    assert coefficient(coincidences(counts), "krippendorff", level) == pytest.approx(
        expected, abs=EXACT
    )


@pytest.mark.parametrize(
    ("level", "weights"), [("nominal", None), ("linear", "linear"), ("interval", "quadratic")]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_pairs_kappa_equals_scikit_learn(seed: int, level: str, weights: str | None) -> None:
    some = answered_crowd(seed)
    pairs, table = pair_counts(some), wide(some)

    for a, b, counts in zip(pairs.first, pairs.second, pairs.counts, strict=True):
        shared = ~np.isnan(table[:, a]) & ~np.isnan(table[:, b])
        expected = cohen_kappa_score(
            table[shared, a], table[shared, b], labels=range(4), weights=weights
        )
        assert float(kappa_of_table(counts.astype(float), level)) == pytest.approx(
            expected, abs=EXACT
        )


@pytest.mark.parametrize("method", ["fleiss", "randolph"])
def test_with_all_raters_on_all_items_fleiss_and_randolph_equal_statsmodels(method: str) -> None:
    counts = np.random.default_rng(1).multinomial(5, [0.5, 0.3, 0.2], size=200)

    assert coefficient(coincidences(counts), method) == pytest.approx(
        fleiss_kappa(counts, method), abs=EXACT
    )


def test_alpha_corrects_kappa_for_few_answers() -> None:
    """1 - (1 - kappa)(n - 1)/n, with n values in all."""
    counts = np.random.default_rng(1).multinomial(5, [0.5, 0.3, 0.2], size=200)

    n = counts.sum()
    assert coefficient(coincidences(counts)) == pytest.approx(
        1 - (1 - fleiss_kappa(counts)) * (n - 1) / n, abs=EXACT
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_vote_shares_equal_crowd_kit(seed: int) -> None:
    some = answered_crowd(seed)

    theirs = MajorityVote().fit(frame(some)).probas_

    assert vote_share(evidence(some)).distribution == pytest.approx(
        defined(theirs).sort_index(axis=1).to_numpy(), abs=EXACT
    )


OURS: dict[type[DawidSkene], Callable[[Evidence, int], Aggregated]] = {
    DawidSkene: lambda given, n: dawid_skene(given, 0.0, n, -np.inf),
    OneCoinDawidSkene: lambda given, n: one_coin(given, n, -np.inf),
}


@pytest.mark.parametrize("theirs", OURS)
@pytest.mark.parametrize("n_iterations", [1, 4, 12])
@pytest.mark.parametrize("seed", SEEDS)
def test_dawid_skene_equals_crowd_kit_after_every_number_of_iterations(
    seed: int, n_iterations: int, theirs: type[DawidSkene]
) -> None:
    """Their test for the end adds the prior once an answer instead of once an item, so both run
    to a given number of iterations.
    """
    some = answered_crowd(seed)

    expected = theirs(n_iter=n_iterations, tol=-np.inf).fit(frame(some)).probas_

    assert OURS[theirs](evidence(some), n_iterations).distribution == pytest.approx(
        defined(expected).sort_index(axis=1).to_numpy(), abs=EXACT
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_mace_equals_crowd_kit_from_the_same_start(seed: int) -> None:
    """Their start of seed 0, which all their restarts share; labels and people in their order of
    appearance, as their step needs them.
    """
    some = in_order_of_appearance(answered_crowd(seed))
    theirs = MACE(n_restarts=1, n_iter=20, random_state=0)
    theirs._initialize(some.n_annotators, some.n_labels)
    start = Start(theirs.spamming_.copy(), theirs.thetas_.copy())

    expected = theirs.fit(frame(some))
    _, found = run(evidence(some), vote_by_cell(evidence(some)), start, 20, -1.0)

    assert found.distribution == pytest.approx(
        defined(expected.probas_).sort_index(axis=0).sort_index(axis=1).to_numpy(), abs=EXACT
    )
    assert found.annotator_quality == pytest.approx(expected.spamming_[:, 1], abs=EXACT)


def in_order_of_appearance(some: Answers) -> Answers:
    renamed = [pd.factorize(column)[0] for column in (some.annotator, some.label)]
    return answers(some.item, renamed[0], renamed[1], n_labels=4, n_annotators=6)


@pytest.mark.parametrize("seed", SEEDS)
def test_glad_equals_crowd_kit(seed: int) -> None:
    some = answered_crowd(seed)

    expected = GLAD(n_iter=6, tol=-np.inf).fit(frame(some))
    found = glad(evidence(some), 6, -np.inf)

    # conjugate gradients magnify rounding
    assert found.distribution == pytest.approx(
        defined(expected.probas_).sort_index(axis=1).to_numpy(), abs=1e-7
    )
    assert found.annotator_quality == pytest.approx(
        expected.alphas_.sort_index().to_numpy(), abs=1e-7
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_crowdlab_equals_cleanlab(seed: int) -> None:
    some = answered_crowd(seed)
    model = model_of(some, seed)

    with quiet():
        expected = get_label_quality_multiannotator(pd.DataFrame(wide(some)), model, verbose=False)
    found = crowdlab(evidence(some, model))

    quality, people = expected["label_quality"], expected["annotator_stats"].sort_index()
    assert found.scores["consensus"].tolist() == quality["consensus_label"].tolist()
    assert found.scores["quality"] == pytest.approx(
        quality["consensus_quality_score"].to_numpy(), abs=EXACT
    )
    assert found.annotator_quality == pytest.approx(
        people["annotator_quality"].to_numpy(), abs=EXACT
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_active_lab_equals_cleanlab_at_its_temperature(seed: int) -> None:
    """Theirs is fitted to misplaced shares: value_counts puts the counts of labels given as
    floats one after the other, so that an item on which everybody says label 3 counts as label
    0. Ours is fitted to the shares, and its cross-entropy is lower.
    """
    some = answered_crowd(seed)
    model, unanswered = (
        model_of(some, seed),
        np.random.default_rng(seed).dirichlet(np.ones(4), size=20),
    )

    with quiet():
        labelled, unlabelled = get_active_learning_scores(wide(some), model, unanswered)
        temperature = find_best_temp_scaler(wide(some), model)
    found = active_lab(evidence(some, model), unanswered, temperature)

    share = vote_share(evidence(some)).distribution
    ours, theirs = (
        cross_entropy(share, scaled(model, t)).mean()
        for t in (best_temperature(evidence(some, model), model), temperature)
    )
    assert ours < theirs
    assert found.answered == pytest.approx(labelled, abs=EXACT)
    assert found.unanswered == pytest.approx(unlabelled, abs=EXACT)


def test_active_lab_equals_cleanlab_when_every_item_has_one_answer() -> None:
    some = answers(
        range(30), np.arange(30) % 3, np.random.default_rng(0).integers(0, 4, 30), n_labels=4
    )
    model = np.random.default_rng(1).dirichlet(np.ones(4), size=30)

    with quiet():
        labelled, _ = get_active_learning_scores(wide(some), model)

    assert active_lab(evidence(some, model)).answered == pytest.approx(labelled, abs=EXACT)


@contextmanager
def quiet() -> Iterator[None]:
    """cleanlab warns of small sets and divides by zero in passing."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def test_f1_log_loss_and_area_equal_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    hard, predicted = rng.integers(0, 4, size=300), rng.dirichlet(np.ones(4), size=300)

    found = evaluate(np.eye(4)[hard], hard, predicted, rng, 100)

    for name in ("macro", "micro", "weighted"):
        assert found[f"{name}_f1"].value == pytest.approx(
            f1_score(hard, predicted.argmax(axis=1), average=name), abs=EXACT
        )
    assert found["nll"].value == pytest.approx(
        log_loss(hard, predicted, labels=range(4)), abs=EXACT
    )
    right = (predicted.argmax(axis=1) == hard).astype(float)
    assert auroc(predicted.max(axis=1), right) == pytest.approx(
        roc_auc_score(right, predicted.max(axis=1)), abs=EXACT
    )
