"""The native long dialect: one row for each answer (item_id, annotator, label, …), or for each
item (item_id, text).
"""

from annotate.importing.drafts import (
    NOT_GIVEN,
    AnswerRow,
    Draft,
    ItemRow,
    decimal_number,
    identifier,
    require,
    text_of,
    whole_number,
)
from annotate.importing.problems import BadFile, Problems
from annotate.importing.reading import Row, Table
from annotate.models import Item

DIALECT = "long"
KNOWN = (
    "item_id",
    "text",
    "annotator",
    "label",
    "confidence",
    "secondary",
    "round",
    "split",
    "gold",
    "seconds",
)
COLUMNS = {name: name for name in KNOWN} | {"pass_number": "round"}


def matches(table: Table) -> bool:
    return "item_id" in table.columns and (
        "text" in table.columns or {"annotator", "label"} <= set(table.columns)
    )


def parse(table: Table) -> Draft:
    """Raises BadFile with every problem found."""
    has_answers = "annotator" in table.columns or "label" in table.columns
    missing = require(
        table, ("item_id", "annotator", "label") if has_answers else ("item_id", "text"), DIALECT
    )
    if missing:
        raise BadFile(missing)
    problems = Problems()
    items = _items(table, problems)
    answers = (
        [answer for row in table.rows if (answer := _answer(row, problems))] if has_answers else []
    )
    problems.stop_if_any()
    return Draft(DIALECT, items, answers)


def _items(table: Table, problems: Problems) -> list[ItemRow]:
    """One item for each id. Rows that repeat an id must repeat its text, split and gold."""
    others = [column for column in table.columns if column not in KNOWN]
    is_items_only = "annotator" not in table.columns
    found: dict[str, ItemRow] = {}
    for row in table.rows:
        item = _item(row, table, others, problems)
        first = found.setdefault(item.external_id, item)
        if first is item:
            continue
        if is_items_only:
            problems.add(
                row.problem(f"This id is there already, in row {first.row.number}.", "item_id")
            )
        for column in ("text", "split", "gold"):
            if row.cells.get(column, "") != first.row.cells.get(column, ""):
                problems.add(
                    row.problem(
                        f"This differs from row {first.row.number}, which has the same item_id.",
                        column,
                    )
                )
    return list(found.values())


def _item(row: Row, table: Table, others: list[str], problems: Problems) -> ItemRow:
    external_id = identifier(row, "item_id", problems)
    text = text_of(row, "text", problems) if "text" in table.columns else None
    split = row.cells.get("split", "").strip()
    split = {"dev": Item.Split.VALIDATION, "val": Item.Split.VALIDATION}.get(split, split)
    if split not in Item.Split.values:
        problems.add(row.problem("The split must be train, validation (or dev) or test.", "split"))
    attributes = {column: row.cells[column] for column in others if row.cells[column]}
    return ItemRow(row, external_id, text, attributes, split, row.cells.get("gold", "").strip())


def _answer(row: Row, problems: Problems) -> AnswerRow | None:
    annotator, label = row.cells["annotator"].strip(), row.cells["label"].strip()
    if not annotator and not label:
        return None  # an item nobody has answered yet
    pass_number = whole_number(row, "round", problems)
    if pass_number is not None and not 1 <= pass_number <= 99:
        problems.add(row.problem("The round must be 1 to 99.", "round"))
    secondary = row.cells.get("secondary", "").strip()
    return AnswerRow(
        row=row,
        external_id=row.cells["item_id"].strip(),
        annotator=identifier(row, "annotator", problems, longest=150),
        pass_number=pass_number or 1,
        label=identifier(row, "label", problems, longest=100),
        confidence=whole_number(row, "confidence", problems),
        secondary=None if secondary in NOT_GIVEN else secondary,
        seconds=decimal_number(row, "seconds", problems),
        columns=COLUMNS,
    )
