"""How many answers an item are enough: what fewer answers would have said, against all of them."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.aggregation.evidence import even_winners
from labeler.numerics.agreement.overall import coefficient
from labeler.numerics.arrays import Answers, Floats
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.intervals import interval_of
from labeler.numerics.soft_labels import entropy

METRICS = ("hard_label_kept", "jensen_shannon", "alpha", "entropy")


@dataclass(frozen=True)
class Point:
    """A metric with m answers an item: mean over draws, and the middle 95 % of them."""

    n_answers: int
    value: float
    interval: tuple[float, float] | None


def saturation(
    answers: Answers, rng: np.random.Generator, n_draws: int = 50, most: int | None = None
) -> dict[str, list[Point]]:
    """Curves over m = 1 … most of metrics on random m of each item's first answers, on items that
    have `most` or more.

    hard_label_kept: share of items whose majority label is that of all answers (of a tie each label
    counts its part); jensen_shannon: mean divergence in nats from the shares of all answers; alpha:
    nominal (from m = 2); entropy: mean, in nats. most: the median number of answers an item, unless
    given. Raises ValueError when no item has that many.
    """
    answers.expect_single("saturation")
    first = answers.first_pass
    whole = label_counts(first)
    n = whole.sum(axis=1)
    most = int(np.median(n[n > 0])) if most is None and (n > 0).any() else int(most or 0)
    kept = n >= max(2, most)
    if most < 2 or not kept.any():
        raise ValueError("saturation needs items with at least two answers")
    target = whole[kept] / n[kept, None]
    drawn: dict[str, list[list[float]]] = {name: [[] for _ in range(most)] for name in METRICS}
    for _ in range(n_draws):
        rank = random_ranks(first, rng)
        for m in range(1, most + 1):
            counts = label_counts(first.where(rank < m))[kept]
            for name, value in _at(counts, target).items():
                drawn[name][m - 1].append(value)
    return {
        name: [_point(m + 1, np.array(values)) for m, values in enumerate(lists) if values]
        for name, lists in drawn.items()
    }


def random_ranks(first: Answers, rng: np.random.Generator) -> np.ndarray:
    """(n_answers,) each answer's place, from 0, in a random order of its item's answers."""
    order = np.lexsort((rng.random(len(first)), first.item))
    item = first.item[order]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(item) > 0]))
    rank = np.empty(len(first), dtype=np.int64)
    rank[order] = np.arange(len(first)) - np.repeat(
        starts, np.diff(np.concatenate([starts, [len(first)]]))
    )
    return rank


def _at(counts: np.ndarray, target: Floats) -> dict[str, float]:
    share = counts / counts.sum(axis=1, keepdims=True)
    values = {
        "hard_label_kept": float(
            np.minimum(even_winners(counts.astype(np.float64)), even_winners(target))
            .sum(axis=1)
            .mean()
        ),
        "jensen_shannon": float(
            (entropy((share + target) / 2) - (entropy(share) + entropy(target)) / 2).mean()
        ),
        "entropy": float(entropy(share).mean()),
    }
    alpha = coefficient(coincidences(counts)) if counts.sum(axis=1).max() > 1 else None
    return values if alpha is None else values | {"alpha": alpha}


def _point(m: int, values: Floats) -> Point:
    return Point(m, float(values.mean()), interval_of(values))
