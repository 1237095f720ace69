"""How reliable each annotator is: agreement with others, weighted by how reliable those are, and
with themselves.

Cook et al. (2024), EffiARA, and its public code. What differs from that code, and why, is in
docs/adr/0005.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from labeler.numerics.arrays import Bools, Floats, Ints
from labeler.numerics.given import expect_range
from labeler.numerics.intervals import intervals_of

# of agreement; below it the `mean` normalisation would turn the worst annotator into the heaviest
FLOOR = 0.05
MOST_SWEEPS = 100
NORMALISATIONS = ("mean", "softmax")


@dataclass(frozen=True)
class Edges:
    """Agreement between pairs: first, second (n_pairs,) annotator codes, value (n_pairs,). Give
    only pairs that share enough items; those whose value is nan, undefined, are left out.
    """

    first: Ints
    second: Ints
    value: Floats


@dataclass(frozen=True)
class Rules:
    """How reliability is worked out.

    alpha in [0, 1]: weight of agreement with oneself. normalise: `mean` (paper) or `softmax`
    (package). tolerance: largest change of an r at which the sweeps end. damping in [0, 1): share
    of the old r kept in every sweep, against oscillation. shrinkage n0: r is drawn towards 1 as by
    n0 answers of an average person, r ← (n r + n0)/(n + n0).
    """

    alpha: float = 0.5
    normalise: str = "mean"
    tolerance: float = 1e-3
    damping: float = 0.0
    shrinkage: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.alpha <= 1.0:
            raise ValueError(
                "alpha is the share of intra-annotator agreement and lies in 0..1, not"
                f" {self.alpha}"
            )
        if self.normalise not in NORMALISATIONS:
            raise ValueError(f"normalise is one of {NORMALISATIONS}, not {self.normalise!r}")
        if not 0.0 <= self.damping < 1.0:
            raise ValueError(
                "damping is the share of the old value that is kept and lies in 0..1 without 1,"
                f" not {self.damping}"
            )
        if not 0.0 <= self.shrinkage < np.inf:
            raise ValueError(
                f"shrinkage counts answers and is not negative, unlike {self.shrinkage}"
            )


@dataclass(frozen=True)
class Reliability:
    """r: (M,) mean 1 over those in the calculation
    inter: (M,) nan where nobody was compared
    counted: (M,) who was in it
    """

    r: Floats
    inter: Floats
    counted: Bools
    sweeps: int
    converged: bool


def edges(pairs: Sequence[tuple[int, int, float]]) -> Edges:
    first, second, value = (np.array([pair[place] for pair in pairs]) for place in range(3))
    return Edges(first.astype(np.int64), second.astype(np.int64), value.astype(np.float64))


def reliability(
    graph: Edges, intra: Floats, rules: Rules | None = None, n_shared: Ints | None = None
) -> Reliability:
    """r_a proportional to alpha·I_a + (1 - alpha)·(Σ_b r_b A_ab / Σ_b r_b), iterated from r = 1
    (EffiARA, Cook et al. 2024).

    intra: (M,), nan where a person has no repeats: then their intra term is dropped
    n_shared: (M,) what shrinkage counts

    Annotators without what alpha asks for keep r = 1 and take no part (`counted` is false).

    >>> graph = edges([(0, 1, 0.70), (0, 2, 0.40), (1, 2, 0.30)])
    >>> reliability(graph, np.array([0.80, 0.90, 0.50])).r.round(6).tolist()
    [1.130489, 1.178616, 0.690895]
    """
    rules, intra = rules or Rules(), np.asarray(intra, dtype=np.float64)
    graph, n_annotators = _defined(graph), intra.size
    for name, who in (("first", graph.first), ("second", graph.second)):
        expect_range(f"{name} of the pairs", who, 0, n_annotators - 1)
    degree = np.bincount(np.concatenate([graph.first, graph.second]), minlength=n_annotators)
    counted = np.isfinite(intra) if rules.alpha == 1.0 else degree > 0
    iterated = _iterated(graph, intra, counted, rules)
    if n_shared is None or rules.shrinkage == 0.0:
        return iterated
    return replace(iterated, r=shrunk(iterated.r, counted, n_shared, rules.shrinkage))


def _defined(graph: Edges) -> Edges:
    there = np.isfinite(graph.value)
    return (
        graph if there.all() else Edges(graph.first[there], graph.second[there], graph.value[there])
    )


def _iterated(graph: Edges, intra: Floats, counted: Bools, rules: Rules) -> Reliability:
    r, inter = np.ones(intra.size), np.full(intra.size, np.nan)
    for sweep in range(1, MOST_SWEEPS + 1):
        inter = _inter(graph, r)
        fresh = _normalised(_raw(inter, intra, rules.alpha), counted, rules.normalise)
        previous, r = r, rules.damping * r + (1.0 - rules.damping) * fresh
        if not counted.any() or np.max(np.abs(r - previous)[counted]) <= rules.tolerance:
            return Reliability(r, inter, counted, sweep, converged=True)
    return Reliability(r, inter, counted, MOST_SWEEPS, converged=False)


def _inter(graph: Edges, r: Floats) -> Floats:
    """(M,) mean agreement with neighbours weighted by last sweep's r; nan without neighbours."""
    to = np.concatenate([graph.first, graph.second])
    other = np.concatenate([graph.second, graph.first])
    value = np.concatenate([graph.value, graph.value])
    total = np.bincount(to, weights=r[other] * value, minlength=r.size)
    weight = np.bincount(to, weights=r[other], minlength=r.size)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / np.where(weight > 0, weight, np.nan))


def _raw(inter: Floats, intra: Floats, alpha: float) -> Floats:
    if alpha == 1.0:
        return intra
    return np.where(np.isfinite(intra), alpha * np.nan_to_num(intra) + (1.0 - alpha) * inter, inter)


def _normalised(raw: Floats, counted: Bools, normalise: str) -> Floats:
    r = np.ones(raw.size)
    if not counted.any():
        return r
    kept = raw[counted]
    scale = np.exp(kept) if normalise == "softmax" else np.maximum(kept, FLOOR)
    r[counted] = scale / scale.mean()
    return r


def shrunk(r: Floats, counted: Bools, n_shared: Ints, n0: float) -> Floats:
    """(M,) r drawn towards 1 by n0 answers of an average person, then back to mean 1 over those
    counted.

    >>> shrunk(np.array([1.4, 0.6]), np.array([True, True]), np.array([10, 10]), 10.0).tolist()
    [1.2, 0.8]
    """
    drawn = np.ones(r.size)
    n = n_shared[counted].astype(np.float64)
    drawn[counted] = (n * r[counted] + n0) / (n + n0)
    if counted.any():
        drawn[counted] /= drawn[counted].mean()
    return drawn


def reliability_intervals(
    graph: Edges, pair_draws: Floats, intra_draws: Floats, rules: Rules, n_shared: Ints
) -> Floats:
    """(2, M) bootstrap bounds of r; nan for those who keep 1.

    pair_draws: (n_resamples, n_pairs), intra_draws: (n_resamples, M)

    A draw in which a pair's agreement is undefined leaves that pair out of it, as it would leave it
    out of a run.
    """
    drawn = np.full(intra_draws.shape, np.nan)
    for place, (values, intra) in enumerate(zip(pair_draws, intra_draws, strict=True)):
        one = reliability(Edges(graph.first, graph.second, values), intra, rules, n_shared)
        drawn[place] = np.where(one.counted, one.r, np.nan)
    return intervals_of(drawn)
