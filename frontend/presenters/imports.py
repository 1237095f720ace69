"""What a file would bring, column by column, with what can be decided about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotate.importing.long import FIELDS
from annotate.importing.settling import near_label
from annotate.models import Upload


@dataclass(frozen=True)
class ColumnRow:
    """`field`: what the person mapped it to, if they did."""

    column: str
    became: str
    why: str
    n_cells: int
    field: str


@dataclass(frozen=True)
class LookedAt:
    """`settled`: choices that were made, kept in the form so that the next look has them too."""

    columns: list[ColumnRow]
    rows: list[tuple[str, int]]
    n_rows: int
    questions: Sequence[Mapping[str, Any]]
    errors: Sequence[Mapping[str, Any]]
    spelt: Sequence[tuple[str, str | None]]  # a spelling that is no label, and the near one
    notes: Sequence[str]
    settled: Mapping[str, str]
    spellings: Mapping[str, str]
    fields: Sequence[str] = FIELDS


def looked_at(upload: Upload, labels: Sequence[str]) -> LookedAt:
    outcome, own = upload.outcome, upload.decisions
    account = outcome.get("account") or {"columns": [], "rows": {}, "n_rows": 0}
    errors = outcome.get("errors", [])
    mapped = {column: name for name, column in own["mapping"].items()}
    return LookedAt(
        [_column(use, mapped) for use in account["columns"]],
        list(account["rows"].items()),
        account["n_rows"],
        outcome.get("questions", []),
        errors,
        [(one["value"], near_label(one["value"], labels)) for one in errors if _is_label(one)],
        outcome.get("notes", []),
        own["choices"],
        own["labels"],
    )


def _is_label(error: Mapping[str, Any]) -> bool:
    return error["column"] in ("label", "secondary") and bool(error["value"])


def _column(use: Mapping[str, Any], mapped: Mapping[str, str]) -> ColumnRow:
    column = use["column"]
    return ColumnRow(column, use["became"], use["why"], use["n_cells"], mapped.get(column, ""))
