"""Bringing a file of items and answers into a project: all of it or nothing, a second time changes
nothing, and nobody who annotates meanwhile waits for it.

What is new is written under a hidden staging project, in short transactions, and becomes this
project's in one brief transaction at the end. A staging project that a killed import left behind is
swept.
"""

import contextlib
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from annotate.errors import Conflict
from annotate.importing.drafts import AnswerRow, ItemRow
from annotate.importing.problems import BadFile
from annotate.jsonform import as_json
from annotate.models import (
    Annotation,
    Assignment,
    FreeSlot,
    Guideline,
    Import,
    Item,
    LabelSet,
    Member,
    Project,
    User,
)
from annotate.progress import Progress, nobody_listens
from annotate.services.import_plans import (
    BadMapping,
    ImportPlan,
    ImportReport,
    Source,
    answer_of,
    plan_import,
)
from annotate.services.items import digest_of_text, fit_free_slots

AT_ONCE = 100  # items of one transaction, some milliseconds
PAUSES = 3.0  # of each transaction's own time, in which others get the database and the processor
ABANDONED = timedelta(hours=6)


class ChangedMeanwhile(Conflict):
    code = "changed-meanwhile"


def try_import(*, project: Project, source: Source) -> ImportReport:
    """What `import_file` would do. Reads only."""
    return plan_import(project=project, source=source).report


def import_file(
    *,
    project: Project,
    source: Source,
    author: User | None,
    now: datetime,
    progress: Progress = nobody_listens,
) -> ImportReport:
    """Raises BadFile with every problem and its row; then nothing is stored."""
    progress("Reading and checking", 0.0)
    plan = plan_import(project=project, source=source)
    with _staging(project, now) as staging:
        _Writer(project, staging, plan, source, now).write(progress)
        progress("Publishing", 0.95)
        try:
            with transaction.atomic():
                _publish(project, staging, plan, source, author, now)
        except IntegrityError as error:
            raise ChangedMeanwhile(
                "The project changed while the file came in. Nothing was stored; import it again."
            ) from error
    _refresh_statistics()
    return plan.report


@contextlib.contextmanager
def _staging(project: Project, now: datetime) -> Iterator[Project]:
    staging = Project.objects.create(
        slug=f"staging-{uuid.uuid4().hex}",
        name=f"Coming into {project.slug}"[:120],
        kind=project.kind,
        confidence_scale=project.confidence_scale,
        annotators_per_item=project.annotators_per_item,
        is_staging=True,
        created_at=now,
    )
    try:
        yield staging
    finally:
        clear_staging(staging=staging)


class _Writer:
    """Writes what is new and touches nothing that is there: items, people, and answers to new
    items.
    """

    def __init__(
        self, project: Project, staging: Project, plan: ImportPlan, source: Source, now: datetime
    ) -> None:
        self.project, self.staging, self.plan, self.source = project, staging, plan, source
        self.now = now
        self.guideline = Guideline.objects.filter(project=project).order_by("-version").first()
        self.answers: defaultdict[str, list[AnswerRow]] = defaultdict(list)
        for answer in plan.answers:
            self.answers[answer.external_id].append(answer)
        self.members: dict[str, Member] = {}

    def write(self, progress: Progress) -> None:
        self.members = {member.name: member for member in self.project.members.all()}
        people = (
            Member(
                project=self.staging,
                name=name,
                role=Member.Role.ANNOTATOR,
                annotates=True,
                is_simulated=self.source.is_simulated,
                created_at=self.now,
            )
            for name in self.plan.new_people
        )
        self.members |= {one.name: one for one in Member.objects.bulk_create(people)}
        source, n = iter(self.plan.new_items), 0
        while rows := list(islice(source, AT_ONCE)):
            with _unhurried():
                self._write(rows)
            n += len(rows)
            if n % (AT_ONCE * 20) == 0:
                progress("Writing", 0.9 * n / len(self.plan.new_items))

    def _write(self, rows: Sequence[ItemRow]) -> None:
        items = Item.objects.bulk_create(self._item(row) for row in rows)
        wanted = self.project.annotators_per_item
        places, free = [], []
        for item in items:
            first_passes = 0
            for answer in self.answers.get(item.external_id, []):
                first_passes += answer.pass_number == 1
                slot = first_passes if answer.pass_number == 1 else None
                places.append((answer, self.assignment(self.staging, item, answer, slot)))
            slots = range(first_passes + 1, wanted + 1)
            free += [FreeSlot(project=self.staging, item=item, slot=slot) for slot in slots]
        FreeSlot.objects.bulk_create(free)
        self.store(places)

    def _item(self, row: ItemRow) -> Item:
        return Item(
            project=self.staging,
            external_id=row.external_id,
            text=row.text or "",
            digest=digest_of_text(row.text or ""),
            attributes=row.attributes,
            gold=self.plan.labels.get(row.gold),
            split=row.split,
            created_at=self.now,
        )

    def assignment(
        self, project: Project, item: Item, answer: AnswerRow, slot: int | None
    ) -> Assignment:
        moment = answer.said_at or self.now
        return Assignment(
            project=project,
            item=item,
            annotator=self.members[answer.annotator],
            pass_number=answer.pass_number or 1,
            slot=slot,
            state=Assignment.State.SUBMITTED,
            created_at=moment,
            closed_at=moment,
        )

    def store(self, places: Sequence[tuple[AnswerRow, Assignment]]) -> None:
        assignments = Assignment.objects.bulk_create(place for _, place in places)
        pairs = zip((answer for answer, _ in places), assignments, strict=True)
        Annotation.objects.bulk_create(self._annotation(answer, place) for answer, place in pairs)

    def _annotation(self, answer: AnswerRow, assignment: Assignment) -> Annotation:
        labels = self.plan.labels
        return Annotation(
            assignment=assignment,
            annotator=self.members[answer.annotator],
            revision=1,
            primary=labels[answer.label],
            secondary=labels[answer.secondary] if answer.secondary else None,
            confidence=answer.confidence,
            confidence_scale=self.project.confidence_scale,
            rationale=answer.rationale,
            is_flagged=answer.is_flagged,
            seconds=answer.seconds,
            guideline=self.guideline,
            idempotency_key=f"import:{assignment.public_id}",
            body_digest=answer_of(answer).digest,
            created_at=answer.said_at or self.now,
        )


