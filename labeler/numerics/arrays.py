"""A set of answers as columns. Everything in this package starts from these arrays and none of them is ever written to."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MISSING = -1  # no label, no confidence


@dataclass(frozen=True)
class Answers:
    """One entry an answer; codes count from 0. Shapes: every array (n_answers,).

    `label` and `secondary` are 0..n_labels-1, `confidence` is 1..scale; MISSING (-1) where nothing was said.
    `pass_number` is 1 for a first answer and 2, 3, … for the same person's blind repeats.
    """

    item: Ints
    annotator: Ints
    label: Ints
    confidence: Ints
    secondary: Ints
    pass_number: Ints
    n_items: int
    n_annotators: int
    n_labels: int
    scale: int

    def __post_init__(self) -> None:
        columns = (self.item, self.annotator, self.label, self.confidence, self.secondary, self.pass_number)
        if len({column.shape for column in columns}) != 1 or self.item.ndim != 1:
            raise ValueError(f"the columns must be one-dimensional and of one length, not {[column.shape for column in columns]}")
        if self.scale < 2 or self.n_labels < 1:
            raise ValueError(f"a confidence scale has at least 2 steps and a label set at least 1 label, not {self.scale} and {self.n_labels}")
        for name, column, low, high in self._ranges():
            if column.size and not (low <= column.min() and column.max() <= high):
                raise ValueError(f"{name} must lie in {low}..{high}, but runs from {column.min()} to {column.max()}")

    def _ranges(self) -> list[tuple[str, Ints, int, int]]:
        top = self.n_labels - 1
        return [
            ("item", self.item, 0, self.n_items - 1),
            ("annotator", self.annotator, 0, self.n_annotators - 1),
            ("label", self.label, 0, top),
            ("confidence", self.confidence, MISSING, self.scale),
            ("secondary", self.secondary, MISSING, top),
            ("pass_number", self.pass_number, 1, 10_000),
        ]

    def __len__(self) -> int:
        return int(self.item.size)

    def where(self, keep: Bools) -> "Answers":
        """The answers for which `keep`, of shape (n_answers,), is true. Codes and sizes stay."""
        columns = {name: getattr(self, name)[keep] for name in ("item", "annotator", "label", "confidence", "secondary", "pass_number")}
        return replace(self, **columns)

    @property
    def first_pass(self) -> "Answers":
        return self.where(self.pass_number == 1)

    def merged(self, code_of: Ints, n_labels: int) -> "Answers":
        """The answers in a coarser label set: `code_of`, of shape (n_labels,), maps old label codes to new ones.

        A primary and a secondary that fall into one label stay both: section 1.2 rule 3 of the method gives them their meaning.
        """
        secondary = np.where(self.secondary == MISSING, MISSING, code_of[self.secondary])
        return replace(self, label=code_of[self.label], secondary=secondary, n_labels=n_labels)


def answers(
    item: Any, annotator: Any, label: Any, *, n_labels: int, confidence: Any = None, secondary: Any = None, pass_number: Any = None, scale: int = 5
) -> Answers:
    """Answers from any sequences of codes; sizes are taken from the largest code.

    >>> len(answers([0, 0, 1], [0, 1, 0], [2, 2, 1], n_labels=3))
    3
    """
    required = [np.asarray(column, dtype=np.int64) for column in (item, annotator, label)]
    size = required[0].size
    confidences, secondaries, passes = (
        np.full(size, default, dtype=np.int64) if column is None else np.asarray(column, dtype=np.int64)
        for column, default in ((confidence, MISSING), (secondary, MISSING), (pass_number, 1))
    )
    n_items, n_annotators = (int(column.max()) + 1 if size else 0 for column in required[:2])
    return Answers(
        item=required[0],
        annotator=required[1],
        label=required[2],
        confidence=confidences,
        secondary=secondaries,
        pass_number=passes,
        n_items=n_items,
        n_annotators=n_annotators,
        n_labels=n_labels,
        scale=scale,
    )
