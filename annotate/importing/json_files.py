"""JSON and JSONL of flat objects. Exports of other tools, which nest, are named."""

from collections.abc import Iterator, Mapping

from annotate.importing.bounds import MOST_CELLS, MOST_COLUMNS, Meter, refuse
from annotate.importing.problems import Problem, Problems
from annotate.importing.strict_json import NotStrict, load_strict
from annotate.importing.tables import Row, Table

TOOLS = {  # by names that no other tool's objects have
    "Label Studio": ({"data", "annotations"}, {"data", "completions"}, {"data", "predictions"}),
    "doccano": ({"text", "annotations", "meta"}, {"text", "label", "Comments"}, {"data", "label"}),
    "Prodigy": ({"_input_hash"}, {"_task_hash"}, {"_annotator_id"}),
    "Potato": ({"displayed_text", "label_annotations"}, {"instance_id", "label_annotations"}),
}


def read(text: str, *, by_line: bool) -> Table:
    problems, meter = Problems(), Meter()
    columns: dict[str, None] = {}
    rows = []
    for number, line, source in _sources(text, by_line=by_line):
        try:
            value = load_strict(source, MOST_CELLS)
        except NotStrict as error:
            problems.add(Problem(str(error), row=number, line=line + error.line - 1))
            continue
        for at, where, member in _objects(value, number, line, problems, by_line=by_line):
            _refuse_tools(member, at)
            cells = _cells(member, at, problems)
            meter.count(cells, at)
            columns.update(dict.fromkeys(cells))
            if len(columns) > MOST_COLUMNS:
                reason = f"The objects name more than {MOST_COLUMNS} different fields."
                raise refuse(reason, row=at, line=where)
            rows.append(Row(at, where, cells))
    problems.stop_if_any()
    return Table(tuple(columns), rows)


def _sources(text: str, *, by_line: bool) -> Iterator[tuple[int, int, str]]:
    if not by_line:
        yield 1, 1, text
        return
    for line, source in enumerate(text.split("\n"), start=1):
        if source.strip():
            yield line, line, source


def _objects(
    value: object, number: int, line: int, problems: Problems, *, by_line: bool
) -> Iterator[tuple[int, int | None, dict[str, object]]]:
    members = [value] if by_line else value
    where = line if by_line else None
    if not isinstance(members, list):
        reason = "A .json file must be a list of objects. For one object a line use .jsonl."
        problems.add(Problem(reason, row=number, line=line))
        return
    for place, member in enumerate(members):
        at = number if by_line else place + 1
        if isinstance(member, dict):
            yield at, where, member
        else:
            kind = type(member).__name__
            reason = f"Expected an object with named fields and found {kind}."
            problems.add(Problem(reason, row=at, line=where))


def _refuse_tools(member: Mapping[str, object], row: int) -> None:
    names = set(member)
    for tool, signs in TOOLS.items():
        nested = any(isinstance(value, (dict, list)) for value in member.values())
        if nested and any(sign <= names for sign in signs):
            raise refuse(
                f"This looks like an export of {tool}, which Halftone does not read yet. Write one"
                " row an answer, with item_id, text, annotator and label.",
                row=row,
            )


def _cells(member: dict[str, object], row: int, problems: Problems) -> dict[str, str]:
    cells = {}
    for name, value in member.items():
        if isinstance(value, (dict, list)):
            reason = "Expected text or a number and found a list or an object."
            problems.add(Problem(reason, row=row, column=name))
        else:
            cells[name] = "" if value is None else str(value)
    return cells
