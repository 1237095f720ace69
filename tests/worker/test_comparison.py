"""The gate: nothing is believed of few items, the interval and the permutation test must agree, and
whoever serves now is the one to beat.
"""

from typing import Any

import numpy as np
import pytest

from labeler.dataset_rows import DatasetRow
from worker.models import Comparison
from worker.services.comparison import FEWEST_ITEMS, judge

LABELS = ["yes", "no"]


def rows(n: int, texts: int | None = None, label: str = "") -> list[DatasetRow]:
    return [
        DatasetRow(
            item_id=f"i{i}",
            text=f"text {i % (texts or n)}",
            split="test",
            soft_label=[0.9, 0.1],
            hard_label=label or LABELS[i % 2],
            is_tie=False,
            sample_weight=1.0,
            n_annotations=10,
            entropy=0.3,
            votes=[9, 1],
        )
        for i in range(n)
    ]


def shares(n: int, p: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.tile([p, 1 - p], (n, 1))


RNG = np.random.default_rng(0)


def test_a_model_that_is_nearer_on_every_item_is_better() -> None:
    verdict = judge(rows(40), shares(40, 0.9), shares(40, 0.5), LABELS, RNG)

    assert verdict.is_better and verdict.high is not None and verdict.high < 0
    assert verdict.p_value is not None and verdict.p_value < 0.05


@pytest.mark.parametrize(("n", "texts"), [(1, 1), (FEWEST_ITEMS - 1, None), (200, 3)])
def test_nothing_is_said_of_few_items_or_few_texts(n: int, texts: int | None) -> None:
    verdict = judge(rows(n, texts), shares(n, 0.9), shares(n, 0.5), LABELS, RNG)

    assert not verdict.is_better and verdict.difference is None
    assert f"{n} items" in verdict.reason and "needed" in verdict.reason


def test_equal_models_and_a_loss_that_is_no_number_open_no_gate() -> None:
    equal = judge(rows(60), shares(60, 0.8), shares(60, 0.8), LABELS, RNG)
    broken = shares(60, 0.9)
    broken[3] = np.nan

    assert not equal.is_better
    assert not judge(rows(60), broken, shares(60, 0.5), LABELS, RNG).is_better


def test_a_label_that_the_test_split_lacks_is_named() -> None:
    verdict = judge(rows(40, label="yes"), shares(40, 0.9), shares(40, 0.5), LABELS, RNG)

    assert verdict.is_better and "“no”" in verdict.reason


def test_a_resampled_p_is_never_said_to_be_nothing() -> None:
    assert Comparison(p_value=0.0).p_words == "p < 0.001"
    assert Comparison(p_value=0.0414).p_words == "p = 0.041"
    assert Comparison(p_value=None).p_words == "p undefined"
