"""What somebody who is not there any more leaves of a plan, given to the others of the plan."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from annotate.errors import Conflict
from annotate.models import Assignment, Member, Plan, PlannedAssignment
from annotate.selectors.plans import is_here, people_of
from annotate.services.plans import Move, move_places
from labeler.numerics.independence import connectedness
from labeler.numerics.planning.allocation import redistribute

USUAL_SEED = 0  # one proposal, and what is done is what was proposed


class NobodyToTake(Conflict):
    code = "nobody-to-take"


@dataclass(frozen=True)
class Handover:
    """What it would come to: `loads`, by name, are answers that each still owes afterwards;
    `n_repeats_lost`: repeats of first answers that only those who left could repeat;
    `n_without_taker`: items that all the others have seen; they go to the open queue.
    """

    n_items: int
    n_repeats_lost: int
    n_without_taker: int
    loads: dict[str, int]
    connected: bool


@dataclass(frozen=True)
class _Drawn:
    report: Handover
    moves: list[Move]
    given_up: list[int]


def propose_handover(*, plan: Plan, seed: int) -> Handover:
    """What `hand_over` with this seed would do. Raises NobodyToTake when everybody left."""
    return _draw(plan, seed).report


def hand_over(*, plan: Plan, seed: int) -> Handover:
    """Give every place that waits for somebody who left to the least loaded of the others who has
    not seen the item; a repeat goes with its first answer where its gap has room.
    """
    drawn = _draw(plan, seed)
    move_places(plan=plan, moves=drawn.moves, given_up=drawn.given_up)
    return drawn.report


def _draw(plan: Plan, seed: int) -> _Drawn:
    here = [one for one in people_of(plan) if is_here(one)]
    if not here:
        raise NobodyToTake("Nobody of the plan is here any more. Stop the plan and begin another.")
    waiting = list(plan.places.filter(assignment=None).order_by("pk"))
    ids = {one.pk for one in here}
    left = [place for place in waiting if place.annotator_id not in ids]
    stays = [place for place in waiting if place.annotator_id in ids]
    firsts = [place for place in left if place.pass_number == 1]
    repeats = _that_can_go_along(plan, left, stays, here)
    load = Counter(place.annotator_id for place in stays)
    taker, _ = redistribute(
        np.array([place.item_id for place in firsts], dtype=np.int64),
        np.array([1 + (place.item_id in repeats) for place in firsts], dtype=np.int64),
        np.array([load[one.pk] for one in here], dtype=np.int64),
        _seen(plan, here),
        np.random.default_rng(seed),
    )
    pairs = zip(firsts, taker.tolist(), strict=True)
    given = [(place, here[who]) for place, who in pairs if who >= 0]
    moves = _moves(given, repeats, plan)
    load.update(move.member_id for move in moves)
    moved = {move.place_id for move in moves}
    given_up = [place for place in left if place.pk not in moved]
    report = Handover(
        n_items=len(given),
        n_repeats_lost=sum(place.pass_number > 1 for place in given_up),
        n_without_taker=len(firsts) - len(given),
        loads={one.name: load[one.pk] for one in here},
        connected=_is_connected(plan, here, given),
    )
    return _Drawn(report, moves, [place.pk for place in given_up])


def _that_can_go_along(
    plan: Plan,
    left: Sequence[PlannedAssignment],
    stays: Sequence[PlannedAssignment],
    here: Sequence[Member],
) -> dict[int, PlannedAssignment]:
    """The repeats, by item, whose first answer is still to be given, if everybody has enough first
    answers of their own to come for the gap.
    """
    own = Counter(place.annotator_id for place in stays if place.pass_number == 1)
    if min(own[one.pk] for one in here) < plan.gap_items:
        return {}
    ungiven = {place.item_id for place in left if place.pass_number == 1}
    return {p.item_id: p for p in left if p.pass_number > 1 and p.item_id in ungiven}


def _seen(plan: Plan, here: Sequence[Member]) -> set[tuple[int, int]]:
    """(item, place in `here`): given to them, or to be given."""
    index = {one.pk: n for n, one in enumerate(here)}
    theirs = {"annotator__in": here, "item__in": plan.places.values("item")}
    planned = PlannedAssignment.objects.filter(**theirs)
    given = Assignment.objects.filter(**theirs)
    pairs = chain(
        planned.values_list("item_id", "annotator_id"), given.values_list("item_id", "annotator_id")
    )
    return {(item, index[who]) for item, who in pairs if who in index}


def _moves(
    given: Sequence[tuple[PlannedAssignment, Member]],
    repeats: dict[int, PlannedAssignment],
    plan: Plan,
) -> list[Move]:
    """What has a repeat comes first in its new person's order, so that its gap has room."""
    last = plan.places.order_by("-position").values_list("position", flat=True).first() or 0
    moves = []
    for n, (place, who) in enumerate(given, start=1):
        repeat = repeats.get(place.item_id)
        moves.append(Move(place.pk, who.pk, 0 if repeat else last + n))
        if repeat:
            moves.append(Move(repeat.pk, who.pk, 0))
    return moves


def _is_connected(
    plan: Plan, here: Sequence[Member], given: Sequence[tuple[PlannedAssignment, Member]]
) -> bool:
    """Whether items that two people of the plan answer join everybody who is left."""
    index = {one.pk: n for n, one in enumerate(here)}
    new = {place.pk: who.pk for place, who in given}
    people: dict[int, set[int]] = {}
    for pk, item, who in plan.places.filter(pass_number=1).values_list(
        "pk", "item_id", "annotator_id"
    ):
        taker = index.get(new.get(pk, who))
        if taker is not None:
            people.setdefault(item, set()).add(taker)
    edges = np.array(
        [sorted(pair) for pair in people.values() if len(pair) == 2], dtype=np.int64
    ).reshape(-1, 2)
    return connectedness(edges[:, 0], edges[:, 1], len(here)).n_components == 1
