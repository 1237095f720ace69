"""Writing what an import plan holds: new items, people and answers, and answers to old items."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from annotate.importing.drafts import AnswerRow, ItemRow
from annotate.models import (
    Annotation,
    Assignment,
    FreeSlot,
    Guideline,
    Item,
    Member,
    PlannedAssignment,
    Project,
)
from annotate.progress import Progress
from annotate.services.import_plans import (
    ImportPlan,
    Source,
    answer_of,
)
from annotate.services.items import digest_of_text, fit_free_slots
from annotate.services.plans import fill_places
from annotate.services.staging import AT_ONCE, unhurried


class ImportWriter:
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
            with unhurried():
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


def answer_old_items(project: Project, plan: ImportPlan, source: Source, now: datetime) -> None:
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
    writer = ImportWriter(project, project, plan, source, now)
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
    planned = PlannedAssignment.objects.filter(project=project, assignment=None)
    kept = set(planned.values_list("item_id", "annotator_id"))
    filled = [done for _, done in places if (done.item_id, done.annotator_id) in kept]
    fill_places(assignments=filled, now=now)
    fit_free_slots(project=project, ids=[item.pk for item in items.values()])


def _highest_slots(items: Any) -> defaultdict[int, int]:
    held: defaultdict[int, int] = defaultdict(int)
    for part in _parts([item.pk for item in items], 500):
        held_slots = Assignment.objects.filter(item__in=part).values_list("item_id", "slot")
        kept_slots = PlannedAssignment.objects.filter(item__in=part).values_list("item_id", "slot")
        for item_id, slot in chain(held_slots, kept_slots):
            held[item_id] = max(held[item_id], slot or 0)
    return held


def _parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
