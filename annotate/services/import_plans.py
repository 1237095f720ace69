"""What an import would do, worked out by reading alone: everything is checked, asked and accounted
for before anything is written.
"""

import dataclasses
import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.errors import Invalid
from annotate.importing.accounting import AccountReport
from annotate.importing.bounds import refuse
from annotate.importing.choices import check_choices
from annotate.importing.drafts import AnswerRow, Draft, ItemRow
from annotate.importing.problems import Problem, Problems
from annotate.importing.reading import read_table
from annotate.importing.registry import DIALECTS
from annotate.importing.registry import NAMES as DIALECT_NAMES
from annotate.importing.settling import Settlement, unknown_label
from annotate.importing.tables import Row, Table
from annotate.models import Annotation, Item, Label, Project
from annotate.services.annotations import current_labels
from annotate.validity import Answer, Question, UnknownLabel, findings


class BadMapping(Invalid):
    code = "bad-mapping"


@dataclass(frozen=True)
class Source:
    """A file as it came: its name, its bytes, the dialect asked for (or “auto”), which of its
    columns mean our fields, how its labels are spelt, and what was chosen where it leaves a choice.
    """

    name: str
    content: bytes
    dialect: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    is_simulated: bool = False

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class ImportReport:
    """`updated`: items that were there and got a gold label or a split. `account`: what became of
    every column and row. `errors` is empty: a file with one brings nothing in.
    """

    dialect: str
    digest: str
    items_added: int
    annotations_added: int
    annotators_added: int
    unchanged: int
    updated: int
    notes: list[str]
    account: AccountReport
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ImportPlan:
    """`answers` name people by the name they have in the project, or are to get."""

    labels: Mapping[str, Label]
    new_items: list[ItemRow]
    changed_items: list[tuple[int, ItemRow]]
    answers: list[AnswerRow]
    new_people: list[str]
    dialect: str
    report: ImportReport


def plan_import(*, project: Project, source: Source) -> ImportPlan:
    """Raises BadFile with every problem and question, BadMapping, BadChoice."""
    check_choices(source.choices)
    draft = _draft(source)
    labels, problems = current_labels(project), Problems(draft.account.report())
    _check_spellings(source.labels, tuple(labels))
    settle = Settlement(source.choices, source.labels, tuple(labels), problems)
    members = {member.name: member for member in project.members.all()}
    draft = dataclasses.replace(draft, items=settle.addresses(draft))
    answers = settle.passes(draft.answers)
    answers = settle.scale(answers, project.confidence_scale)
    answers = settle.people(settle.spellings(answers), members)
    _check_answers(project, answers, labels, problems)
    if not draft.answers:
        settle.columns_like_answers(draft)
    problems.stop_if_any()
    there = {item.external_id: item for item in Item.objects.filter(project=project)}
    new_items, changed = _items(draft, there, labels, source, problems)
    new_answers = _new_answers(project, answers, problems)
    answering = dict.fromkeys(answer.annotator for answer in new_answers)
    settle.accounts([members[name] for name in answering if name in members])
    problems.stop_if_any()
    new_people = [name for name in answering if name not in members]
    report = ImportReport(
        dialect=draft.dialect,
        digest=source.digest,
        items_added=len(new_items),
        annotations_added=len(new_answers),
        annotators_added=len(new_people),
        unchanged=len(draft.items)
        - len(new_items)
        - len(changed)
        + len(answers)
        - len(new_answers),
        updated=len(changed),
        notes=draft.notes,
        account=draft.account.report(),
    )
    return ImportPlan(labels, new_items, changed, new_answers, new_people, draft.dialect, report)


def _draft(source: Source) -> Draft:
    table = read_table(source.name, source.content, source.choices)
    names = {dialect.name: dialect for dialect in DIALECTS}
    if source.dialect not in ("auto", *names):
        known = ", ".join(DIALECT_NAMES)
        raise BadMapping(f"The format “{source.dialect}” is not known. Use auto, {known}.")
    mapped = _mapped(table, source.mapping)
    wanted = [names[source.dialect]] if source.dialect != "auto" else DIALECTS
    dialect = next((one for one in wanted if source.dialect != "auto" or one.matches(mapped)), None)
    if dialect is None:
        raise refuse(
            f"No known format has these columns: {', '.join(table.columns[:12])}. Name yours with"
            " --map, for example --map item_id=NAME text=NAME.",
            row=1,
        )
    draft = dialect.parse(mapped, source.choices)
    draft.account.columns += table.dropped
    if table.n_empty:
        draft.account.rows["left out: empty"] += table.n_empty
    return dataclasses.replace(draft, notes=[*table.notes, *draft.notes])


