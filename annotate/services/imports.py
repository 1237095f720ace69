"""Bringing a file of items and answers into a project: all of it or nothing, and a second time
changes nothing.
"""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from annotate.errors import Invalid
from annotate.importing import effiara, long
from annotate.importing.drafts import AnswerRow, Draft, ItemRow
from annotate.importing.problems import BadFile, Problems
from annotate.importing.reading import Row, Table, read_table, refuse
from annotate.models import (
    Annotation,
    Assignment,
    Guideline,
    Import,
    Item,
    Label,
    LabelSet,
    Member,
    Project,
    User,
)
from annotate.services.annotations import current_labels
from annotate.services.items import BATCH, ItemDraft, add_items, fit_free_slots
from annotate.validity import Answer

PARSERS: dict[str, Callable[[Table], Draft]] = {
    long.DIALECT: long.parse,
    effiara.DIALECT: effiara.parse,
}
DIALECTS = tuple(PARSERS)
MATCHES: dict[str, Callable[[Table], bool]] = {
    long.DIALECT: long.matches,
    effiara.DIALECT: effiara.matches,
}


class DryRun(Exception):
    """Carries the report out of the transaction that must not stay."""

    def __init__(self, report: "Report") -> None:
        super().__init__()
        self.report = report


class BadMapping(Invalid):
    code = "bad-mapping"


@dataclass(frozen=True)
class Report:
    dialect: str
    digest: str
    items_added: int
    annotations_added: int
    annotators_added: int
    unchanged: int
    notes: list[str]

    def as_dict(self) -> dict[str, object]:
        return {**dataclasses.asdict(self), "errors": []}


@dataclass(frozen=True)
class Source:
    """A file as it came: its name, its bytes, the dialect asked for (or “auto”) and which of its
    columns mean our fields.
    """

    name: str
    content: bytes
    dialect: str = "auto"
    mapping: Mapping[str, str] = dataclasses.field(default_factory=dict)
    is_simulated: bool = False

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def import_file(*, project: Project, source: Source, author: User | None, now: datetime) -> Report:
    """Raises BadFile with every problem and its row; then nothing is stored."""
    draft = _draft(source)
    with transaction.atomic():
        # two imports at once wait for each other
        Project.objects.select_for_update().get(pk=project.pk)
        report = _store(project, draft, source, now)
        Import.objects.create(
            project=project,
            file_name=source.name[-255:],
            dialect=draft.dialect,
            digest=source.digest,
            report=report.as_dict(),
            created_by=author,
            created_at=now,
        )
    return report


def try_import(*, project: Project, source: Source, now: datetime) -> Report:
    """What `import_file` would do, done and taken back."""
    draft = _draft(source)
    try:
        with transaction.atomic():
            raise DryRun(_store(project, draft, source, now))
    except DryRun as done:
        return done.report


def _draft(source: Source) -> Draft:
    table = _renamed(read_table(source.name, source.content), source.mapping)
    if source.dialect != "auto":
        if source.dialect not in DIALECTS:
            raise BadMapping(
                f"The format “{source.dialect}” is not known. Use auto, {', '.join(DIALECTS)}."
            )
        return PARSERS[source.dialect](table)
    for dialect, matches in MATCHES.items():
        if matches(table):
            return PARSERS[dialect](table)
    columns = ", ".join(table.columns[:12])
    raise refuse(
        f"No known format has these columns: {columns}. Name yours with --map, for example --map"
        " item_id=NAME --map text=NAME.",
        row=1,
    )


def _renamed(table: Table, mapping: Mapping[str, str]) -> Table:
    if not mapping:
        return table
    for name, column in mapping.items():
        if column not in table.columns:
            raise refuse(
                f"--map {name}={column} names a column that the file does not have. It has:"
                f" {', '.join(table.columns[:12])}.",
                row=1,
            )
    names = {column: name for name, column in mapping.items()}
    columns = tuple(names.get(column, column) for column in table.columns)
    if len(set(columns)) != len(columns):
        raise BadMapping(
            "--map gives a column a name that another column has already. Map that one away too."
        )
    rows = [
        Row(row.number, row.line, {names.get(c, c): value for c, value in row.cells.items()})
        for row in table.rows
    ]
    return Table(columns, rows)


