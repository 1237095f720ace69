"""Plans: places kept for people, begun at once and stopped at once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Max, QuerySet

from annotate.errors import Conflict, Invalid
from annotate.models import (
    Assignment,
    FreeSlot,
    Item,
    Member,
    Plan,
    PlannedAssignment,
    Project,
    User,
)
from annotate.models.assignments import HOLDING
from annotate.prepared import Prepared
from annotate.services.items import fit_free_slots, lock_places

BATCH = 500
USUAL_GAP_DAYS, USUAL_GAP_ITEMS = 7, 20


class PlanRuns(Conflict):
    code = "plan-runs"


class NoPlanRuns(Conflict):
    code = "no-plan-runs"


class ItemsTaken(Conflict):
    code = "items-taken"


class NotBlind(Invalid):
    code = "not-blind"


@dataclass(frozen=True)
class Place:
    """One planned answer: pass 1 is a first answer, 2 its repeat. `position`: in which order the
    person is given their first answers.
    """

    item_id: int
    member_id: int
    pass_number: int
    position: int


@dataclass(frozen=True)
class PlanDraft:
    places: Sequence[Place]
    gap_days: int
    gap_items: int
    seed: int


@transaction.atomic
def start_plan(*, project: Project, draft: PlanDraft, author: User | None, now: datetime) -> Plan:
    """Keep the places. The items leave the open queue; each wants as many people as the plan gives
    it. Raises PlanRuns, ItemsTaken when one of the items has been given out meanwhile, and NotBlind
    when somebody of the plan may see what others answer.
    """
    _check_blind(project, draft)
    plan = _new_plan(project, draft, author, now)
    items = sorted({place.item_id for place in draft.places})
    _take_out_of_the_queue(items)
    PlannedAssignment.objects.bulk_create(_rows(plan, draft), batch_size=BATCH)
    wanted = Counter(place.item_id for place in draft.places if place.pass_number == 1)
    for n in set(wanted.values()):
        _want([pk for pk in items if wanted[pk] == n], n)
    return plan


def _check_blind(project: Project, draft: PlanDraft) -> None:
    people = {place.member_id for place in draft.places}
    known = project.members.filter(
        pk__in=people, removed_at=None, annotates=True, user__isnull=False
    )
    if known.count() != len(people):
        raise NotBlind("Everybody in a plan must be somebody of this project who annotates.")
    sees = known.exclude(role=Member.Role.ANNOTATOR, user__is_superuser=False).first()
    if sees is not None:
        raise NotBlind(
            f"“{sees.name}” may see what others answer, and their own earlier"
            " answers too, so a plan would not be blind for them. Leave them out, or make them an"
            " annotator."
        )


def _new_plan(project: Project, draft: PlanDraft, author: User | None, now: datetime) -> Plan:
    newest = project.plans.aggregate(newest=Max("number"))["newest"] or 0
    try:
        with transaction.atomic():
            return Plan.objects.create(
                project=project,
                number=newest + 1,
                gap_days=draft.gap_days,
                gap_items=draft.gap_items,
                seed=draft.seed,
                started_at=now,
                started_by=author,
            )
    except IntegrityError as error:
        raise PlanRuns("A plan is running already. Stop it first; its answers stay.") from error


def _take_out_of_the_queue(items: Sequence[int]) -> None:
    """Locked first: who claims one of the slots meanwhile has come before, and is seen."""
    for part in _parts(items):
        lock_places(part)
        taken = Assignment.objects.filter(item__in=part, state__in=HOLDING).exists()
        if taken or PlannedAssignment.objects.filter(item__in=part).exists():
            raise ItemsTaken(
                "Some of the items were given out while the plan was drawn. Draw it again."
            )
        FreeSlot.objects.filter(item__in=part).delete()


def _rows(plan: Plan, draft: PlanDraft) -> Iterator[PlannedAssignment]:
    n_slots: defaultdict[int, int] = defaultdict(int)
    for place in draft.places:
        is_first = place.pass_number == 1
        n_slots[place.item_id] += is_first
        yield PlannedAssignment(
            project_id=plan.project_id,
            plan=plan,
            item_id=place.item_id,
            annotator_id=place.member_id,
            pass_number=place.pass_number,
            slot=n_slots[place.item_id] if is_first else None,
            position=place.position,
            gap_days=0 if is_first else plan.gap_days,
            gap_items=0 if is_first else plan.gap_items,
        )


def _want(items: Sequence[int], n: int | None) -> None:
    for part in _parts(items):
        Item.objects.filter(pk__in=part).update(n_wanted=n)


@transaction.atomic
def stop_plan(*, plan: Plan, now: datetime) -> int:
    """Give the places that nobody took back to the open queue, for as many people as the project
    asks, and forget the repeats that are still to come. What is being answered now is answered;
    items that have all their planned answers want no more. Returns how many places there were.
    """
    if not Plan.objects.filter(pk=plan.pk, stopped_at=None).update(stopped_at=now):
        raise NoPlanRuns("This plan was stopped already.")
    for part in _parts(_items_of(plan.places.filter(pass_number=1))):
        lock_places(part)
    waiting = plan.places.filter(assignment=None)
    items = _items_of(waiting.filter(pass_number=1))
    n, _ = waiting.delete()
    _want(items, None)
    fit_free_slots(project=plan.project, ids=items)
    plan.refresh_from_db(fields=["stopped_at"])
    return n


@dataclass(frozen=True)
class Move:
    """A place that nobody has taken goes to somebody else, first or last in their order."""

    place_id: int
    member_id: int
    position: int


@transaction.atomic
def move_places(*, plan: Plan, moves: Sequence[Move], given_up: Sequence[int]) -> None:
    """All or nothing. `given_up`: places that nobody of the plan can take: first answers go to the
    open queue, repeats are dropped. Raises ItemsTaken when a place was taken meanwhile.
    """
    ids = [*given_up, *(move.place_id for move in moves)]
    for part in _parts(ids):
        lock_places(_items_of(PlannedAssignment.objects.filter(pk__in=part)))
    for move in moves:
        waiting = PlannedAssignment.objects.filter(pk=move.place_id, assignment=None)
        fields = {"annotator": move.member_id, "position": move.position, "due_at": None}
        if not waiting.update(**fields):
            raise ItemsTaken("One of the places was taken meanwhile. Try again.")
    for part in _parts(given_up):
        places = PlannedAssignment.objects.filter(pk__in=part, assignment=None)
        items = _items_of(places)
        places.delete()
        fit_free_slots(project=plan.project, ids=items)


def give_up_by_hand(*, member: Member) -> None:
    """What was given to somebody by hand and not taken goes to the open queue; repeats that only
    they could give are forgotten. What a plan gave them waits for a handover. Needs a transaction.
    """
    places = PlannedAssignment.objects.filter(annotator=member, plan=None, assignment=None)
    items = _items_of(places)
    for part in _parts(items):
        lock_places(part)
    places.delete()
    fit_free_slots(project=member.project, ids=items)


def fill_places(*, assignments: Sequence[Assignment], now: datetime) -> None:
    """Answers that came another way, such as by an import, fill the places kept for them. Needs a
    transaction.
    """
    for done in assignments:
        waiting = PlannedAssignment.objects.filter(
            item=done.item_id,
            annotator=done.annotator_id,
            pass_number=done.pass_number,
            assignment=None,
        )
        if waiting.update(assignment=done):
            begin_gaps(assignment=done, now=done.closed_at or now)


def begin_gaps(*, assignment: Assignment, now: datetime) -> None:
    """A first answer is given: from now on its planned repeats wait for their gap. Needs a
    transaction.
    """
    repeats = REPEATS.all(item=assignment.item_id, annotator=assignment.annotator_id)
    for repeat in repeats:
        if repeat.pass_number == assignment.pass_number + 1:
            due_at = now + timedelta(days=repeat.gap_days)
            PlannedAssignment.objects.filter(pk=repeat.pk).update(due_at=due_at)


def _repeats(item: int, annotator: int) -> QuerySet[PlannedAssignment]:
    return PlannedAssignment.objects.filter(
        item=item, annotator=annotator, pass_number__gt=1, assignment=None
    )


REPEATS = Prepared(_repeats, item=BigIntegerField(), annotator=BigIntegerField())


def _items_of(places: QuerySet[PlannedAssignment]) -> list[int]:
    return sorted(set(places.values_list("item_id", flat=True)))


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
