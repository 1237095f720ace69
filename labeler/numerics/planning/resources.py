"""The sample-distribution equation of EffiARA, and a plan in whole items that keeps everybody
within their time.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

import numpy as np

from labeler.numerics.arrays import Ints
from labeler.numerics.independence import connectedness

MOST = 1_000_000_000
NAMES = {
    "annotators": "annotators (people)",
    "hours": "hours (each person's)",
    "rate": "rate (answers an hour)",
    "items": "items",
    "double": "double (share of items that two people answer)",
    "repeat": "repeat (share of single items that the same person answers again)",
}


class NoPlan(ValueError):
    """The numbers do not fit together; the message says which and what would."""


@dataclass(frozen=True)
class Resources:
    """n annotators, t hours each, rho answers an hour, k items, share d answered by two, share r
    of the singles repeated by the same person.
    """

    annotators: float | None = None
    hours: float | None = None
    rate: float | None = None
    items: float | None = None
    double: float | None = None
    repeat: float | None = None


def solve(known: Resources) -> Resources:
    """k·(2d + (1 + r)(1 - d)) = rho·t·n for the one that is None. Cook et al. (2024); people are
    rounded up, items down.

    Raises NoPlan unless exactly one is missing and the answer is possible.

    >>> solve(Resources(annotators=6, hours=10, rate=60, double=1 / 3, repeat=1 / 2)).items
    2160
    """
    _check(known)
    missing = [name for name in NAMES if getattr(known, name) is None]
    if len(missing) != 1:
        raise NoPlan(
            f"Leave out exactly one of the six numbers; {len(missing)} are"
            f" missing{': ' + ', '.join(missing) if missing else ''}."
        )
    value = _solved(
        missing[0],
        {
            name: Fraction(str(given))
            for name in NAMES
            if (given := getattr(known, name)) is not None
        },
    )
    if missing[0] == "annotators":
        value = Fraction(max(2 if (known.double or 0) > 0 else 1, ceil(value - Fraction(1, 10**9))))
    if missing[0] == "items":
        value = Fraction(floor(value + Fraction(1, 10**9)))
    if missing[0] in ("double", "repeat"):
        # what rounding left over
        value = min(
            (Fraction(edge) for edge in (0, 1) if abs(value - edge) < Fraction(1, 10**9)),
            default=value,
        )
    solved = replace(
        known, **{missing[0]: int(value) if missing[0] in ("annotators", "items") else float(value)}
    )
    _check(solved)
    return solved


def _solved(name: str, at: dict[str, Fraction]) -> Fraction:
    if name in ("double", "repeat"):
        return _share(name, at)
    cost = 2 * at["double"] + (1 + at["repeat"]) * (1 - at["double"])
    if name == "items":
        return at["rate"] * at["hours"] * at["annotators"] / cost
    others = [at[other] for other in ("annotators", "hours", "rate") if other != name]
    return at["items"] * cost / (others[0] * others[1])


def _share(name: str, at: dict[str, Fraction]) -> Fraction:
    each = at["rate"] * at["hours"] * at["annotators"] / at["items"]
    if name == "double":
        if at["repeat"] == 1:
            raise NoPlan(
                "With repeat = 1 a single item costs two answers as a double one does, so time does"
                " not decide double. Give double."
            )
        return (each - 1 - at["repeat"]) / (1 - at["repeat"])
    if at["double"] == 1:
        raise NoPlan(
            "With double = 1 there are no single items to repeat, so time does not decide repeat."
            " Give repeat."
        )
    return (each - 2 * at["double"]) / (1 - at["double"]) - 1


def _check(plan: Resources) -> None:
    for name in ("annotators", "hours", "rate", "items"):
        value = getattr(plan, name)
        if value is not None and not 0 < value <= MOST:
            raise NoPlan(
                f"{NAMES[name]} must be a number above 0 and at most {MOST:,}, not {value}."
            )
        if value is not None and name in ("annotators", "items") and value != int(value):
            raise NoPlan(f"{NAMES[name]} must be a whole number, not {value:g}.")
    if plan.annotators == 1 and (plan.double or 0) > 0:
        raise NoPlan("One person alone cannot share items: plan two people or more, or double = 0.")
    for name, more, less in (
        ("double", "fewer items or more time", "more items or less time"),
        ("repeat", "fewer items or more time", "more items or less time"),
    ):
        value = getattr(plan, name)
        if value is not None and not 0 <= value <= 1:
            hint = f"Plan {less if value > 1 else more}." if plan.items else ""
            raise NoPlan(
                f"{NAMES[name]} is a share and lies in 0..1, not {value:.3g}. {hint}".rstrip()
            )


def links(n_annotators: int) -> Ints:
    """(n_links, 2) the pairs who share items: one for two people, all for three and four, a ring
    with neighbours 1 and 2 away from five on.

    Every second link of the ring comes first, then those between: any few links load people evenly,
    and n - 1 of them join everybody.
    """
    n = n_annotators
    if n < 5:
        few = (
            [(0, 1), (2, 3), (1, 2), (0, 3), (0, 2), (1, 3)] if n == 4 else [(0, 1), (1, 2), (0, 2)]
        )
        return np.array([pair for pair in few if max(pair) < n], dtype=np.int64).reshape(-1, 2)
    places = [*range(0, n, 2), *range(1, n, 2)]
    return np.array(
        [sorted((a, (a + step) % n)) for step in (1, 2) for a in places], dtype=np.int64
    )


@dataclass(frozen=True)
class Shares:
    """What each person does, in whole items, (n_annotators,): single, double, repeat and load =
    their sum; and the shared items of each link, (n_links,). `slack`: answers everybody's time
    would still allow. `connected`: whether shared items join everybody.
    """

    single: Ints
    double: Ints
    repeat: Ints
    links: Ints
    per_link: Ints
    n_items: int
    slack: int
    connected: bool

    @property
    def load(self) -> Ints:
        return np.asarray(self.single + self.double + self.repeat, dtype=np.int64)


def share_out(plan: Resources) -> Shares:
    """A solved plan in whole items: nobody over their time, items used ≤ k, loads as level as
    whole items allow (largest remainder): within one answer, unless nearly all items are double
    or repeated.
    """
    if (
        plan.annotators is None
        or plan.items is None
        or plan.hours is None
        or plan.rate is None
        or plan.double is None
        or plan.repeat is None
    ):
        raise NoPlan("Solve the plan first: all six numbers are needed to share it out.")
    n, capacity = int(plan.annotators), floor(plan.hours * plan.rate + 1e-9)
    n_items = int(plan.items)
    while n_items > 0:
        shares = _shared_out(n, n_items, plan.double, plan.repeat, capacity)
        over = int((shares.load - capacity).clip(min=0).sum())
        if over == 0:
            return shares
        n_items -= max(1, over // 3)
    raise NoPlan(
        f"{capacity} answers each are not enough for a single item of this plan. Plan more hours or"
        " a higher rate."
    )


def _shared_out(n: int, n_items: int, double: float, repeat: float, capacity: int) -> Shares:
    pairs = links(n)
    n_double = round(double * n_items) if len(pairs) else 0
    n_single = n_items - n_double
    per_link = (
        level(np.zeros(len(pairs), dtype=np.int64), n_double)
        if len(pairs)
        else np.empty(0, dtype=np.int64)
    )
    doubles = np.bincount(pairs.ravel(), weights=np.repeat(per_link, 2), minlength=n).astype(
        np.int64
    )
    single = level(doubles, n_single) - doubles
    before = doubles + single
    repeats = level(before, round(repeat * n_single), single) - before
    used = pairs[per_link > 0]
    joined = connectedness(used[:, 0], used[:, 1], n).n_components == 1
    return Shares(
        single,
        doubles,
        repeats,
        pairs,
        per_link,
        n_items,
        int(n * capacity - (before + repeats).sum()),
        joined,
    )


def level(load: Ints, n_units: int, most: Ints | None = None) -> Ints:
    """(n,) loads after `n_units` more, each given to whoever has least; `most`: (n,) units a person
    may get.

    >>> level(np.array([3, 0, 0]), 4).tolist()
    [3, 2, 2]
    """
    if n_units <= 0 or not load.size:
        return load.copy()
    room = np.full(load.size, n_units) if most is None else most
    low, high = int(load.min()), int(load.max()) + n_units
    while low < high:  # the highest level that the units fill
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high)
            if int(np.clip(middle - load, 0, room).sum()) <= n_units
            else (low, middle - 1)
        )
    filled = load + np.clip(low - load, 0, room)
    left = n_units - int((filled - load).sum())
    open_to_more = np.flatnonzero((filled <= low) & (filled - load < room))
    filled[open_to_more[:left]] += 1
    return np.asarray(filled)
