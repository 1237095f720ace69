"""What must hold for any answers: order and names do not matter, nothing is written to, rows sum to 1."""

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.numerics.agreement import alpha_of_coincidences
from labeler.numerics.arrays import MISSING, Answers, answers
from labeler.numerics.confidence import probability_of_primary
from labeler.numerics.counts import coincidences, label_counts, pair_counts
from labeler.numerics.soft_labels import METHODS, soft_labels

MODULES = ("arrays", "counts", "agreement", "reliability", "confidence", "soft_labels", "metrics", "calibration")


@st.composite
def answer_sets(draw: st.DrawFn) -> Answers:
    n_labels = draw(st.integers(2, 5))
    cells = draw(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 4)), min_size=1, max_size=30))
    labels = [draw(st.integers(0, n_labels - 1)) for _ in cells]
    confidence = [draw(st.sampled_from([MISSING, 1, 2, 3, 4, 5])) for _ in cells]
    secondary = [draw(st.integers(MISSING, n_labels - 1)) for _ in cells]
    items, annotators = zip(*cells, strict=True)
    return answers(items, annotators, labels, n_labels=n_labels, confidence=confidence, secondary=secondary)


@given(answer_sets(), st.sampled_from(sorted(METHODS)))
@settings(max_examples=150, deadline=None)
def test_every_answered_item_gets_a_distribution_that_sums_to_one(some: Answers, method: str) -> None:
    p = probability_of_primary(some, "linear")

    made = soft_labels(some, p, np.linspace(0.5, 1.5, some.n_annotators), method)

    answered = made.distribution[made.answered]
    assert np.abs(answered.sum(axis=1) - 1).max() < 1e-12
    assert (answered >= 0).all()
    assert np.isnan(made.distribution[~made.answered]).all()


@given(answer_sets(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_answers_changes_nothing(some: Answers, random: object) -> None:
    order = np.random.default_rng(0).permutation(len(some))
    shuffled = Answers(
        **{name: getattr(some, name)[order] for name in ("item", "annotator", "label", "confidence", "secondary", "pass_number")},
        n_items=some.n_items,
        n_annotators=some.n_annotators,
        n_labels=some.n_labels,
        scale=some.scale,
    )

    assert (label_counts(some) == label_counts(shuffled)).all()
    assert (pair_counts(some).counts == pair_counts(shuffled).counts).all()


@given(answer_sets())
@settings(max_examples=80, deadline=None)
def test_renaming_the_labels_leaves_alpha_alone(some: Answers) -> None:
    renamed = some.merged(np.arange(some.n_labels)[::-1].copy(), some.n_labels)

    first, second = (alpha_of_coincidences(coincidences(label_counts(one))) for one in (some, renamed))

    assert first == pytest.approx(second, nan_ok=True, abs=1e-12)


@given(answer_sets())
@settings(max_examples=50, deadline=None)
def test_shards_of_items_add_up_to_the_whole(some: Answers) -> None:
    even, odd = some.where(some.item % 2 == 0), some.where(some.item % 2 == 1)

    assert (label_counts(even) + label_counts(odd) == label_counts(some)).all()
    assert coincidences(label_counts(even)) + coincidences(label_counts(odd)) == pytest.approx(coincidences(label_counts(some)))


def test_nothing_that_is_handed_in_is_written_to() -> None:
    some = answers([0, 0, 1], [0, 1, 0], [0, 1, 1], n_labels=2, confidence=[1, 5, 3], secondary=[1, MISSING, 0])
    p, r = probability_of_primary(some, "linear"), np.ones(2)
    for array in (some.item, some.annotator, some.label, some.confidence, some.secondary, some.pass_number, p, r):
        array.setflags(write=False)

    for method in METHODS:
        soft_labels(some, p, r, method)
    pair_counts(some)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_documentation_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"labeler.numerics.{name}"))

    assert found.failed == 0
    assert found.attempted > 0


@pytest.mark.parametrize(("change", "word"), [({"label": [0, 5]}, "label"), ({"item": [0]}, "one length"), ({"confidence": [9, 1]}, "confidence")])
def test_arrays_that_do_not_fit_are_refused_by_name(change: dict[str, list[int]], word: str) -> None:
    columns = {"item": [0, 1], "annotator": [0, 0], "label": [0, 1], "confidence": [1, 2]} | change

    with pytest.raises(ValueError, match=word):
        answers(columns["item"], columns["annotator"], columns["label"], n_labels=2, confidence=columns["confidence"])
