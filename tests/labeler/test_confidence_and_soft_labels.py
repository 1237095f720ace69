"""Wu et al. (2023): the worked tables for confidence, one answer's soft label, and their
merging.
"""

import numpy as np
import pytest

from labeler.numerics.aggregation.registry import METHODS, soft_labels
from labeler.numerics.arrays import MISSING, Answers, answers
from labeler.numerics.confidence.linear import linear
from labeler.numerics.confidence.methods import probability_of_primary
from labeler.numerics.soft_labels import entropy, hard_labels, of_answers

CONFIDENCE = {
    2: [0.5, 0.625, 0.75, 0.875, 1],
    3: [1 / 3, 0.5, 2 / 3, 5 / 6, 1],
    4: [0.25, 0.4375, 0.625, 0.8125, 1],
    5: [0.2, 0.4, 0.6, 0.8, 1],
}
ONE_ANSWER = [  # n_labels, label, confidence, secondary, expected
    (3, 0, 4, MISSING, [0.833333, 0.083333, 0.083333]),
    (3, 0, 4, 2, [0.833333, 0, 0.166667]),
    (3, 0, 2, 2, [0.5, 0, 0.5]),
    (3, 0, 1, 2, [0.333333, 0.333333, 0.333333]),
    (3, 0, 5, 2, [1, 0, 0]),
    (3, 0, 3, 0, [1, 0, 0]),
    (4, 1, 4, 2, [0, 0.8125, 0.1875, 0]),
    (4, 1, 2, 2, [0.0625, 0.4375, 0.4375, 0.0625]),
    (2, 0, 2, 1, [0.625, 0.375]),
]


@pytest.mark.parametrize("n_labels", CONFIDENCE)
def test_confidence_becomes_the_published_probability(n_labels: int) -> None:
    assert linear(np.arange(1, 6), scale=5, n_labels=n_labels) == pytest.approx(
        CONFIDENCE[n_labels]
    )


def test_a_scale_of_another_length_still_runs_from_chance_to_certainty() -> None:
    assert linear(np.array([1, 4, 7]), scale=7, n_labels=2) == pytest.approx([0.5, 0.75, 1.0])


@pytest.mark.parametrize(("n_labels", "label", "confidence", "secondary", "expected"), ONE_ANSWER)
def test_one_answer_becomes_the_published_soft_label(
    n_labels: int, label: int, confidence: int, secondary: int, expected: list[float]
) -> None:
    one = answers(
        [0], [0], [label], n_labels=n_labels, confidence=[confidence], secondary=[secondary]
    )

    y = of_answers(one, probability_of_primary(one, "linear"))

    assert y[0] == pytest.approx(expected, abs=1e-6)
    assert y.sum() == pytest.approx(1.0, abs=1e-12)


def test_with_two_labels_and_lowest_confidence_nothing_is_lost() -> None:
    """The published code, which always takes K = 3, gives a vector that sums to 2/3 here."""
    one = answers([0], [0], [0], n_labels=2, confidence=[1], secondary=[1])

    y = of_answers(one, probability_of_primary(one, "linear"))
    published = published_soft_label(label=0, secondary=1, confidence=1, n_labels=2)

    assert y[0] == pytest.approx([0.5, 0.5])
    assert published.sum() == pytest.approx(2 / 3)


def published_soft_label(
    *, label: int, secondary: int | None, confidence: int, n_labels: int
) -> np.ndarray:
    """What the published code computes, defect and all: an oracle, never an option."""
    p = 1 / 3 + 2 / 3 * (confidence - 1) / 4
    y = np.zeros(n_labels)
    if secondary is None:
        y[:] = (1 - p) / (n_labels - 1)
        y[label] = p
        return y
    if secondary == label:
        y[label] = 1.0
        return y
    y[label], y[secondary] = p, 1 - p
    if y[secondary] > y[label]:
        y[secondary] = y[label]
        rest = [k for k in range(n_labels) if k not in (label, secondary)]
        y[rest] = (1 - 2 * p) / len(rest) if rest else 0.0
    return y


@pytest.mark.parametrize(
    ("label", "confidence", "secondary", "expected"), [row[1:] for row in ONE_ANSWER if row[0] == 3]
)
def test_with_three_labels_the_published_code_and_ours_agree(
    label: int, confidence: int, secondary: int, expected: list[float]
) -> None:
    published = published_soft_label(
        label=label,
        secondary=None if secondary == MISSING else secondary,
        confidence=confidence,
        n_labels=3,
    )

    assert published == pytest.approx(expected, abs=1e-6)


def two_answers() -> Answers:
    return answers([0, 0], [0, 1], [0, 2], n_labels=3, confidence=[4, 5], secondary=[2, MISSING])


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("mean", [0.416667, 0, 0.583333]),
        ("reliability", [0.447767, 0, 0.552233]),
        ("product", [0.004975, 0.000006, 0.995019]),
        ("vote_share", [0.5, 0, 0.5]),
    ],
)
def test_merging_two_answers_gives_the_worked_values(method: str, expected: list[float]) -> None:
    both = two_answers()
    reliability = np.array([1.087, 0.936])

    made = soft_labels(both, probability_of_primary(both, "linear"), reliability, method)

    assert made.distribution[0] == pytest.approx(expected, abs=1e-5)
    assert made.sample_weight[0] == pytest.approx(reliability.mean())


def test_a_repeat_is_not_counted_as_another_opinion() -> None:
    repeated = answers([0, 0], [0, 0], [0, 1], n_labels=2, confidence=[5, 5], pass_number=[1, 2])

    made = soft_labels(repeated, np.ones(2), np.ones(1), "mean")

    assert made.distribution[0] == pytest.approx([1, 0])
    assert made.n_annotations.tolist() == [1]


def test_a_missing_confidence_is_the_persons_usual_one_else_a_person_is_taken_at_their_word() -> (
    None
):
    some = answers(
        [0, 1, 2, 3], [0, 0, 0, 1], [0, 0, 0, 0], n_labels=2, confidence=[5, 1, MISSING, MISSING]
    )

    assert probability_of_primary(some, "linear") == pytest.approx([1.0, 0.5, 0.75, 1.0])


def test_merging_labels_makes_an_answer_that_hesitated_between_them_certain() -> None:
    """Section 1.2, rule 3: both choices fall into one label."""
    torn = answers([0], [0], [1], n_labels=3, confidence=[2], secondary=[2]).merged(
        np.array([0, 1, 1]), 2
    )

    y = of_answers(torn, probability_of_primary(torn, "linear"))

    assert y[0].tolist() == [0.0, 1.0]


def test_a_tie_says_that_it_is_one_and_names_the_first_label() -> None:
    labels, ties = hard_labels(np.array([[0.4, 0.4, 0.2], [0.1, 0.2, 0.7]]))

    assert labels.tolist() == [0, 2]
    assert ties.tolist() == [True, False]


def test_an_unanswered_item_has_no_hard_label() -> None:
    with pytest.raises(ValueError, match="without an answer"):
        hard_labels(np.array([[np.nan, np.nan]]))


def test_entropy_is_in_nats_and_never_nan() -> None:
    assert entropy(np.array([[0.5, 0.5], [1.0, 0.0]])).tolist() == pytest.approx([np.log(2), 0.0])


def test_an_unknown_method_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="vote_share"):
        soft_labels(two_answers(), np.ones(2), np.ones(2), "average")
    assert {"vote_share", "mean", "reliability", "product", "dawid_skene", "ensemble"} <= set(
        METHODS
    )
