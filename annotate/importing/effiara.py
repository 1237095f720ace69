"""The EffiARA wide dialect: one row an item, a block of columns for each annotator (`alice_label`,
…) and `re_` blocks for repeats. Nothing is guessed into the text: its column is named or missing.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from annotate.importing.accounting import LEFT_OUT, TO_ITEM, Account
from annotate.importing.bounds import refuse
from annotate.importing.dialects import Dialect
from annotate.importing.drafts import (
    NOT_GIVEN,
    AnswerRow,
    Draft,
    ItemRow,
    decimal_number,
    identifier,
    split_of,
    text_of,
    whole_number,
)
from annotate.importing.problems import Problems
from annotate.importing.tables import Row, Table

ID_COLUMNS = ("item_id", "sample_id")
PARTS = ("label", "secondary", "confidence", "duration_seconds", "seconds", "note")
REPEAT = "re_"
GOLD = "gold"  # gold_label is what is known beforehand, not what a person called gold said
FIELDS = ("item_id", "text", "split", "gold")


@dataclass(frozen=True)
class Block:
    """The columns of one person in one pass."""

    annotator: str
    pass_number: int
    prefix: str

    def column(self, part: str) -> str:
        return f"{self.prefix}_{part}"


def matches(table: Table) -> bool:
    """Some person has a label and a confidence, or two have a label."""
    names = annotators_of(table)
    sure = [name for name in names if f"{name}_confidence" in table.columns]
    return (bool(sure) or len(names) > 1) and "annotator" not in table.columns


def annotators_of(table: Table) -> list[str]:
    """Names with a label column, in the file's order."""
    names = [name.removesuffix("_label") for name in table.columns if name.endswith("_label")]
    return [name for name in names if name and name != GOLD and not name.startswith(REPEAT)]


def parse(table: Table, chosen: Mapping[str, str]) -> Draft:
    """Raises BadFile with every problem found."""
    annotators = annotators_of(table)
    if not annotators:
        reason = "The effiara format needs columns such as alice_label for each annotator."
        raise refuse(reason, row=1)
    blocks = [Block(name, 1, name) for name in annotators]
    repeats = [Block(name, 2, REPEAT + name) for name in annotators]
    blocks += [block for block in repeats if block.column("label") in table.columns]
    id_column = next((column for column in ID_COLUMNS if column in table.columns), None)
    problems, account = Problems(), Account(len(table.rows) + table.n_empty)
    shared = _account(table, blocks, id_column, account)
    places = enumerate(table.rows, start=1)
    items = [_item(row, n, id_column, shared, table, problems) for n, row in places]
    _check_ids(items, id_column, problems)
    answers = [
        answer
        for row, item in zip(table.rows, items, strict=True)
        for block in blocks
        if (answer := _answer(row, item.external_id, block, problems))
    ]
    account.rows["items"] = len(items)
    problems.stop_if_any()
    answers, n_same = _without_same_secondary(answers)
    return Draft("effiara", items, answers, account, _notes(id_column, n_same))


def _notes(id_column: str | None, n_same: int) -> list[str]:
    notes = []
    if id_column is None:
        notes.append(
            "There is no sample_id column, so items are named by their place in the file: row-1,"
            " row-2, …"
        )
    if n_same:
        notes.append(
            f"In {n_same} answers the second choice is the same as the first; it was left out."
        )
    return notes


def _account(
    table: Table, blocks: list[Block], id_column: str | None, account: Account
) -> list[str]:
    """The columns that are attributes of items; every column is accounted for."""
    own = {block.column(part): (block, part) for block in blocks for part in PARTS}
    named = {id_column: "item: item_id", "text": "item: text", "split": "item: split"}
    named |= {"gold": "item: gold", "gold_label": "item: gold"}
    shared = []
    for column in table.columns:
        n = table.n_cells(column)
        if column in named:
            account.use(column, named[column], n)
        elif column in own and not _is_second_duration(column, own, table):
            block, part = own[column]
            again = ", again" if block.pass_number > 1 else ""
            account.use(column, f"{part} of {block.annotator}{again}", n)
        elif (person := _person_of(column, blocks)) is not None:
            why = f"it is one of {person}'s columns, and not one that is read"
            account.use(column, LEFT_OUT, n, why)
        else:
            shared.append(column)
            account.use(column, TO_ITEM, n)
    return shared


def _is_second_duration(column: str, own: Mapping[str, tuple[Block, str]], table: Table) -> bool:
    block, part = own[column]
    return part == "seconds" and block.column("duration_seconds") in table.columns


def _person_of(column: str, blocks: list[Block]) -> str | None:
    if column.startswith(f"{GOLD}_"):
        return GOLD
    owners = [block.annotator for block in blocks if column.startswith(f"{block.prefix}_")]
    return owners[0] if owners else None


def _item(
    row: Row,
    place: int,
    id_column: str | None,
    shared: list[str],
    table: Table,
    problems: Problems,
) -> ItemRow:
    external_id = identifier(row, id_column, problems) if id_column else f"row-{place}"
    attributes = {column: row.cell(column) for column in shared if row.cell(column)}
    text = text_of(row, "text", problems) if "text" in table.columns else None
    gold = (row.cell("gold") or row.cell("gold_label")).strip()
    split = split_of(row, problems)
    return ItemRow(row, external_id, text, attributes, split, "" if gold in NOT_GIVEN else gold)


def _check_ids(items: list[ItemRow], id_column: str | None, problems: Problems) -> None:
    first: dict[str, ItemRow] = {}
    for item in items:
        earlier = first.setdefault(item.external_id, item)
        if earlier is not item:
            reason = f"This id is there already, in row {earlier.row.number}."
            problems.add(item.row.problem(reason, id_column))


def _answer(row: Row, external_id: str, block: Block, problems: Problems) -> AnswerRow | None:
    label = row.cell(block.column("label")).strip()
    if label in NOT_GIVEN:
        return None
    duration = block.column("duration_seconds")
    duration = duration if duration in row.cells else block.column("seconds")
    secondary = row.cell(block.column("secondary")).strip()
    return AnswerRow(
        row=row,
        external_id=external_id,
        annotator=block.annotator,
        pass_number=block.pass_number,
        label=label,
        confidence=whole_number(row, block.column("confidence"), problems),
        secondary=None if secondary in NOT_GIVEN else secondary,
        seconds=decimal_number(row, duration, problems),
        columns={part: block.column(part) for part in PARTS} | {"seconds": duration},
        rationale=row.cell(block.column("note")).strip(),
    )


def _without_same_secondary(answers: list[AnswerRow]) -> tuple[list[AnswerRow], int]:
    """Teamware lets people tick the same label twice, and published files contain it; our tables
    do not allow it.
    """
    n_same = sum(answer.secondary == answer.label for answer in answers)
    kept = [
        dataclasses.replace(answer, secondary=None) if answer.secondary == answer.label else answer
        for answer in answers
    ]
    return kept, n_same


EFFIARA = Dialect("effiara", FIELDS, matches, parse)
