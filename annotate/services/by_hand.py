"""Work given by hand: one more person for these items, the same people again, or this person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from annotate.errors import Invalid
from annotate.models import Assignment, FreeSlot, Item, Member, PlannedAssignment, Project
from annotate.selectors.plans import is_here
from annotate.services.assignments import lock_annotator
from annotate.services.items import fit_free_slots, lock_places, taken_slots
from annotate.services.plans import NotBlind

AT_MOST = 5000  # items at once
MOST_PEOPLE = 50  # an item, as for a project
MOST_GAP_DAYS = 366


class BadSelection(Invalid):
    code = "bad-selection"


@dataclass(frozen=True)
class Wanted:
    """`how`: one_more, same_again or give; `member` is for give, `gap_days` for same_again."""

    how: str
    items: Sequence[Item]
    member: Member | None
    gap_days: int


def ask(*, project: Project, wanted: Wanted, now: datetime) -> int:
    """What is asked for, done; returns for how many items, or answers that are to be repeated."""
    if wanted.how == "one_more":
        return ask_one_more(project=project, items=wanted.items)
    if wanted.how == "same_again":
        return ask_the_same_again(items=wanted.items, gap_days=wanted.gap_days, now=now)
    if wanted.member is None:
        raise BadSelection("Choose the person to give them to.")
    return give_to(project=project, items=wanted.items, member=wanted.member)


@transaction.atomic
def ask_one_more(*, project: Project, items: Sequence[Item]) -> int:
    """Want one more person for each item. Returns for how many: an item that wants as many as can
    be stays as it is.
    """
    _check(items)
    ids = [item.pk for item in items]
    wanted = _wanted_now(project, ids)
    more = [pk for pk in ids if wanted[pk] < MOST_PEOPLE]
    for pk in more:
        Item.objects.filter(pk=pk).update(n_wanted=wanted[pk] + 1)
    fit_free_slots(project=project, ids=more)
    return len(more)


def _wanted_now(project: Project, ids: Sequence[int]) -> dict[int, int]:
    """How many people each item wants or has, whichever is more, under its lock."""
    lock_places(ids)
    taken = taken_slots(ids)
    own = Item.objects.filter(pk__in=ids).values_list("pk", "n_wanted")
    usual = Project.objects.values_list("annotators_per_item", flat=True).get(pk=project.pk)
    return {pk: max(usual if n is None else n, len(taken.get(pk, ()))) for pk, n in own}


@transaction.atomic
def give_to(*, project: Project, items: Sequence[Item], member: Member) -> int:
    """Keep a place of each item for this person, a new one where none is free. Returns how many:
    items that they have or had are left out. Raises NotBlind for somebody who may see answers.
    """
    _check(items)
    _check_blind(member)
    ids = [item.pk for item in items]
    lock_annotator(member.pk)
    wanted = _wanted_now(project, ids)
    theirs = set(_theirs(ids, member))
    given = [item for item in items if item.pk not in theirs]
    free = dict(FreeSlot.objects.filter(item__in=ids).order_by("-slot").values_list("item", "slot"))
    for item in given:
        if item.pk not in free:
            free[item.pk] = max(taken_slots([item.pk]).get(item.pk, {0})) + 1
            Item.objects.filter(pk=item.pk).update(n_wanted=wanted[item.pk] + 1)
        FreeSlot.objects.filter(item=item.pk, slot=free[item.pk]).delete()
    PlannedAssignment.objects.bulk_create(
        PlannedAssignment(
            project=project,
            item=item,
            annotator=member,
            pass_number=1,
            slot=free[item.pk],
            position=0,
        )
        for item in given
    )
    return len(given)


def _theirs(ids: Sequence[int], member: Member) -> list[int]:
    held = Assignment.objects.filter(item__in=ids, annotator=member)
    planned = PlannedAssignment.objects.filter(item__in=ids, annotator=member)
    return [*held.values_list("item_id", flat=True), *planned.values_list("item_id", flat=True)]


@transaction.atomic
def ask_the_same_again(*, items: Sequence[Item], gap_days: int, now: datetime) -> int:
    """Plan a blind repeat for everybody who answered, `gap_days` after they did. Left out are
    people who may see answers or are not here any more, and answers that are to be repeated
    already. Returns how many repeats.
    """
    _check(items)
    if not 0 <= gap_days <= MOST_GAP_DAYS:
        raise BadSelection(f"The gap is 0 to {MOST_GAP_DAYS} days, not {gap_days}.")
    lock_places([item.pk for item in items])
    answered = list(_repeatable(items))
    PlannedAssignment.objects.bulk_create(
        PlannedAssignment(
            project_id=done.project_id,
            item_id=done.item_id,
            annotator_id=done.annotator_id,
            pass_number=done.pass_number + 1,
            position=0,
            gap_days=gap_days,
            due_at=max(now, (done.closed_at or now) + timedelta(days=gap_days)),
        )
        for done in answered
    )
    return len(answered)


def _repeatable(items: Sequence[Item]) -> QuerySet[Assignment]:
    place = {"item": OuterRef("item"), "annotator": OuterRef("annotator")}
    later = {**place, "pass_number__gt": OuterRef("pass_number")}
    return Assignment.objects.filter(
        ~Exists(Assignment.objects.filter(**later)),
        ~Exists(PlannedAssignment.objects.filter(**later)),
        item__in=items,
        state=Assignment.State.SUBMITTED,
        annotator__annotates=True,
        annotator__removed_at=None,
        annotator__user__isnull=False,
        annotator__user__is_superuser=False,
        annotator__role=Member.Role.ANNOTATOR,
    )


def _check(items: Sequence[Item]) -> None:
    if not items:
        raise BadSelection("Choose at least one item.")
    if len(items) > AT_MOST:
        raise BadSelection(f"Choose at most {AT_MOST:,} items at once.")


def _check_blind(member: Member) -> None:
    cannot_or_sees_all = member.user is None or member.user.is_superuser
    if cannot_or_sees_all or not is_here(member):
        raise NotBlind(
            f"“{member.name}” does not annotate blindly: choose an annotator of this project."
        )