def _mapped(table: Table, mapping: Mapping[str, str]) -> Table:
    """With the columns under our names. One column may be two fields; a field is one column."""
    fields = {name for dialect in DIALECTS for name in dialect.fields}
    for name, column in mapping.items():
        if name not in fields and not name.endswith(("_label", "_confidence", "_secondary")):
            near = difflib.get_close_matches(name, sorted(fields), 1)
            hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(fields)}."
            raise BadMapping(f"--map {name}={column}: there is no field “{name}”.{hint}")
        if column not in table.columns:
            there = ", ".join(table.columns[:12])
            reason = f"--map {name}={column} names a column that the file does not have: {there}."
            raise refuse(reason, row=1)
        if name in table.columns and name != column and name not in mapping.values():
            raise BadMapping(
                f"--map {name}={column}: the file has a column “{name}” already. Map that one away"
                " too, or leave this out."
            )
    if not mapping:
        return table
    used = set(mapping.values())
    columns = [*mapping, *(column for column in table.columns if column not in used)]
    rows = [Row(row.number, row.line, _renamed(row, mapping, used)) for row in table.rows]
    return dataclasses.replace(table, columns=tuple(columns), rows=rows)


def _renamed(row: Row, mapping: Mapping[str, str], used: set[str]) -> dict[str, str]:
    named = {name: row.cells[column] for name, column in mapping.items() if column in row.cells}
    return named | {column: cell for column, cell in row.cells.items() if column not in used}


def _check_spellings(labels: Mapping[str, str], keys: tuple[str, ...]) -> None:
    for spelling, key in labels.items():
        if key not in keys:
            raise BadMapping(
                f"“{spelling}” is to mean “{key}”, which is not a label of the project. It has:"
                f" {', '.join(keys)}."
            )


def _check_answers(
    project: Project, answers: list[AnswerRow], labels: Mapping[str, Label], problems: Problems
) -> None:
    question = Question(tuple(labels), project.confidence_scale)
    fields = {"primary": "label"}
    for answer in answers:
        for finding in findings(answer_of(answer), question):
            if isinstance(finding.refusal, UnknownLabel):
                continue  # told by its spelling, once for all rows
            name = fields.get(finding.field, finding.field)
            problems.add(answer.problem(finding.refusal.message, name))


def answer_of(answer: AnswerRow) -> Answer:
    return Answer(
        answer.label,
        answer.confidence,
        answer.secondary,
        answer.rationale,
        answer.seconds,
        answer.is_flagged,
    )


def _items(
    draft: Draft,
    there: Mapping[str, Item],
    labels: Mapping[str, Label],
    source: Source,
    problems: Problems,
) -> tuple[list[ItemRow], list[tuple[int, ItemRow]]]:
    new, changed = [], []
    for row in draft.items:
        row = dataclasses.replace(row, gold=source.labels.get(row.gold, row.gold))
        if row.gold and row.gold not in labels:
            problems.add(row.row.problem(unknown_label(row.gold, 1, tuple(labels)), "gold"))
        elif row.external_id not in there:
            new.append(row)
            if row.text is None:
                problems.add(_no_text(row))
        elif _differs(row, there[row.external_id], labels, problems):
            changed.append((there[row.external_id].pk, row))
    return new, changed


def _no_text(row: ItemRow) -> Problem:
    reason = (
        "There is no item of this id in the project, and the file has no text column. Name it with"
        " --map text=NAME."
    )
    return row.row.problem(reason, "item_id")


def _differs(row: ItemRow, item: Item, labels: Mapping[str, Label], problems: Problems) -> bool:
    """Whether the file says more of the item than the project knows. What contradicts is a
    problem.
    """
    if row.text is not None and row.text != item.text:
        problems.add(
            row.row.problem("The project has an item of this id with another text.", "text")
        )
    gold = labels[row.gold].pk if row.gold else None
    if gold is not None and item.gold_id not in (None, gold):
        problems.add(row.row.problem("The project has another gold label for this item.", "gold"))
    if row.split and item.split not in ("", row.split):
        problems.add(row.row.problem("The project has this item in another split.", "split"))
    return (gold is not None and item.gold_id is None) or bool(row.split and not item.split)


def _new_answers(project: Project, answers: list[AnswerRow], problems: Problems) -> list[AnswerRow]:
    """Those that are not there yet. One that is there and differs is a problem."""
    there = _answers_there(project) if answers else {}
    new = []
    for answer in answers:
        digest = there.get((answer.external_id, answer.annotator, answer.pass_number or 1))
        if digest is None:
            new.append(answer)
        elif digest != answer_of(answer).digest:
            reason = "The project has another answer by this annotator to this item."
            problems.add(answer.problem(reason, "label"))
    return new


def _answers_there(project: Project) -> dict[tuple[str, str, int], str]:
    newest = Annotation.objects.filter(assignment__project=project)
    fields = ("assignment__item__external_id", "annotator__name", "assignment__pass_number")
    rows = newest.order_by("assignment_id", "revision").values_list(*fields, "body_digest")
    return {(item, annotator, number): digest for item, annotator, number, digest in rows}
