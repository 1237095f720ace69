"""Reading accounts, members and what each did."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from annotate.errors import Missing
from annotate.models import (
    Annotation,
    ApiToken,
    Assignment,
    Invitation,
    Member,
    Project,
    User,
)

PACE_OF_LAST = 20


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
    counts = Assignment.objects.filter(
        annotator=annotator, state=Assignment.State.SUBMITTED
    ).aggregate(total=Count("pk"), today=Count("pk", filter=Q(closed_at__gte=since)))
    last = (
        Annotation.objects.filter(annotator=annotator, seconds__isnull=False)
        .order_by("-pk")
        .values_list("seconds", flat=True)
    )
    seconds = [value for value in last[:PACE_OF_LAST] if value is not None]
    return Pace(counts["total"], counts["today"], median(seconds) if seconds else None)


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


def invitations_of(project: Project, now: datetime) -> list[Invitation]:
    """Those by which somebody can still come in, newest first."""
    open_ones = project.invitations.filter(
        revoked_at=None, expires_at__gt=now, n_taken__lt=F("n_places")
    )
    return list(open_ones.order_by("-pk"))


def members_of(project: Project) -> QuerySet[Any]:
    """Members with `n_answers`, `n_repeats`, `n_skipped` and `last_at`; removed ones last."""
    return (
        Member.objects.filter(project=project)
        .annotate(
            n_answers=Count(
                "assignments",
                filter=Q(assignments__state=Assignment.State.SUBMITTED, assignments__pass_number=1),
            ),
            n_repeats=Count(
                "assignments",
                filter=Q(
                    assignments__state=Assignment.State.SUBMITTED, assignments__pass_number__gt=1
                ),
            ),
            n_skipped=Count("assignments", filter=Q(assignments__state=Assignment.State.SKIPPED)),
            last_at=Max("assignments__closed_at"),
        )
        .order_by(F("removed_at").asc(nulls_first=True), "role", "name")
    )
