"""What became of every column and every row of a file: nothing is dropped without a word."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ColumnUse:
    """`became`: what the column was read as, or “left out” with the reason in `why`."""

    column: str
    became: str
    n_cells: int
    why: str = ""


LEFT_OUT = "left out"
TO_ITEM = "attribute of the item"


@dataclass
class Account:
    """Built while a file is read. `rows` counts what rows became; they add up to `n_rows`."""

    n_rows: int = 0
    columns: list[ColumnUse] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)

    def use(self, column: str, became: str, n_cells: int, why: str = "") -> None:
        self.columns.append(ColumnUse(column, became, n_cells, why))

    def report(self) -> "AccountReport":
        """As it stands now."""
        return AccountReport(self.n_rows, list(self.columns), dict(self.rows))


@dataclass(frozen=True)
class AccountReport:
    """`rows`: what rows became → how many."""

    n_rows: int
    columns: list[ColumnUse]
    rows: dict[str, int]
