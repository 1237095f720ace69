"""Every aggregation on the toy of section 8: the worked values. Equality with other libraries is
in test_against_libraries.
"""

import numpy as np
import pytest

from labeler.numerics.aggregation.active_lab import active_lab
from labeler.numerics.aggregation.crowdlab import crowdlab
from labeler.numerics.aggregation.dawid_skene import dawid_skene
from labeler.numerics.aggregation.evidence import Evidence, NeedsModel
from labeler.numerics.aggregation.glad import glad
from labeler.numerics.aggregation.mace import mace
from labeler.numerics.aggregation.registry import METHODS, aggregate, marginals, soft_labels
from labeler.numerics.aggregation.vote_share import vote_share
from labeler.numerics.arrays import answers
from tests.labeler.sets import TOY_MODEL, crowd, evidence, toy

ROUNDED = 6e-5  # the worked values are printed with four decimals


def test_dawid_skene_overfits_the_toy_as_worked_when_nothing_smooths_it() -> None:
    found = dawid_skene(evidence(toy()), smoothing=0.0, n_iterations=22, tolerance=-np.inf)

    assert found.distribution[[0, 2, 3, 5]] == pytest.approx(
        np.array([[1, 0, 0], [0.0004, 0.9996, 0], [0, 0, 1], [0, 1, 0]]), abs=ROUNDED
    )
    assert found.confusion is not None
    assert found.confusion.sum(axis=1) == pytest.approx(np.ones((3, 3)))


def test_smoothing_keeps_dawid_skene_from_certainty() -> None:
    certain, smooth = (
        dawid_skene(evidence(toy()), smoothing=s).distribution.max(axis=1).min() for s in (0.0, 1.0)
    )

    assert smooth < 0.95 < certain


def test_one_coin_has_the_worked_skills_and_labels() -> None:
    found = aggregate("one_coin", evidence(toy()))

    assert found.annotator_quality == pytest.approx([0.7797, 0.7335, 0.6774], abs=ROUNDED)
    expected = [
        [0.8723, 0.1202, 0.0075],
        [0.1914, 0.7996, 0.0090],
        [0.2305, 0.0692, 0.7003],
        [0.0248, 0.9301, 0.0451],
    ]
    assert found.distribution[[0, 2, 3, 5]] == pytest.approx(np.array(expected), abs=ROUNDED)


def test_mace_finds_the_worked_competence_from_any_start() -> None:
    """The worked run began elsewhere and ended after 50 iterations, so the third decimal may
    differ.
    """
    found = mace(evidence(toy(), seed=3), tolerance=-1.0)

    assert found.annotator_quality == pytest.approx([0.6542, 0.6715, 0.3214], abs=1e-3)
    assert found.distribution[[0, 3]] == pytest.approx(
        np.array([[0.9562, 0.0312, 0.0126], [0.0324, 0.0123, 0.9553]]), abs=1e-3
    )
    assert found.distribution[2] == pytest.approx([0.2544, 0.7141, 0.0315], abs=1e-3)


def test_mace_draws_every_restart_anew() -> None:
    """A library known to reuse one seed finds one optimum however often it restarts."""
    some, _ = crowd(4, n_items=12, n_annotators=3, skill=0.3)

    runs = {
        round(
            float(mace(evidence(some, seed=seed), n_restarts=1, n_iterations=3).distribution[0, 0]),
            9,
        )
        for seed in range(8)
    }
    ten = mace(evidence(some), n_restarts=10, n_iterations=3)

    assert len(runs) > 1
    assert ten.distribution != pytest.approx(
        mace(evidence(some), n_restarts=1, n_iterations=3).distribution, abs=1e-9
    )


def test_glad_has_the_worked_abilities_where_they_were_read_and_goes_on_until_it_stands_still() -> (
    None
):
    """The worked values are those after two iterations, where the expected likelihood falls and
    crowd-kit ends.
    """
    found, whole = glad(evidence(toy()), n_iterations=2), aggregate("glad", evidence(toy()))

    assert not found.converged
    assert whole.converged
    assert whole.distribution == pytest.approx(
        glad(evidence(toy()), n_iterations=100, tolerance=0.0).distribution, abs=1e-3
    )
    assert found.annotator_quality == pytest.approx([0.8218, 0.8218, 0.2905], abs=ROUNDED)
    assert found.distribution[[0, 2]] == pytest.approx(
        np.array([[0.9645, 0.0293, 0.0062], [0.2076, 0.7640, 0.0285]]), abs=ROUNDED
    )
    assert found.scores["ease"][1] > found.scores["ease"][2]


def test_wawa_has_the_worked_skills() -> None:
    found = aggregate("wawa", evidence(toy()))

    assert found.annotator_quality == pytest.approx([0.8333, 0.8333, 0.6667], abs=ROUNDED)
    assert found.distribution[[0, 2]] == pytest.approx(
        np.array([[0.7143, 0.2857, 0], [0.3571, 0.6429, 0]]), abs=ROUNDED
    )


