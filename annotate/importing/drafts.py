"""What a dialect makes of a file: items and answers, each with the row it came from, and an account
of every column and row.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from annotate.importing.accounting import Account
from annotate.importing.problems import Problem, Problems
from annotate.importing.tables import Row, Table, is_blank

NOT_GIVEN = ("", "NotAva")  # EffiARA writes the second for “no second choice”
YES = {"true", "yes", "1", "t", "y"}
NO = {"false", "no", "0", "f", "n", ""}


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
    """`columns` maps our field names to the file's column names, so that a later problem can name
    the right column. `pass_number` is None where the file does not say which answer came first.
    """

    row: Row
    external_id: str
    annotator: str
    pass_number: int | None
    label: str
    confidence: int | None
    secondary: str | None
    seconds: float | None
    columns: Mapping[str, str]
    rationale: str = ""
    is_flagged: bool = False
    scale: int | None = None
    said_at: datetime | None = None

    def problem(self, reason: str, name: str) -> Problem:
        return self.row.problem(reason, self.columns.get(name))


@dataclass(frozen=True)
class Draft:
    dialect: str
    items: list[ItemRow]
    answers: list[AnswerRow]
    account: Account
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
    cell = row.cell(column).strip()
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


def yes_or_no(row: Row, column: str, problems: Problems) -> bool:
    word = row.cell(column).strip().casefold()
    if word not in YES | NO:
        problems.add(row.problem("This is neither yes nor no.", column))
    return word in YES


def moment(row: Row, column: str, problems: Problems) -> datetime | None:
    """ISO 8601; without a zone it is taken as UTC."""
    cell = row.cell(column).strip()
    if not cell:
        return None
    try:
        said = datetime.fromisoformat(cell)
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    except (ValueError, OverflowError):
        reason = "This is not a moment as ISO 8601 writes it (2026-11-28T09:30:00Z)."
        problems.add(row.problem(reason, column))
        return None


def identifier(row: Row, column: str, problems: Problems, longest: int = 200) -> str:
    cell = row.cell(column).strip()
    if not cell:
        problems.add(row.problem("This is empty.", column))
    elif len(cell) > longest:
        reason = f"This has {len(cell)} characters; {longest} is the most."
        problems.add(row.problem(reason, column))
    return cell


def text_of(row: Row, column: str, problems: Problems) -> str:
    cell = row.cell(column)
    if is_blank(cell):
        problems.add(row.problem("The text is empty.", column))
    return cell


def split_of(row: Row, problems: Problems) -> str:
    word = row.cell("split").strip()
    split = {"dev": "validation", "val": "validation"}.get(word, word)
    if split not in ("", "train", "validation", "test"):
        reason = "The split must be train, validation (or dev) or test."
        problems.add(row.problem(reason, "split"))
    return split


def require(table: Table, columns: Sequence[str], dialect: str) -> list[Problem]:
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
