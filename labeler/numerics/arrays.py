"""A set of answers as columns. Everything in this package starts from these arrays and none of
them is ever written to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labeler.numerics.given import codes, expect_one_answer_each, expect_range

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# labels fit 16 bits, items and annotators 32: an answer takes 28 bytes
Codes = NDArray[np.signedinteger[Any]]

MISSING = -1  # no label, no confidence
KINDS = ("nominal", "ordinal", "multi")
MOST_LABELS_MULTI = 62  # bits of a set of labels
CHUNK = 1 << 20  # answers at a time: what a pass over all of them may need beside them
COLUMNS: dict[str, type] = {
    "item": np.int32,
    "annotator": np.int32,
    "label": np.int16,
    "confidence": np.int16,
    "secondary": np.int16,
    "pass_number": np.int16,
    "seconds": np.float32,
    "day": np.float64,
}
UNSAID = {
    "confidence": MISSING,
    "secondary": MISSING,
    "pass_number": 1,
    "seconds": np.nan,
    "day": np.nan,
}


@dataclass(frozen=True)
class Answers:
    """One entry an answer; codes count from 0. Shapes: every array (n_answers,).

    `label` and `secondary` are 0..n_labels-1, in their order when `kind` is ordinal; when it is
    multi, `label` is a set of labels as bits (bit k: label k was chosen). `confidence` is 1..scale;
    MISSING (-1) where nothing was said. `pass_number` is 1 for a first answer and 2, 3, … for the
    same person's blind repeats. `seconds` spent and `day` of the answer (days since 1970) are nan
    when unknown.
    """

    item: Codes
    annotator: Codes
    label: Codes
    confidence: Codes
    secondary: Codes
    pass_number: Codes
    seconds: NDArray[np.floating[Any]]
    day: Floats
    n_items: int
    n_annotators: int
    n_labels: int
    scale: int
    kind: str = "nominal"

    def __post_init__(self) -> None:
        other = [
            f"{name} has {getattr(self, name).shape}"
            for name in COLUMNS
            if getattr(self, name).shape != self.item.shape
        ]
        if other or self.item.ndim != 1:
            raise ValueError(
                f"every column must have one entry an answer; item has the shape {self.item.shape},"
                f" but {', '.join(other) or 'needs one axis'}"
            )
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {KINDS}, not {self.kind!r}")
        if self.scale < 2 or self.n_labels < 1:
            raise ValueError(
                "a confidence scale has at least 2 steps and a label set at least 1 label, not"
                f" {self.scale} and {self.n_labels}"
            )
        if self.kind == "multi" and self.n_labels > MOST_LABELS_MULTI:
            raise ValueError(
                f"a multi-label set holds at most {MOST_LABELS_MULTI} labels, not {self.n_labels}"
            )
        for name, column, low, high in self._ranges():
            expect_range(name, column, low, high)
        if (unsaid := self.confidence == 0).any():
            raise ValueError(
                f"confidence is 1..{self.scale}, or {MISSING} where nothing was said, but row"
                f" {int(unsaid.argmax())} holds 0"
            )

    def _ranges(self) -> list[tuple[str, Codes, int, int]]:
        top = self.n_labels - 1
        return [
            ("item", self.item, 0, self.n_items - 1),
            ("annotator", self.annotator, 0, self.n_annotators - 1),
            ("label", self.label, 0, 2**self.n_labels - 1 if self.kind == "multi" else top),
            ("confidence", self.confidence, MISSING, self.scale),
            ("secondary", self.secondary, MISSING, top),
            ("pass_number", self.pass_number, 1, 10_000),
        ]

    def __len__(self) -> int:
        return int(self.item.size)

    def where(self, keep: Bools | Ints) -> "Answers":
        """The answers for which `keep`, of shape (n_answers,), is true. Codes and sizes stay."""
        return replace(self, **{name: getattr(self, name)[keep] for name in COLUMNS})

    @property
    def first_pass(self) -> "Answers":
        return (
            self
            if not len(self) or self.pass_number.max() == 1
            else self.where(self.pass_number == 1)
        )

    def merged(self, code_of: Ints, n_labels: int) -> "Answers":
        """The answers in a coarser label set: `code_of`, of shape (n_labels,), maps old label codes
        to new ones.

        A primary and a secondary that fall into one label stay both: `soft_labels.of_answers` makes
        certainty of them.
        """
        self.expect_single("merged")
        secondary = np.where(self.secondary == MISSING, MISSING, code_of[self.secondary])
        return replace(
            self,
            label=code_of[self.label].astype(np.int16),
            secondary=secondary.astype(np.int16),
            n_labels=n_labels,
        )

    def of_label(self, label: int) -> "Answers":
        """Whether each answer names this label: 1 or 0, as a nominal set of two labels. Second
        choices are dropped.
        """
        named = (self.label >> label) & 1 if self.kind == "multi" else self.label == label
        nobody = np.full(len(self), MISSING, dtype=np.int16)
        return replace(
            self, label=named.astype(np.int16), secondary=nobody, n_labels=2, kind="nominal"
        )

    def expect_single(self, what: str) -> None:
        """Raises ValueError when an answer may name several labels, which `what` has no meaning
        for.
        """
        if self.kind == "multi":
            raise ValueError(
                f"{what} needs one label an answer; for a multi-label set take of_label(k), one"
                " label at a time"
            )


def answers(
    item: Any,
    annotator: Any,
    label: Any,
    *,
    n_labels: int,
    confidence: Any = None,
    secondary: Any = None,
    pass_number: Any = None,
    seconds: Any = None,
    day: Any = None,
    scale: int = 5,
    kind: str = "nominal",
    n_items: int | None = None,
    n_annotators: int | None = None,
) -> Answers:
    """Answers from any sequences of codes; sizes are taken from the largest code where they are not
    given.

    nan in `confidence` and `secondary` means that nothing was said. Raises ValueError, with the
    first wrong row, for anything that is no whole number, lies out of range, or is a second answer
    of one person to one item in one pass.

    >>> len(answers([0, 0, 1], [0, 1, 0], [2, 2, 1], n_labels=3))
    3
    """
    given = {
        "item": item,
        "annotator": annotator,
        "label": label,
        "confidence": confidence,
        "secondary": secondary,
    }
    given |= {"pass_number": pass_number, "seconds": seconds, "day": day}
    types = COLUMNS | ({"label": np.int64} if kind == "multi" else {})
    n = np.asarray(item).size
    columns: dict[str, Any] = {
        name: _column(name, column, types[name], n) for name, column in given.items()
    }
    sizes = [int(columns[name].max()) + 1 if n else 0 for name in ("item", "annotator")]
    table = Answers(
        **columns,
        n_items=sizes[0] if n_items is None else n_items,
        n_annotators=sizes[1] if n_annotators is None else n_annotators,
        n_labels=n_labels,
        scale=scale,
        kind=kind,
    )
    expect_one_answer_each(table.item, table.annotator, table.pass_number)
    return table


def _column(name: str, given: Any, dtype: type, n: int) -> NDArray[Any]:
    if given is None:
        return np.full(n, UNSAID[name], dtype=dtype)
    if np.issubdtype(dtype, np.floating):
        return np.asarray(given).astype(dtype, copy=False)
    return codes(name, given, dtype, MISSING if name in ("confidence", "secondary") else None)


def parts(n: int, size: int = CHUNK) -> Iterator[slice]:
    """Slices that cover range(n), in order."""
    for start in range(0, n, size):
        yield slice(start, min(n, start + size))


def cells(major: Codes, minor: Codes, n_minor: int) -> Ints:
    """major · n_minor + minor in 64 bits, so that no product of 32-bit codes overflows.

    Shapes: (n,), (n,) -> (n,).
    """
    cell = major.astype(np.int64)
    cell *= n_minor
    cell += minor
    return cell


def row_sums(table: NDArray[Any]) -> NDArray[Any]:
    """(n, K) -> (n,). For few columns five times as fast as sum(axis=1), which adds each short
    row on its own.
    """
    return np.asarray(np.einsum("nk->n", table))


def row_tops(table: Floats) -> Floats:
    """(n, K) -> (n,) the largest of each row, column by column for the same reason."""
    top = table[:, 0].copy()
    for k in range(1, table.shape[1]):
        np.maximum(top, table[:, k], out=top)
    return top


def add_up(target: Ints | Floats, cell: Ints, weights: Floats | None = None) -> None:
    """target[cell] += weights (or 1), in place; `target` is the caller's own accumulator,
    (n_cells,).
    """
    if cell.size:
        low = int(cell.min())
        totals = np.bincount(cell - low if low else cell, weights=weights)
        target[low : low + totals.size] += totals.astype(target.dtype, copy=False)
