"""What a dialect makes of a file: items and answers, each with the row it came from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.importing.problems import Problem, Problems
from annotate.importing.reading import Row, Table

NOT_GIVEN = ("", "NotAva")  # EffiARA writes the second for “no second choice”


@dataclass(frozen=True)
class ItemRow:
    row: Row
    external_id: str
    text: str | None
    attributes: dict[str, str] = field(default_factory=dict)
    split: str = ""
    gold: str = ""


@dataclass(frozen=True)
class AnswerRow:
    """`columns` maps our field names to the file's column names, so that a later problem can
    name the right column.
    """

    row: Row
    external_id: str
    annotator: str
    pass_number: int
    label: str
    confidence: int | None
    secondary: str | None
    seconds: float | None
    columns: Mapping[str, str]

    def problem(self, reason: str, name: str) -> Problem:
        return self.row.problem(reason, self.columns.get(name))


@dataclass(frozen=True)
class Draft:
    dialect: str
    items: list[ItemRow]
    answers: list[AnswerRow]
    notes: list[str] = field(default_factory=list)


def whole_number(row: Row, column: str, problems: Problems) -> int | None:
    """The cell as a whole number (“4” and “4.0”), None when it is empty."""
    number = decimal_number(row, column, problems)
    if number is None:
        return None
    if number != int(number):
        problems.add(row.problem("This must be a whole number.", column))
        return None
    return int(number)


def decimal_number(row: Row, column: str, problems: Problems) -> float | None:
    cell = row.cells.get(column, "").strip()
    if cell in NOT_GIVEN:
        return None
    try:
        number = float(cell)
    except ValueError:
        problems.add(row.problem("This is not a number. Use a point for decimals.", column))
        return None
    if not math.isfinite(number):
        problems.add(row.problem("This is not a finite number.", column))
        return None
    return number


def identifier(row: Row, column: str, problems: Problems, longest: int = 200) -> str:
    cell = row.cells.get(column, "").strip()
    if not cell:
        problems.add(row.problem("This is empty.", column))
    elif len(cell) > longest:
        problems.add(
            row.problem(f"This has {len(cell)} characters; {longest} is the most.", column)
        )
    return cell


def text_of(row: Row, column: str, problems: Problems) -> str:
    cell = row.cells.get(column, "")
    if not cell.strip():
        problems.add(row.problem("The text is empty.", column))
    return cell


def require(table: Table, columns: tuple[str, ...], dialect: str) -> list[Problem]:
    there = ", ".join(table.columns[:12]) + (" …" if len(table.columns) > 12 else "")
    return [
        Problem(
            f"The {dialect} format needs this column. The file has: {there}. Rename one with --map"
            f" {column}=NAME.",
            row=1,
            column=column,
        )
        for column in columns
        if column not in table.columns
    ]
