"""Which item goes to whom: by a plan, and again when somebody leaves."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Ints
from labeler.numerics.planning.resources import NoPlan, Shares


@dataclass(frozen=True)
class Allocation:
    """One entry a planned answer, (n_answers,): item code, annotator code, pass number (2 is a
    repeat).
    """

    item: Ints
    annotator: Ints
    pass_number: Ints


def allocate(shares: Shares, n_available: int, rng: np.random.Generator) -> Allocation:
    """Items drawn without replacement from range(n_available). Raises NoPlan when the plan needs
    more items than there are.
    """
    if shares.n_items > n_available:
        raise NoPlan(
            f"The plan uses {shares.n_items} items and there are {n_available}. Import more items,"
            f" or plan with items={n_available}."
        )
    order = rng.permutation(n_available)[: shares.n_items]
    linked, single = np.split(order, [int(shares.per_link.sum())])
    first, second = (np.repeat(shares.links[:, side], shares.per_link) for side in (0, 1))
    alone = np.repeat(np.arange(shares.single.size), shares.single)
    starts = np.cumsum(shares.single) - shares.single
    again = np.concatenate(
        [
            start + rng.permutation(n)[:again]
            for start, n, again in zip(starts, shares.single, shares.repeat, strict=True)
        ]
    )
    again = again.astype(np.int64)
    item = np.concatenate([linked, linked, single, single[again]])
    annotator = np.concatenate([first, second, alone, alone[again]])
    pass_number = np.repeat([1, 2], [item.size - again.size, again.size])
    return Allocation(item.astype(np.int64), annotator.astype(np.int64), pass_number)


def in_order(allocation: Allocation, gap: int, rng: np.random.Generator) -> Ints:
    """(n_answers,) the place of each planned answer among the first answers of its annotator, from
    0; of a repeat, that of its first answer.

    Drawn at random, so that shared items and single ones are mixed; but what is to be repeated
    comes early enough for `gap` first answers to follow it. Raises NoPlan where there are not that
    many.

    >>> plan = Allocation(np.array([5, 6, 7, 5]), np.array([0, 0, 0, 0]), np.array([1, 1, 1, 2]))
    >>> in_order(plan, 2, np.random.default_rng(0)).tolist()
    [0, 1, 2, 0]
    """
    position = np.empty(allocation.item.size, dtype=np.int64)
    for person in np.unique(allocation.annotator):
        mine = np.flatnonzero(allocation.annotator == person)
        first = mine[allocation.pass_number[mine] == 1]
        again = mine[allocation.pass_number[mine] > 1]
        is_repeated = np.isin(allocation.item[first], allocation.item[again])
        early = first.size - gap
        if is_repeated.sum() > max(0, early):
            raise NoPlan(
                f"{first.size} first answers, {is_repeated.sum()} of them to be repeated, leave no"
                f" room for {gap} other answers in between. Plan at most"
                f" {first.size - int(is_repeated.sum())}, or fewer repeats."
            )
        places = rng.permutation(max(0, early))[: is_repeated.sum()]
        others = rng.permutation(np.setdiff1d(np.arange(first.size), places))
        position[first[is_repeated]], position[first[~is_repeated]] = places, others
        of_item = dict(zip(allocation.item[first].tolist(), position[first].tolist(), strict=True))
        position[again] = [of_item[item] for item in allocation.item[again].tolist()]
    return position


def redistribute(
    left: Ints, cost: Ints, load: Ints, has_seen: set[tuple[int, int]], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """New annotators for the items (n_left,) of somebody who leaves, and which could not be given
    to anybody.

    cost: (n_left,) answers that an item takes: 2 with its repeat
    load: (M,) answers each person still owes, -1 for those who cannot take any
    has_seen: (item, annotator) pairs

    Dearest items first, each to the least loaded person who has not seen it: as level as whole
    items allow. Returns (annotator (n_left,) or -1, items without a taker).

    >>> rng = np.random.default_rng(0)
    >>> redistribute(np.array([7, 8]), np.ones(2), np.array([-1, 0, 5]), {(7, 1)}, rng)[0].tolist()
    [2, 1]
    """
    owed, taken = load.astype(np.float64), np.full(left.size, -1, dtype=np.int64)
    known = set(has_seen)  # grows: an item that two people leave goes to two others
    owed[load < 0] = np.inf
    shuffled = rng.permutation(left.size)
    for place in shuffled[np.argsort(-cost[shuffled], kind="stable")]:
        free = owed.copy()
        free[[a for a in range(load.size) if (int(left[place]), a) in known]] = np.inf
        taker = int(free.argmin())
        if np.isfinite(free[taker]):
            taken[place] = taker
            owed[taker] += cost[place]
            known.add((int(left[place]), taker))
    return taken, left[taken < 0]
