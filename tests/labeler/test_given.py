"""What callers give wrongly is refused before anything is counted, with the row that is wrong."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from labeler.numerics.aggregation.evidence import Evidence
from labeler.numerics.aggregation.registry import aggregate, soft_labels
from labeler.numerics.agreement.groups import change
from labeler.numerics.agreement.overall import coefficient, overall
from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.arrays import MISSING, Answers, answers
from labeler.numerics.confidence.bayes import bayes
from labeler.numerics.confidence.methods import cross_validated
from labeler.numerics.counts import coincidences
from labeler.numerics.metrics.evaluation import evaluate
from labeler.numerics.planning.resources import NoPlan, Resources, share_out
from labeler.numerics.reliability import Edges, edges, reliability

RNG = np.random.default_rng(0)
NAN = float("nan")


def two(**changed: Any) -> Answers:
    """Two people on two items, with some columns changed."""
    columns: dict[str, Any] = {
        "item": [0, 0, 1, 1],
        "annotator": [0, 1, 0, 1],
        "label": [1, 1, 0, 1],
        "n_labels": 2,
    }
    return answers(**columns | changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"label": [1, NAN, 0, NAN]}, "label is missing in 2 of 4 answers, first in row 1"),
        ({"label": [1, 0.5, 0, 1]}, "label must be whole numbers, but row 1 holds 0.5"),
        ({"label": [65536, 1, 0, 1]}, "label must be at most 32767, but row 0 holds 65536"),
        ({"label": [1, 1, 2, 1]}, r"label must lie in 0\.\.1, but row 2 holds 2"),
        ({"label": ["yes", "no", "no", "no"]}, "codes that count from 0"),
        ({"label": pd.Series([1, pd.NA, 0, 1], dtype="Int64")}, "label is missing in 1 of 4"),
        ({"item": [0, 0, 2**32, 1]}, "item must be at most 2147483647, but row 2"),
        ({"item": [0, NAN, 1, 1]}, "item is missing in 1 of 4"),
        (
            {"confidence": [1, 2, 0, 5]},
            r"confidence is 1\.\.5, or -1 where nothing was said, but row 2 holds 0",
        ),
        ({"confidence": [1, 2, 6, 5]}, "row 2 holds 6"),
        ({"pass_number": 1}, r"pass_number has \(\)"),
        ({"label": [1, 1]}, r"label has \(2,\)"),
        (
            {"annotator": [0, 0, 0, 1]},
            "annotator 0 answers item 0 twice in pass 1, the second time in row 1",
        ),
    ],
)
def test_answers_that_are_none_are_refused_with_their_row(
    changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        two(**changed)


def test_what_nobody_said_may_be_nan_and_repeats_may_be_numbered() -> None:
    some = two(confidence=[NAN, 2, 3, 4], secondary=[0, NAN, NAN, NAN])
    again = answers([0, 0], [0, 0], [1, 0], n_labels=2, pass_number=[1, 2])

    assert some.confidence.tolist() == [MISSING, 2, 3, 4]
    assert some.secondary.tolist() == [0, MISSING, MISSING, MISSING]
    assert len(again) == 2


def counted() -> np.ndarray:
    return np.array([[2, 0], [1, 1]])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: overall(two(), RNG), "label_counts"),  # type: ignore[arg-type]
        (lambda: overall(counted(), RNG, metrics=("cohen",)), "metric of many people"),
        (lambda: overall(counted(), RNG, level="near"), "level is one of"),
        (lambda: coefficient(coincidences(counted()), "percent", "near"), "level is one of"),
        (lambda: pair_values(counted()[None], "percent", "near"), "level is one of"),
        (
            lambda: change(two(), np.array([0, 0, 1, 1]), RNG, metric="cohen"),
            "metric of many people",
        ),
        (lambda: change(two(), np.array([1, 1, 2, 2]), RNG), "version >= the_new_one"),
        (lambda: cross_validated(two(), "fited", RNG), "confidence method"),
        (lambda: bayes(two(), "literal"), "equation 3"),
        (
            lambda: soft_labels(two(), np.full(4, 1.7), np.ones(2)),
            r"p must lie in 0\.0\.\.1\.0, but row 0 holds 1\.7",
        ),
        (lambda: soft_labels(two(), np.ones(3), np.ones(2)), r"its shape must be \(4,\)"),
        (lambda: soft_labels(two(), np.ones(4), np.array([1.0, NAN])), "r must lie in 0.0"),
        (
            lambda: aggregate(
                "crowdlab",
                Evidence(two(), np.ones(4), np.ones(2), np.array([[0.5, 0.5], [3.0, -2.0]])),
            ),
            "row 1 is",
        ),
        (
            lambda: evaluate(np.eye(2), np.array([0, 1]), np.array([[3.0, 4.0], [0.5, 0.5]]), RNG),
            "every row of predicted",
        ),
        (lambda: evaluate(np.eye(2), np.array([0, MISSING]), np.eye(2), RNG), "hard must lie in"),
        (
            lambda: evaluate(np.eye(2), np.array([0, 1]), np.eye(3), RNG),
            "a row an item and a column a label",
        ),
        (
            lambda: reliability(edges([(0, 5, 0.7)]), np.full(2, NAN)),
            r"second of the pairs must lie in 0\.\.1, but row 0 holds 5",
        ),
    ],
)
def test_what_a_call_has_no_meaning_for_is_refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_a_plan_with_a_number_missing_is_not_shared_out() -> None:
    with pytest.raises(NoPlan, match="Solve the plan first"):
        share_out(Resources(annotators=6, hours=10, rate=60, items=100))


def test_an_undefined_pair_takes_no_part_in_reliability() -> None:
    """ADR 4. The third person shares one item with the first, which defines nothing."""
    pair = np.array([[0, 1], [0, 2]])
    with_it = reliability(
        Edges(pair[:, 0], pair[:, 1], np.array([0.6, NAN])), np.array([0.9, 0.5, NAN])
    )
    without = reliability(edges([(0, 1, 0.6)]), np.array([0.9, 0.5, NAN]))

    assert with_it.r.tolist() == without.r.tolist()
    assert with_it.counted.tolist() == [True, True, False]
    assert with_it.converged
