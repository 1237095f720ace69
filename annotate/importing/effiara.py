"""The EffiARA wide dialect: one row an item, a block of columns for each annotator
(`alice_label`, …) and `re_` blocks for repeats.
"""

import dataclasses

from annotate.importing.drafts import (
    NOT_GIVEN,
    AnswerRow,
    Draft,
    ItemRow,
    decimal_number,
    identifier,
    whole_number,
)
from annotate.importing.problems import Problems
from annotate.importing.reading import Row, Table, refuse

DIALECT = "effiara"
ID_COLUMNS = ("item_id", "sample_id")
PARTS = ("label", "secondary", "confidence", "duration_seconds", "seconds", "note")
REPEAT = "re_"


def matches(table: Table) -> bool:
    return bool(annotators_of(table)) and "annotator" not in table.columns


def annotators_of(table: Table) -> list[str]:
    """Names with both a label and a confidence column, in the file's order."""
    columns = set(table.columns)
    names = [column.removesuffix("_label") for column in table.columns if column.endswith("_label")]
    return [
        name for name in names if f"{name}_confidence" in columns and not name.startswith(REPEAT)
    ]


def parse(table: Table) -> Draft:
    """Raises BadFile with every problem found."""
    annotators = annotators_of(table)
    if not annotators:
        raise refuse(
            "The effiara format needs columns such as alice_label and alice_confidence for each"
            " annotator.",
            row=1,
        )
    blocks = [(name, 1, name) for name in annotators]
    blocks += [
        (name, 2, f"{REPEAT}{name}")
        for name in annotators
        if f"{REPEAT}{name}_label" in table.columns
    ]
    own = {f"{prefix}_{part}" for _, _, prefix in blocks for part in PARTS}
    shared = [column for column in table.columns if column not in own]
    id_column = next((column for column in ID_COLUMNS if column in table.columns), None)
    problems, notes = Problems(), list[str]()
    items = [
        _item(row, place, id_column, shared, problems)
        for place, row in enumerate(table.rows, start=1)
    ]
    _check_ids(items, id_column, problems)
    answers = [
        answer
        for row, item in zip(table.rows, items, strict=True)
        for block in blocks
        if (answer := _answer(row, item.external_id, block, problems))
    ]
    problems.stop_if_any()
    answers, n_same = _without_same_secondary(answers)
    if id_column is None:
        notes.append(
            "There is no sample_id column, so items are named by their place in the file: row-1,"
            " row-2, …"
        )
    if n_same:
        notes.append(
            f"In {n_same} answers the second choice is the same as the first; it was left out."
        )
    return Draft(DIALECT, items, answers, notes)


def _item(
    row: Row, place: int, id_column: str | None, shared: list[str], problems: Problems
) -> ItemRow:
    external_id = identifier(row, id_column, problems) if id_column else f"row-{place}"
    others = {
        column: row.cells[column]
        for column in shared
        if column not in (id_column, "text") and row.cells[column]
    }
    text = row.cells.get("text", "").strip()
    # some datasets may not publish the text: show what the file does say about the item
    if not text:
        text = "\n".join(f"{column}: {value}" for column, value in others.items())
    if not text:
        problems.add(
            row.problem("The row has neither a text nor any other column that describes the item.")
        )
    return ItemRow(row, external_id, text, others)


def _check_ids(items: list[ItemRow], id_column: str | None, problems: Problems) -> None:
    first: dict[str, ItemRow] = {}
    for item in items:
        earlier = first.setdefault(item.external_id, item)
        if earlier is not item:
            problems.add(
                item.row.problem(
                    f"This id is there already, in row {earlier.row.number}.", id_column
                )
            )


def _answer(
    row: Row, external_id: str, block: tuple[str, int, str], problems: Problems
) -> AnswerRow | None:
    annotator, pass_number, prefix = block
    label = row.cells[f"{prefix}_label"].strip()
    if label in NOT_GIVEN:
        return None
    duration = (
        f"{prefix}_duration_seconds"
        if f"{prefix}_duration_seconds" in row.cells
        else f"{prefix}_seconds"
    )
    secondary = row.cells.get(f"{prefix}_secondary", "").strip()
    return AnswerRow(
        row=row,
        external_id=external_id,
        annotator=annotator,
        pass_number=pass_number,
        label=label,
        confidence=whole_number(row, f"{prefix}_confidence", problems),
        secondary=None if secondary in NOT_GIVEN else secondary,
        seconds=decimal_number(row, duration, problems),
        columns={part: f"{prefix}_{part}" for part in PARTS} | {"seconds": duration},
    )


def _without_same_secondary(answers: list[AnswerRow]) -> tuple[list[AnswerRow], int]:
    """Teamware lets people tick the same label twice, and published files contain it; our tables
    do not allow it.
    """
    same = [answer for answer in answers if answer.secondary == answer.label]
    return [
        dataclasses.replace(a, secondary=None) if a.secondary == a.label else a for a in answers
    ], len(same)
