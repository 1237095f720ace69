"""Drawing who answers what of a project's own items and people, and beginning it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from annotate.models import Member, Plan, Project, User
from annotate.selectors.plans import untouched_items
from annotate.services.plans import Place, PlanDraft, start_plan
from labeler.numerics.arrays import Ints
from labeler.numerics.planning.allocation import Allocation, allocate, in_order
from labeler.numerics.planning.resources import NoPlan, Resources, share_out, solve
from labeler.services.plans import BadPlan


@dataclass(frozen=True)
class Wish:
    """What a manager asks for: the six numbers with one left out, the people by whom, and how far
    repeats keep from their first answers.
    """

    known: Resources
    people: Sequence[Member]
    gap_days: int
    gap_items: int
    seed: int


def start_planned_work(*, project: Project, wish: Wish, author: User | None, now: datetime) -> Plan:
    """Drawn from the items that nobody has been given yet, and begun. The same seed over the same
    items and people draws the same plan. Raises BadPlan with what does not fit.
    """
    items = untouched_items(project)
    rng = np.random.default_rng(wish.seed)
    try:
        shares = share_out(solve(wish.known))
        if shares.single.size != len(wish.people):
            raise NoPlan(
                f"The numbers are of {shares.single.size} people and {len(wish.people)} were"
                " chosen. Choose as many, or change the number of people."
            )
        allocation = allocate(shares, len(items), rng)
        position = in_order(allocation, wish.gap_items, rng)
    except NoPlan as reason:
        raise BadPlan(str(reason)) from reason
    places = _places(allocation, position, items, wish.people)
    draft = PlanDraft(places, wish.gap_days, wish.gap_items, wish.seed)
    return start_plan(project=project, draft=draft, author=author, now=now)


def _places(
    allocation: Allocation, position: Ints, items: Sequence[int], people: Sequence[Member]
) -> list[Place]:
    columns = (allocation.item, allocation.annotator, allocation.pass_number, position)
    return [
        Place(items[item], people[annotator].pk, pass_number, place)
        for item, annotator, pass_number, place in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
