"""How reliable each annotator is: agreement with others, weighted by how reliable those are, and with themselves.

Cook et al. (2024), EffiARA, and its public code. What differs from that code, and why, is in docs/adr/0005.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from labeler.numerics.arrays import Bools, Floats, Ints

FLOOR = 0.05  # of agreement; below it the `mean` normalisation would turn the worst annotator into the heaviest
MOST_SWEEPS = 100
NORMALISATIONS = ("mean", "softmax")


@dataclass(frozen=True)
class Edges:
    """Agreement between pairs: first, second (n_pairs,) annotator codes, value (n_pairs,). Only pairs that count."""

    first: Ints
    second: Ints
    value: Floats


@dataclass(frozen=True)
class Reliability:
    """r: (M,) mean 1 over those in the calculation; inter: (M,) nan where nobody was compared; counted: (M,) who was in it."""

    r: Floats
    inter: Floats
    counted: Bools
    sweeps: int
    converged: bool


def edges(pairs: Sequence[tuple[int, int, float]]) -> Edges:
    first, second, value = (np.array([pair[place] for pair in pairs]) for place in range(3))
    return Edges(first.astype(np.int64), second.astype(np.int64), value.astype(np.float64))


def reliability(graph: Edges, intra: Floats, *, alpha: float = 0.5, normalise: str = "mean", tolerance: float = 1e-3) -> Reliability:
    """r_a proportional to alpha·I_a + (1 - alpha)·(Σ_b r_b A_ab / Σ_b r_b), iterated from r = 1 (EffiARA, section 3.3).

    intra: (M,), nan where a person has no repeats: then their intra term is dropped. alpha in [0, 1] is the weight of intra
    agreement. Annotators without what alpha asks for keep r = 1 and take no part (`counted` is false).
    Raises ValueError for an alpha outside [0, 1] or an unknown `normalise`.

    >>> graph = edges([(0, 1, 0.70), (0, 2, 0.40), (1, 2, 0.30)])
    >>> reliability(graph, np.array([0.80, 0.90, 0.50])).r.round(6).tolist()
    [1.130489, 1.178616, 0.690895]
    """
    if not 0.0 <= alpha <= 1.0:
        raise ValueError(f"alpha is the share of intra-annotator agreement and lies in 0..1, not {alpha}")
    if normalise not in NORMALISATIONS:
        raise ValueError(f"normalise is one of {NORMALISATIONS}, not {normalise!r}")
    n_annotators = intra.size
    degree = np.bincount(np.concatenate([graph.first, graph.second]), minlength=n_annotators)
    counted = np.isfinite(intra) if alpha == 1.0 else degree > 0
    r = np.ones(n_annotators)
    inter = np.full(n_annotators, np.nan)
    for sweep in range(1, MOST_SWEEPS + 1):
        inter = _inter(graph, r, n_annotators)
        previous, r = r, _normalised(_raw(inter, intra, alpha), counted, normalise)
        if not counted.any() or np.max(np.abs(r - previous)[counted]) <= tolerance:
            return Reliability(r, inter, counted, sweep, converged=True)
    return Reliability(r, inter, counted, MOST_SWEEPS, converged=False)


def _inter(graph: Edges, r: Floats, n_annotators: int) -> Floats:
    """(M,) mean agreement with neighbours weighted by last sweep's r; nan without neighbours."""
    to = np.concatenate([graph.first, graph.second])
    other = np.concatenate([graph.second, graph.first])
    value = np.concatenate([graph.value, graph.value])
    total = np.bincount(to, weights=r[other] * value, minlength=n_annotators)
    weight = np.bincount(to, weights=r[other], minlength=n_annotators)
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