def _store(project: Project, draft: Draft, source: Source, now: datetime) -> Report:
    labels = current_labels(project)
    problems = Problems()
    _check_answers(project, draft, labels, problems)
    items, n_new_items = _items(project, draft, labels, problems, now)
    problems.stop_if_any()
    annotators, n_new_annotators = _annotators(project, draft, source, now)
    n_added = _answers(project, draft, items, annotators, labels, now)
    n_unchanged = len(draft.items) - n_new_items + len(draft.answers) - n_added
    return Report(
        draft.dialect,
        source.digest,
        n_new_items,
        n_added,
        n_new_annotators,
        n_unchanged,
        draft.notes,
    )


def _check_answers(
    project: Project, draft: Draft, labels: Mapping[str, Label], problems: Problems
) -> None:
    seen: dict[tuple[str, str, int], AnswerRow] = {}
    for answer in draft.answers:
        for name, key in (("label", answer.label), ("secondary", answer.secondary)):
            if key is not None and key not in labels:
                problems.add(
                    answer.problem(
                        "This is not a label of the project. It has:"
                        f" {', '.join(labels)}.{_case_hint(key, labels)}",
                        name,
                    )
                )
        if answer.secondary == answer.label:
            problems.add(answer.problem("The second choice is the same as the first.", "secondary"))
        if answer.confidence is not None and not 1 <= answer.confidence <= project.confidence_scale:
            problems.add(
                answer.problem(
                    "The confidence is outside the project's scale of 1 to"
                    f" {project.confidence_scale}.",
                    "confidence",
                )
            )
        if answer.seconds is not None and answer.seconds < 0:
            problems.add(answer.problem("Seconds cannot be negative.", "seconds"))
        place = (answer.external_id, answer.annotator, answer.pass_number)
        first = seen.setdefault(place, answer)
        if first is not answer:
            problems.add(
                answer.problem(
                    f"This annotator answered this item in row {first.row.number} already. Give"
                    " repeats a round.",
                    "annotator",
                )
            )


def _case_hint(key: str, labels: Mapping[str, Label]) -> str:
    near = next((label for label in labels if label.casefold() == key.casefold()), None)
    return f" Did you mean “{near}”?" if near else ""


def _items(
    project: Project, draft: Draft, labels: Mapping[str, Label], problems: Problems, now: datetime
) -> tuple[dict[str, Item], int]:
    there = {item.external_id: item for item in Item.objects.filter(project=project)}
    new = []
    for row in draft.items:
        if row.gold and row.gold not in labels:
            problems.add(
                row.row.problem(
                    f"The gold label is not a label of the project.{_case_hint(row.gold, labels)}",
                    "gold",
                )
            )
        elif row.external_id not in there:
            new.append(row)
            if row.text is None:
                problems.add(
                    row.row.problem(
                        "There is no item of this id in the project, and the file has no text"
                        " column.",
                        "item_id",
                    )
                )
        elif row.text is not None and row.text != there[row.external_id].text:
            problems.add(
                row.row.problem("The project has an item of this id with another text.", "text")
            )
    problems.stop_if_any()
    added = add_items(project=project, drafts=[_item_draft(row, labels) for row in new], now=now)
    return there | {item.external_id: item for item in added}, len(added)


def _item_draft(row: ItemRow, labels: Mapping[str, Label]) -> ItemDraft:
    return ItemDraft(
        row.external_id, row.text or "", row.attributes, labels.get(row.gold), row.split
    )


