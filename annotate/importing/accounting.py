"""What became of every column and every row of a file: nothing is dropped without a word."""

from collections import Counter
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class ColumnUse:
    """`became`: what the column was read as, or “left out” with the reason in `why`."""

    column: str
    became: str
    n_cells: int
    why: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


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

    def as_dict(self) -> dict[str, object]:
        columns = [one.as_dict() for one in self.columns]
        return {"n_rows": self.n_rows, "columns": columns, "rows": dict(self.rows)}
