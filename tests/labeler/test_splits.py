"""Splits: one text on one side, what an import contradicts said and movable, nothing unsaid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeler.dataset_rows import DatasetRow
from labeler.splits import BadSplits, SplitRule, assign_splits, normalised

LABELS = ["yes", "no"]


def row(number: int, text: str, split: str = "", label: str = "yes") -> DatasetRow:
    return DatasetRow(f"i{number}", text, split, [1.0, 0.0], label, False, 1.0, 1, 0.0, [1, 0])


def many(splits: tuple[str, ...] = ("",)) -> list[DatasetRow]:
    return [row(n, f"text {n}", splits[n % len(splits)], LABELS[n % 2]) for n in range(200)]


@given(st.permutations(range(6)), st.integers(0, 2**31 - 1))
def test_equal_texts_share_a_split_whatever_their_blanks_case_and_order(
    order: list[int], seed: int
) -> None:
    spellings = ["A text", "a text ", "a  text", "\u00a0a text", "A\u200b TEXT", "a\ttext"]
    rows = [row(1000 + n, spellings[n]) for n in order] + many()

    notes = assign_splits(rows, SplitRule(seed=seed), LABELS)

    assert len({r.split for r in rows if normalised(r.text) == "a text"}) == 1
    assert (notes.n_contradicting, notes.n_moved) == (0, 0)


def test_rows_without_a_split_go_where_an_import_put_their_text() -> None:
    rows = [row(1, "same"), row(2, "same", "test"), row(3, "same "), *many()]

    assign_splits(rows, SplitRule(), LABELS)

    assert [r.split for r in rows[:3]] == ["test"] * 3


def test_what_an_import_contradicts_is_counted_and_can_be_moved() -> None:
    def leaking() -> list[DatasetRow]:
        return [row(1, "same", "train"), row(2, "same ", "test"), row(3, "SAME"), *many()]

    kept, moved = leaking(), leaking()
    notes = assign_splits(kept, SplitRule(), LABELS)
    after = assign_splits(moved, SplitRule(contradictions="move"), LABELS)

    assert [r.split for r in kept[:3]] == ["train", "test", "train"]
    assert (notes.n_contradicting, notes.n_moved) == (1, 0)
    assert {r.split for r in moved[:3]} == {"train"}
    assert (after.n_contradicting, after.n_moved) == (0, 1)


def test_validation_is_carved_from_train_where_an_import_has_none() -> None:
    rows = many(("train", "train", "train", "test"))

    notes = assign_splits(rows, SplitRule(), LABELS)

    counts = {split: sum(r.split == split for r in rows) for split in ("train", "test")}
    assert counts["test"] == 50
    assert notes.n_carved == 150 - counts["train"] == round(0.1 / 0.8 * 150)


def test_labels_that_a_split_lacks_are_named() -> None:
    rows = many(("train", "train", "validation", "test", "train", "train"))
    rare = [row(500 + n, f"rare {n}", "train", "rare") for n in range(2)]

    notes = assign_splits(rows + rare, SplitRule(), [*LABELS, "rare", "never"])

    assert notes.lacking["test"] == ["yes", "rare", "never"]
    assert notes.lacking["train"] == ["never"]


def test_an_empty_split_is_refused_with_what_there_is() -> None:
    with pytest.raises(BadSplits, match="5 items with 4 to train on"):
        assign_splits([row(n, f"t{n}", "train") for n in range(5)], SplitRule(), LABELS)