@contextlib.contextmanager
def _unhurried() -> Iterator[None]:
    """A short transaction, and a pause after it: without one, people's requests waited .6 s."""
    began = time.monotonic()
    with transaction.atomic():
        yield
    time.sleep(PAUSES * (time.monotonic() - began))


def _publish(
    project: Project,
    staging: Project,
    plan: ImportPlan,
    source: Source,
    author: User | None,
    now: datetime,
) -> None:
    """The one transaction in which all of it becomes the project's. Raises IntegrityError where
    somebody else brought the same meanwhile.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    for model in (Member, Item, FreeSlot, Assignment):
        model._default_manager.filter(project=staging).update(project=project)
    _answer_old_items(project, plan, source, now)
    for pk, row in plan.changed_items:
        known = {"gold": plan.labels.get(row.gold), "split": row.split}
        Item.objects.filter(pk=pk).update(**{name: value for name, value in known.items() if value})
    if plan.answers:
        label_set = next(iter(plan.labels.values())).label_set_id
        LabelSet.objects.filter(pk=label_set, frozen_at=None).update(frozen_at=now)
    Import.objects.create(
        project=project,
        file_name=source.name[-255:],
        dialect=plan.dialect,
        digest=source.digest,
        report=as_json(plan.report),
        created_by=author,
        created_at=now,
    )


def _answer_old_items(project: Project, plan: ImportPlan, source: Source, now: datetime) -> None:
    """Answers to items that were there already, on the next slots. An imported item may hold more
    answers than the project wants.
    """
    new = {row.external_id for row in plan.new_items}
    answers = [answer for answer in plan.answers if answer.external_id not in new]
    if not answers:
        return
    ids = {answer.external_id for answer in answers}
    items = {
        item.external_id: item
        for part in _parts(sorted(ids), 500)
        for item in Item.objects.filter(project=project, external_id__in=part)
    }
    writer = _Writer(project, project, plan, source, now)
    writer.members = {member.name: member for member in project.members.all()}
    held = _highest_slots(items.values())
    places = []
    for answer in answers:
        item = items[answer.external_id]
        slot = None
        if answer.pass_number == 1:
            held[item.pk] += 1
            slot = held[item.pk]
        places.append((answer, writer.assignment(project, item, answer, slot)))
    writer.store(places)
    fit_free_slots(project=project, items=items.values())


def _highest_slots(items: Any) -> defaultdict[int, int]:
    held: defaultdict[int, int] = defaultdict(int)
    for part in _parts([item.pk for item in items], 500):
        taken = Assignment.objects.filter(item__in=part, slot__isnull=False)
        for item_id, slot in taken.values_list("item_id", "slot"):
            held[item_id] = max(held[item_id], slot or 0)
    return held


def _parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def clear_staging(*, staging: Project) -> None:
    """Delete what is left under a staging project, in short transactions."""
    of_project: tuple[tuple[type[Model], str], ...] = (
        (Annotation, "assignment__project"),
        (Assignment, "project"),
        (FreeSlot, "project"),
        (Item, "project"),
        (Member, "project"),
    )
    for model, path in of_project:
        rows = model._default_manager.filter(**{path: staging})
        while pks := list(rows.values_list("pk", flat=True)[: AT_ONCE * 5]):
            with _unhurried():
                model._default_manager.filter(pk__in=pks).delete()
    Project.objects.filter(pk=staging.pk).delete()


def sweep_staging(*, now: datetime) -> int:
    """Clear what killed imports left behind."""
    left = list(Project.objects.filter(is_staging=True, created_at__lt=now - ABANDONED))
    for staging in left:
        clear_staging(staging=staging)
    return len(left)


def _refresh_statistics() -> None:
    """PostgreSQL's planner sorts thirty thousand free places for a claim until it is told."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            for model in (Item, FreeSlot, Assignment, Annotation):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


__all__ = ["BadFile", "BadMapping", "ImportReport", "Source", "import_file", "try_import"]
