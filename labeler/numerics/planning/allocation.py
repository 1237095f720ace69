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


def redistribute(
    left: Ints, load: Ints, has_seen: set[tuple[int, int]], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """New annotators for the items (n_left,) of somebody who leaves, and which could not be given
    to anybody.

    load: (M,) answers each person still owes, -1 for those who cannot take any
    has_seen: (item, annotator) pairs

    Each item goes to the least loaded person who has not seen it. Returns (annotator (n_left,) or
    -1, items without a taker).

    >>> rng = np.random.default_rng(0)
    >>> redistribute(np.array([7, 8]), np.array([-1, 0, 5]), {(7, 1)}, rng)[0].tolist()
    [2, 1]
    """
    owed, taken = load.astype(np.float64), np.full(left.size, -1, dtype=np.int64)
    owed[load < 0] = np.inf
    for place in rng.permutation(left.size):
        free = owed.copy()
        free[[a for a in range(load.size) if (int(left[place]), a) in has_seen]] = np.inf
        taker = int(free.argmin())
        if np.isfinite(free[taker]):
            taken[place] = taker
            owed[taker] += 1
    return taken, left[taken < 0]