def _annotators(
    project: Project, draft: Draft, source: Source, now: datetime
) -> tuple[dict[str, Member], int]:
    there = {member.name: member for member in project.members.all()}
    names = [
        name
        for name in dict.fromkeys(answer.annotator for answer in draft.answers)
        if name not in there
    ]
    added = Member.objects.bulk_create(
        Member(
            project=project,
            name=name,
            role=Member.Role.ANNOTATOR,
            annotates=True,
            is_simulated=source.is_simulated,
            created_at=now,
        )
        for name in names
    )
    return there | {member.name: member for member in added}, len(added)


def _answers(
    project: Project,
    draft: Draft,
    items: Mapping[str, Item],
    annotators: Mapping[str, Member],
    labels: Mapping[str, Label],
    now: datetime,
) -> int:
    """Write the answers that are not there yet. One that is there and differs stops the import."""
    there = _answers_there(project) if draft.answers else {}
    new, problems = [], Problems()
    for answer in draft.answers:
        digest = there.get((answer.external_id, answer.annotator, answer.pass_number))
        if digest is None:
            new.append(answer)
        elif digest != _body(answer).digest:
            problems.add(
                answer.problem(
                    "The project has another answer by this annotator to this item.", "label"
                )
            )
    problems.stop_if_any()
    assignments = _assignments(project, new, items, annotators, now)
    guideline = Guideline.objects.filter(project=project).order_by("-version").first()
    Annotation.objects.bulk_create(
        (
            Annotation(
                assignment=assignment,
                annotator=annotators[answer.annotator],
                revision=1,
                primary=labels[answer.label],
                secondary=labels[answer.secondary] if answer.secondary else None,
                confidence=answer.confidence,
                confidence_scale=project.confidence_scale,
                seconds=answer.seconds,
                guideline=guideline,
                idempotency_key=f"import:{assignment.public_id}",
                body_digest=_body(answer).digest,
                created_at=now,
            )
            for answer, assignment in zip(new, assignments, strict=True)
        ),
        batch_size=BATCH,
    )
    if new:
        LabelSet.objects.filter(pk=next(iter(labels.values())).label_set_id, frozen_at=None).update(
            frozen_at=now
        )
        fit_free_slots(
            project=project,
            items=[items[external_id] for external_id in {answer.external_id for answer in new}],
        )
    return len(new)


def _answers_there(project: Project) -> dict[tuple[str, str, int], str]:
    newest = Annotation.objects.filter(assignment__project=project).order_by(
        "assignment_id", "revision"
    )
    fields = (
        "assignment__item__external_id",
        "annotator__name",
        "assignment__pass_number",
        "body_digest",
    )
    return {
        (item, annotator, number): digest
        for item, annotator, number, digest in newest.values_list(*fields)
    }


def _body(answer: AnswerRow) -> Answer:
    return Answer(answer.label, answer.confidence or 0, answer.secondary)


def _assignments(
    project: Project,
    new: list[AnswerRow],
    items: Mapping[str, Item],
    annotators: Mapping[str, Member],
    now: datetime,
) -> list[Assignment]:
    """Submitted assignments, on the next slots of their items. An imported item may hold more
    answers than the project wants.
    """
    held: defaultdict[str, int] = defaultdict(int)
    taken = Assignment.objects.filter(project=project, slot__isnull=False).values_list(
        "item__external_id", "slot"
    )
    for external_id, slot in taken:
        held[external_id] = max(held[external_id], slot or 0)
    rows = []
    for answer in new:
        slot = None
        if answer.pass_number == 1:
            held[answer.external_id] += 1
            slot = held[answer.external_id]
        rows.append(
            Assignment(
                project=project,
                item=items[answer.external_id],
                annotator=annotators[answer.annotator],
                pass_number=answer.pass_number,
                slot=slot,
                state=Assignment.State.SUBMITTED,
                created_at=now,
                closed_at=now,
            ),
        )
    return Assignment.objects.bulk_create(rows, batch_size=BATCH)


__all__ = ["BadFile", "BadMapping", "Report", "Source", "import_file", "try_import"]
