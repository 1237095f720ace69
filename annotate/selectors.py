"""Reading people and answers. Each function is one query, or the number it states."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr

from annotate.errors import Missing
from annotate.models import (
    Annotation,
    ApiToken,
    Assignment,
    FreeSlot,
    Guideline,
    Item,
    Label,
    LabelSet,
    Member,
    Project,
    User,
)

State = Assignment.State
PACE_OF_LAST = 20


def projects_of(user: User) -> QuerySet[Project]:
    if user.is_superuser:
        return Project.objects.filter(is_staging=False).order_by("name")
    return Project.objects.filter(members__user=user, members__removed_at=None).order_by("name")


def labels_of(project: Project) -> list[Label]:
    """The newest label set, in order."""
    newest = LabelSet.objects.filter(project=project).order_by("-version").values("pk")[:1]
    return list(Label.objects.filter(label_set__in=newest).order_by("position"))


def guideline_of(project: Project) -> Guideline | None:
    return Guideline.objects.filter(project=project).order_by("-version").first()


@dataclass(frozen=True)
class Progress:
    """`n_wanted` counts answers, first passes only; `n_annotations` those that are there."""

    n_items: int
    n_wanted: int
    n_annotations: int
    n_repeats: int
    n_on_loan: int
    n_free: int
    n_skipped: int

    @property
    def share(self) -> float:
        return min(1.0, self.n_annotations / self.n_wanted) if self.n_wanted else 0.0


def progress_of(project: Project) -> Progress:
    """Three queries."""
    counts = Assignment.objects.filter(project=project).aggregate(
        first=Count("pk", filter=Q(state=State.SUBMITTED, pass_number=1)),
        repeats=Count("pk", filter=Q(state=State.SUBMITTED, pass_number__gt=1)),
        on_loan=Count("pk", filter=Q(state=State.OPEN)),
        skipped=Count("item", filter=Q(state=State.SKIPPED), distinct=True),
    )
    n_items = Item.objects.filter(project=project).count()
    n_free = FreeSlot.objects.filter(project=project).count()
    n_wanted = counts["first"] + n_free + counts["on_loan"]
    return Progress(
        n_items,
        n_wanted,
        counts["first"],
        counts["repeats"],
        counts["on_loan"],
        n_free,
        counts["skipped"],
    )


@dataclass(frozen=True)
class Pace:
    """What one annotator did: in all, since `since`, and how long an answer takes them (median
    of the last answers).
    """

    n_total: int
    n_today: int
    median_seconds: float | None


def pace_of(annotator: Member, since: datetime) -> Pace:
    """Two queries."""
    counts = Assignment.objects.filter(annotator=annotator, state=State.SUBMITTED).aggregate(
        total=Count("pk"), today=Count("pk", filter=Q(closed_at__gte=since))
    )
    last = (
        Annotation.objects.filter(annotator=annotator, seconds__isnull=False)
        .order_by("-pk")
        .values_list("seconds", flat=True)
    )
    seconds = [value for value in last[:PACE_OF_LAST] if value is not None]
    return Pace(counts["total"], counts["today"], median(seconds) if seconds else None)


@dataclass(frozen=True)
class Waiting:
    """Why there is nothing to do: `n_on_loan` items are with others, the first of them back by
    `back_at`; `n_skipped` are wanted still, and the person skipped them.
    """

    n_on_loan: int
    back_at: datetime | None
    n_skipped: int


def waiting_for(annotator: Member) -> Waiting:
    mine = Assignment.objects.filter(item=OuterRef("item"), annotator=annotator)
    loans = Assignment.objects.filter(
        ~Exists(mine), project_id=annotator.project_id, state=State.OPEN
    )
    found = loans.aggregate(n=Count("item", distinct=True), back_at=Min("lease_until"))
    skipped = Assignment.objects.filter(annotator=annotator, state=State.SKIPPED)
    n_skipped = skipped.filter(Exists(FreeSlot.objects.filter(item=OuterRef("item")))).count()
    return Waiting(found["n"], found["back_at"], n_skipped)


def asked_again() -> Exists:
    """Of an assignment: a later pass of the same person over the same item is open."""
    later = Assignment.objects.filter(
        item=OuterRef("item"),
        annotator=OuterRef("annotator"),
        pass_number__gt=OuterRef("pass_number"),
        state=Assignment.State.OPEN,
    )
    return Exists(later)


def newest_annotations(project: Project) -> QuerySet[Annotation]:
    """Every counting answer: the newest revision of each submitted assignment."""
    later = Annotation.objects.filter(
        assignment=OuterRef("assignment"), revision__gt=OuterRef("revision")
    )
    return Annotation.objects.filter(
        ~Exists(later), assignment__project=project, assignment__state=State.SUBMITTED
    )


def answers_of(annotator: Member) -> QuerySet[Annotation]:
    """The person's own newest answers, newest first; not those to an item they are being asked
    about again.
    """
    again = Assignment.objects.filter(
        annotator=annotator, item=OuterRef("assignment__item"), state=State.OPEN
    )
    return (
        newest_annotations(annotator.project)
        .filter(~Exists(again), annotator=annotator)
        .select_related("assignment__item", "primary", "secondary")
        .order_by("-pk")
    )


def skipped_by(annotator: Member) -> list[Assignment]:
    """What the person skipped, newest first, at most 200."""
    mine = Assignment.objects.filter(annotator=annotator, state=State.SKIPPED)
    return list(mine.select_related("item").order_by("-closed_at", "-pk")[:200])


def just_skipped(annotator: Member, since: datetime) -> Assignment | None:
    mine = Assignment.objects.filter(annotator=annotator, state=State.SKIPPED)
    return mine.filter(closed_at__gte=since).order_by("-closed_at", "-pk").first()


def newest_answer_to(assignment: Assignment) -> Annotation | None:
    return (
        Annotation.objects.select_related("primary", "secondary")
        .filter(assignment=assignment)
        .order_by("-revision")
        .first()
    )


def last_submitted(annotator: Member, before: Assignment | None) -> Assignment | None:
    """The answer to go back to: the newest one, or the one given before `before`."""
    done = Assignment.objects.filter(
        ~asked_again(), annotator=annotator, state=State.SUBMITTED, pass_number=1
    )
    if before is not None and before.state == State.SUBMITTED:
        done = done.filter(closed_at__lt=before.closed_at)
    return done.order_by("-closed_at", "-pk").first()


def seats_of(user: User) -> QuerySet[Member]:
    mine = Member.objects.filter(user=user, removed_at=None)
    return mine.select_related("project").order_by("project__slug")


def active_account(username: str) -> User:
    """Raises Missing."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Missing(
            "There is no account of this name. An admin makes one with: manage.py create_account"
            " NAME"
        )
    return user