def test_crowdtruth_calls_no_item_unclear_that_one_person_answered_or_two_alike() -> None:
    alike = answers([0, 0, 1], [0, 1, 0], [1, 1, 0], n_labels=2)

    clarity = aggregate("crowdtruth", evidence(alike)).scores["clarity"]

    assert clarity[0] == pytest.approx(1.0)
    assert np.isnan(clarity[1])


def test_crowdtruth_has_the_worked_qualities_after_nine_rounds() -> None:
    found = aggregate("crowdtruth", evidence(toy()))

    assert found.iterations == 9
    assert found.scores["clarity"] == pytest.approx(
        [0.3837, 1, 0.3063, 0.3837, 1, 0.3100], abs=ROUNDED
    )
    assert found.annotator_quality == pytest.approx([0.6238, 0.6163, 0.4972], abs=ROUNDED)
    assert found.distribution[[0, 5]] == pytest.approx(
        np.array([[0.7138, 0.2862, 0], [0, 0.6453, 0.3547]]), abs=ROUNDED
    )


def test_crowdlab_has_the_worked_consensus_quality_and_weights() -> None:
    found = crowdlab(evidence(toy(), TOY_MODEL))

    assert found.scores["consensus"].tolist() == [0, 1, 1, 2, 0, 1]
    assert found.scores["quality"] == pytest.approx(
        [0.712552, 0.712553, 0.574895, 0.796413, 0.796414, 0.574895], abs=1e-6
    )
    assert found.annotator_quality == pytest.approx([0.6818, 0.6818, 0.5194], abs=ROUNDED)


@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if method.needs_model])
def test_a_method_that_weighs_a_model_says_that_it_needs_one(method: str) -> None:
    with pytest.raises(NeedsModel, match="train a learner first"):
        aggregate(method, evidence(toy()))


def test_a_model_of_another_shape_is_refused_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"\(6, 3\).*\(6, 2\)"):
        aggregate("crowdlab", evidence(toy(), TOY_MODEL[:, :2]))


def test_active_lab_asks_first_about_the_item_people_dispute() -> None:
    scores = active_lab(evidence(toy(), TOY_MODEL), TOY_MODEL[:2])

    assert scores.answered.argmin() in (2, 5)
    assert scores.unanswered.shape == (2,)
    assert ((scores.answered > 1 / 3) & (scores.answered < 1)).all()


def test_shares_of_votes_are_softened_by_added_votes() -> None:
    plain, smoothed = (vote_share(evidence(toy()), s).distribution[1].tolist() for s in (0.0, 1.0))

    assert plain == [0, 1, 0]
    assert smoothed == pytest.approx([1 / 6, 4 / 6, 1 / 6])
    with pytest.raises(ValueError, match="not negative"):
        vote_share(evidence(toy()), -1.0)


def test_a_new_method_needs_a_file_and_nothing_else() -> None:
    assert len(METHODS) >= 14
    assert all(method.title and method.summary for method in METHODS.values())


def test_unknown_methods_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="dawid_skene"):
        aggregate("democracy", evidence(toy()))


@pytest.mark.parametrize(
    "method",
    ["dawid_skene", "one_coin", "mace", "glad", "wawa", "zero_based", "ensemble", "crowdlab"],
)
def test_with_some_who_guess_every_method_is_nearer_to_the_truth_than_chance_and_knows_who_guesses(
    method: str,
) -> None:
    rng = np.random.default_rng(0)
    some, truth = crowd(0, n_items=300, n_annotators=8, share=0.6, skill=0.85)
    guesses = some.annotator >= 6
    label = np.where(guesses, rng.integers(0, 4, len(some)), some.label)
    mixed = answers(some.item, some.annotator, label, n_labels=4, n_items=300)
    model = np.full((300, 4), 0.1)
    model[np.arange(300), truth] = 0.7

    found = aggregate(method, evidence(mixed, model))

    answered = ~np.isnan(found.distribution[:, 0])
    assert (found.distribution.argmax(axis=1) == truth)[answered].mean() > 0.85
    assert found.annotator_quality is not None
    assert found.annotator_quality[:6].min() > found.annotator_quality[6:].max()


def test_labels_of_a_set_are_marginals_by_the_reliability_rule() -> None:
    """Section 3.4: Σ r_a b_a/Σ r_a, each label on its own."""
    some = answers([0, 0, 1], [0, 1, 0], [0b011, 0b010, 0b000], n_labels=3, kind="multi")

    found = marginals(some, np.array([1.5, 0.5]))

    assert found == pytest.approx(np.array([[0.75, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    with pytest.raises(ValueError, match="multi-label"):
        Evidence(some, np.ones(3), np.ones(2))


def test_sample_weights_are_the_mean_reliability_of_an_items_annotators() -> None:
    some = answers([0, 0, 1], [0, 1, 1], [0, 1, 1], n_labels=2)

    assert soft_labels(some, np.ones(3), np.array([1.2, 0.8])).sample_weight == pytest.approx(
        [1.0, 0.8]
    )
