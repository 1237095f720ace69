"""A file as numbered rows of named cells, with what was left out before anything was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.importing.accounting import ColumnUse
from annotate.importing.problems import Problem

BLANKS = dict.fromkeys(map(ord, "\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def is_blank(text: str) -> bool:
    """Nothing to read in it: blanks of every kind, the invisible ones too."""
    return not text.translate(BLANKS).strip()


@dataclass(frozen=True)
class Row:
    """`cells` holds what the file gives; a column it does not give is empty."""

    number: int
    line: int | None
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def problem(self, reason: str, column: str | None = None) -> Problem:
        value = self.cells.get(column) if column else None
        return Problem(reason, row=self.number, line=self.line, column=column, value=value)


@dataclass(frozen=True)
class Table:
    """`dropped`: columns left out while reading; `n_empty`: rows without any cell."""

    columns: tuple[str, ...]
    rows: list[Row]
    dropped: tuple[ColumnUse, ...] = ()
    n_empty: int = 0
    notes: tuple[str, ...] = field(default_factory=tuple)

    def n_cells(self, column: str) -> int:
        return sum(1 for row in self.rows if row.cell(column) != "")