def tokens_of(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user).order_by("-created_at", "-pk")


def members_of(project: Project) -> QuerySet[Any]:
    """Members with `n_answers`, `n_repeats`, `n_skipped` and `last_at`; removed ones last."""
    return (
        Member.objects.filter(project=project)
        .annotate(
            n_answers=Count(
                "assignments",
                filter=Q(assignments__state=State.SUBMITTED, assignments__pass_number=1),
            ),
            n_repeats=Count(
                "assignments",
                filter=Q(assignments__state=State.SUBMITTED, assignments__pass_number__gt=1),
            ),
            n_skipped=Count("assignments", filter=Q(assignments__state=State.SKIPPED)),
            last_at=Max("assignments__closed_at"),
        )
        .order_by(F("removed_at").asc(nulls_first=True), "role", "name")
    )


def items_with_answers(project: Project) -> QuerySet[Any]:
    """Items with `n_answers`, their first answers."""
    return Item.objects.filter(project=project).annotate(
        n_answers=Count(
            "assignments", filter=Q(assignments__state=State.SUBMITTED, assignments__pass_number=1)
        ),
    )


@dataclass(frozen=True)
class ItemFilter:
    """Which items a list shows. `show`: all, unanswered, skipped or flagged; `words`: in the text
    or the id; `by`: skipped or flagged by this member.
    """

    show: str = "all"
    words: str = ""
    by: int | None = None


def items_shown(project: Project, wanted: ItemFilter) -> QuerySet[Any]:
    """Items with `n_answers`, in the order in which they came."""
    items = items_with_answers(project).order_by("pk")
    if wanted.words:
        words = Q(text__icontains=wanted.words) | Q(external_id__icontains=wanted.words)
        items = items.filter(words)
    by = {} if wanted.by is None else {"annotator_id": wanted.by}
    here = Assignment.objects.filter(item=OuterRef("pk"), **by)
    if wanted.show == "unanswered":
        items = items.filter(~Exists(here.filter(state=State.SUBMITTED)))
    elif wanted.show == "skipped":
        items = items.filter(Exists(here.filter(state=State.SKIPPED)))
    elif wanted.show == "flagged":
        flagged = newest_annotations(project).filter(is_flagged=True, **by)
        items = items.filter(Exists(flagged.filter(assignment__item=OuterRef("pk"))))
    return items


def skipped_items(items: Sequence[Item]) -> dict[int, list[str]]:
    """Who skipped each item: names by the item's primary key. One query."""
    rows = Assignment.objects.filter(item__in=items, state=State.SKIPPED).order_by("closed_at")
    return _grouped(rows.values_list("item_id", "annotator__name"))


def flagged_items(project: Project, items: Sequence[Item]) -> dict[int, list[str]]:
    """Who asked a manager to look at each item. One query."""
    rows = newest_annotations(project).filter(assignment__item__in=items, is_flagged=True)
    return _grouped(rows.order_by("pk").values_list("assignment__item_id", "annotator__name"))


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for item_id, name in rows:
        names.setdefault(item_id, []).append(name)
    return names


def said_about(project: Project, items: Sequence[Item]) -> QuerySet[Annotation]:
    """Everybody's newest answers to these items, repeats too."""
    said = newest_annotations(project).filter(assignment__item__in=items)
    related = ("primary", "secondary", "annotator", "assignment")
    return said.select_related(*related).order_by("annotator__name", "assignment__pass_number")


@dataclass(frozen=True)
class Day:
    day: str
    n: int


def answers_by_day(project: Project, until: datetime, n_days: int = 30) -> list[Day]:
    rows = (
        Assignment.objects.filter(
            project=project, state=State.SUBMITTED, closed_at__gte=until - timedelta(days=n_days)
        )
        # SQLite would call Python for each row's date: 3.4 s a million
        .values(day=Substr(Cast("closed_at", CharField()), 1, 10))
        .annotate(n=Count("pk"))
        .order_by("day")
    )
    return [Day(row["day"], row["n"]) for row in rows]


def recent_imports(project: Project) -> Sequence[dict[str, object]]:
    fields = ("file_name", "dialect", "report", "created_at", "created_by__username")
    return list(project.imports.order_by("-created_at").values(*fields)[:20])
