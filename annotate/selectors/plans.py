"""Reading plans: what is kept for whom, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from annotate.errors import Missing
from annotate.models import Assignment, FreeSlot, Item, Member, Plan, PlannedAssignment, Project

DONE = Q(assignment__state=Assignment.State.SUBMITTED)
SKIPPED = Q(assignment__state=Assignment.State.SKIPPED)
IS_HERE = Q(annotator__annotates=True, annotator__removed_at=None, annotator__role="annotator")
LEFT_OVER = Q(assignment=None) & ~IS_HERE
FIRST, REPEAT = Q(pass_number=1), Q(pass_number__gt=1)


@dataclass(frozen=True)
class PersonProgress:
    """Of one person of a plan: first answers and repeats, given and planned; `n_skipped` of either;
    `n_left_over`: places that wait for somebody who is not there any more; `next_at`: when the
    first repeat that waits for its days will be due.
    """

    name: str
    n_first: int
    n_first_done: int
    n_repeat: int
    n_repeat_done: int
    n_skipped: int
    n_left_over: int
    next_at: datetime | None

    @property
    def n_planned(self) -> int:
        return self.n_first + self.n_repeat

    @property
    def n_done(self) -> int:
        return self.n_first_done + self.n_repeat_done


@dataclass(frozen=True)
class PlanProgress:
    number: int
    gap_days: int
    gap_items: int
    seed: int
    started_at: datetime
    stopped_at: datetime | None
    n_items: int
    n_planned: int
    n_done: int
    people: list[PersonProgress]

    @property
    def is_left(self) -> bool:
        """Whether places wait for somebody who is not there any more."""
        return any(one.n_left_over for one in self.people)


def untouched_items(project: Project) -> list[int]:
    """The items that nobody has been given and that no plan has, oldest first."""
    given = Assignment.objects.filter(item=OuterRef("pk"))
    planned = PlannedAssignment.objects.filter(item=OuterRef("pk"))
    free = FreeSlot.objects.filter(item=OuterRef("pk"))
    untouched = Item.objects.filter(Exists(free), ~Exists(given), ~Exists(planned), project=project)
    return list(untouched.order_by("pk").values_list("pk", flat=True))


def running_plan(project: Project) -> Plan | None:
    return project.plans.filter(stopped_at=None).first()


def the_running_plan(project: Project) -> Plan:
    """Raises Missing."""
    plan = running_plan(project)
    if plan is None:
        raise Missing(f"No plan is running in “{project.slug}”. Begin one with start_plan.")
    return plan


def plans_of(project: Project) -> list[Plan]:
    """Newest first."""
    return list(project.plans.order_by("-number"))


def members_numbered(project: Project, ids: Sequence[int]) -> list[Member]:
    """In the order asked for. Raises Missing."""
    known = {member.pk: member for member in project.members.filter(pk__in=ids)}
    unknown = next((pk for pk in ids if pk not in known), None)
    if unknown is not None:
        raise Missing(f"There is no member {unknown} in this project.")
    return [known[pk] for pk in dict.fromkeys(ids)]


def members_named(project: Project, names: Sequence[str]) -> list[Member]:
    """In the order asked for. Raises Missing."""
    known = {member.name: member for member in project.members.filter(name__in=names)}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise Missing(f"There is nobody called “{unknown}” in this project.")
    return [known[name] for name in dict.fromkeys(names)]


def plan_numbered(project: Project, number: int) -> Plan:
    """Raises Missing."""
    plan = project.plans.filter(number=number).first()
    if plan is None:
        raise Missing(f"There is no plan {number} in this project.")
    return plan


def plannable_people(project: Project) -> list[Member]:
    """Who can answer blindly: annotators, who see nobody's answers."""
    here = project.members.filter(removed_at=None, annotates=True, role=Member.Role.ANNOTATOR)
    here = here.filter(user__isnull=False, user__is_superuser=False)
    return list(here.order_by("name"))


def people_of(plan: Plan) -> list[Member]:
    """Everybody whom the plan gives something, in the order of their names."""
    members = Member.objects.filter(project=plan.project_id)
    return list(
        members.filter(Exists(plan.places.filter(annotator=OuterRef("pk")))).order_by("name")
    )


def is_here(member: Member) -> bool:
    """Whether somebody of a plan can still carry out their part."""
    is_annotator = member.role == Member.Role.ANNOTATOR
    return member.annotates and is_annotator and member.removed_at is None


def progress_of(plan: Plan) -> PlanProgress:
    """Two queries."""
    rows = (
        plan.places.values(name=F("annotator__name"))
        .annotate(
            n_first=Count("pk", filter=FIRST),
            n_first_done=Count("pk", filter=FIRST & DONE),
            n_repeat=Count("pk", filter=REPEAT),
            n_repeat_done=Count("pk", filter=REPEAT & DONE),
            n_skipped=Count("pk", filter=SKIPPED),
            n_left_over=Count("pk", filter=LEFT_OVER),
            next_at=Min("due_at", filter=REPEAT & Q(assignment=None)),
        )
        .order_by("name")
    )
    people = [PersonProgress(**row) for row in rows]
    n_items = plan.places.aggregate(n=Count("item", distinct=True))["n"]
    return PlanProgress(
        number=plan.number,
        gap_days=plan.gap_days,
        gap_items=plan.gap_items,
        seed=plan.seed,
        started_at=plan.started_at,
        stopped_at=plan.stopped_at,
        n_items=n_items,
        n_planned=sum(one.n_planned for one in people),
        n_done=sum(one.n_done for one in people),
        people=people,
    )
