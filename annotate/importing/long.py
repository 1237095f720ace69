"""The native long dialect: one row for each answer (item_id, annotator, label, …), or for each item
(item_id, text).
"""

from collections.abc import Mapping

from annotate.importing.accounting import LEFT_OUT, TO_ITEM, Account
from annotate.importing.choices import UNANSWERED
from annotate.importing.dialects import Dialect
from annotate.importing.drafts import (
    NOT_GIVEN,
    AnswerRow,
    Draft,
    ItemRow,
    decimal_number,
    identifier,
    moment,
    require,
    split_of,
    text_of,
    whole_number,
    yes_or_no,
)
from annotate.importing.problems import BadFile, Problems
from annotate.importing.tables import Row, Table

OF_ITEM = ("item_id", "text", "split", "gold")
OF_ANSWER = (
    "annotator",
    "label",
    "confidence",
    "confidence_scale",
    "secondary",
    "round",
    "seconds",
    "rationale",
    "flagged",
    "created_at",
)
FIELDS = (*OF_ITEM, *OF_ANSWER)
COLUMNS = {name: name for name in FIELDS} | {"pass_number": "round"}


def matches(table: Table) -> bool:
    there = set(table.columns)
    return "item_id" in there and ("text" in there or {"annotator", "label"} <= there)


def parse(table: Table, chosen: Mapping[str, str]) -> Draft:
    """Raises BadFile with every problem found."""
    has_answers = "annotator" in table.columns or "label" in table.columns
    needed = ("item_id", "annotator", "label") if has_answers else ("item_id", "text")
    missing = require(table, needed, "long")
    if missing:
        raise BadFile(missing)
    problems, account = Problems(), Account(len(table.rows) + table.n_empty)
    others = _others(table, account)
    items = _items(table, others, problems, is_items_only=not has_answers)
    answers = _answers(table, chosen, account, problems) if has_answers else []
    account.rows["items" if not has_answers else "answers"] = (
        len(answers) if has_answers else len(table.rows)
    )
    problems.stop_if_any()
    return Draft("long", items, answers, account)


def _others(table: Table, account: Account) -> list[str]:
    """Columns that are the item's, accounted for with all the rest. One that varies within an item
    is an answer's, and not one that is read.
    """
    kept = []
    for column in table.columns:
        n = table.n_cells(column)
        if column in FIELDS:
            account.use(column, _meaning(column), n)
        elif _varies(table, column):
            why = "it differs between answers to one item, and is not a column that is read"
            account.use(column, LEFT_OUT, n, why)
        else:
            kept.append(column)
            account.use(column, TO_ITEM, n)
    return kept


def _meaning(column: str) -> str:
    return f"item: {column}" if column in OF_ITEM else f"answer: {column}"


def _varies(table: Table, column: str) -> bool:
    first: dict[str, str] = {}
    return any(
        first.setdefault(row.cell("item_id"), row.cell(column)) != row.cell(column)
        for row in table.rows
    )


def _items(
    table: Table, others: list[str], problems: Problems, *, is_items_only: bool
) -> list[ItemRow]:
    """One item for each id. Rows that repeat an id must repeat its text, split and gold."""
    there: dict[str, ItemRow] = {}
    for row in table.rows:
        item = _item(row, table, others, problems)
        first = there.setdefault(item.external_id, item)
        if first is item:
            continue
        if is_items_only:
            reason = f"This id is there already, in row {first.row.number}."
            problems.add(row.problem(reason, "item_id"))
        for column in ("text", "split", "gold"):
            if row.cell(column) != first.row.cell(column):
                reason = f"This differs from row {first.row.number}, which has the same item_id."
                problems.add(row.problem(reason, column))
    return list(there.values())


def _item(row: Row, table: Table, others: list[str], problems: Problems) -> ItemRow:
    external_id = identifier(row, "item_id", problems)
    text = text_of(row, "text", problems) if "text" in table.columns else None
    attributes = {column: row.cell(column) for column in others if row.cell(column)}
    gold = row.cell("gold").strip()
    return ItemRow(row, external_id, text, attributes, split_of(row, problems), gold)


def _answers(
    table: Table, chosen: Mapping[str, str], account: Account, problems: Problems
) -> list[AnswerRow]:
    answers, unlabelled = [], 0
    for row in table.rows:
        annotator, label = row.cell("annotator").strip(), row.cell("label").strip()
        if not annotator and not label:
            account.rows["items nobody has answered yet"] += 1
        elif annotator and not label:
            unlabelled += 1
        else:
            answers.append(_answer(row, problems))
    if unlabelled:
        account.rows["left out: a person and no label"] += unlabelled
        if "unanswered" not in chosen:
            text = f"{unlabelled} rows name a person and no label, as for a skipped item."
            problems.ask(UNANSWERED.ask(text))
    return answers


def _answer(row: Row, problems: Problems) -> AnswerRow:
    pass_number = whole_number(row, "round", problems)
    if pass_number is not None and not 1 <= pass_number <= 99:
        problems.add(row.problem("The round must be 1 to 99.", "round"))
    secondary = row.cell("secondary").strip()
    return AnswerRow(
        row=row,
        external_id=row.cell("item_id").strip(),
        annotator=identifier(row, "annotator", problems, longest=150),
        pass_number=pass_number,
        label=identifier(row, "label", problems, longest=100),
        confidence=whole_number(row, "confidence", problems),
        secondary=None if secondary in NOT_GIVEN else secondary,
        seconds=decimal_number(row, "seconds", problems),
        columns=COLUMNS,
        rationale=row.cell("rationale"),
        is_flagged=yes_or_no(row, "flagged", problems),
        scale=whole_number(row, "confidence_scale", problems),
        said_at=moment(row, "created_at", problems),
    )


LONG = Dialect("long", FIELDS, matches, parse)
