"""How far stated probabilities are from how often they are right. confidence, correct: (N,),
confidence in 0..1, correct 0 or 1.
"""

import numpy as np
from scipy.fft import dct, idct

from labeler.numerics.arrays import Floats, Ints

N_BINS = 15
ITEMS_A_BIN = 100  # of the RMS error that Humanity's Last Exam reports
GRID = 2000  # points on which the smooth error is worked out
HALVINGS = 30


def bins_of(confidence: Floats, n_bins: int = N_BINS) -> Ints:
    """(N,) equal-width bins (lo, hi] of confidences in (0, 1]."""
    return np.asarray(np.clip(np.ceil(confidence * n_bins).astype(np.int64) - 1, 0, n_bins - 1))


def expected_calibration_error(confidence: Floats, correct: Floats, n_bins: int = N_BINS) -> float:
    """Σ_b n_b/N |mean confidence - accuracy| over equal-width bins. Naeini et al. (2015).

    >>> confidence = np.array([0.95, 0.9, 0.8, 0.75, 0.6, 0.55, 0.52, 0.99, 0.85, 0.7])
    >>> correct = np.array([1.0, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    >>> round(expected_calibration_error(confidence, correct), 6)
    0.219
    """
    gap = np.bincount(bins_of(confidence, n_bins), weights=confidence - correct, minlength=n_bins)
    return float(np.abs(gap).sum() / max(1, confidence.size))


def adaptive_calibration_error(confidence: Floats, correct: Floats, n_bins: int = N_BINS) -> float:
    """As the expected calibration error of the top label, with bins of equally many items, as Nixon
    et al. (2019) make them.

    Equal confidences may fall into two bins; each then has their mean, so that the order of the
    items does not matter.

    >>> adaptive_calibration_error(np.full(100, 0.5), np.repeat([1.0, 0.0], 50))
    0.0
    """
    order = np.argsort(confidence, kind="stable")
    groups = np.array_split(
        _even_over_ties(confidence, confidence - correct)[order],
        min(n_bins, max(1, confidence.size)),
    )
    return float(sum(abs(group.sum()) for group in groups) / max(1, confidence.size))


def rms_calibration_error(
    confidence: Floats, correct: Floats, items_a_bin: int = ITEMS_A_BIN
) -> float:
    """sqrt(Σ_b n_b/N (mean confidence - accuracy)²), bins of `items_a_bin` consecutive items, the
    last takes the remainder.

    >>> confidence = np.array([0.95, 0.9, 0.8, 0.75, 0.6, 0.55, 0.52, 0.99, 0.85, 0.7])
    >>> correct = np.array([1.0, 1, 0, 1, 1, 0, 1, 1, 1, 0])
    >>> round(rms_calibration_error(confidence, correct, 5), 6)
    0.071344
    """
    gaps, sizes = _gaps(confidence, _even_over_ties(confidence, confidence - correct), items_a_bin)
    return float(np.sqrt((sizes * gaps**2).sum() / max(1, confidence.size)))


def rms_calibration_error_hle(
    confidence: Floats, correct: Floats, items_a_bin: int = ITEMS_A_BIN
) -> float:
    """As published for Humanity's Last Exam: the last bin, the most confident one, is left out, and
    fewer items than a bin give 0.

    For comparison with published numbers only: of equal confidences the order of the items decides.
    `rms_calibration_error` counts every item.
    """
    if confidence.size < items_a_bin:
        return 0.0
    gaps, sizes = _gaps(confidence, confidence - correct, items_a_bin)
    return float(np.sqrt((sizes[:-1] * gaps[:-1] ** 2).sum() / confidence.size))


def _even_over_ties(confidence: Floats, gap: Floats) -> Floats:
    """(N,) gaps with their mean at equal confidences."""
    _, place, n = np.unique(confidence, return_inverse=True, return_counts=True)
    return np.asarray((np.bincount(place, weights=gap) / n)[place]) if gap.size else gap


def _gaps(confidence: Floats, gap: Floats, items_a_bin: int) -> tuple[Floats, Ints]:
    order = np.argsort(confidence, kind="stable")
    n_bins = max(1, confidence.size // items_a_bin)
    starts = np.arange(n_bins) * items_a_bin
    sizes = np.diff(np.append(starts, confidence.size))
    if confidence.size == 0:
        return np.zeros(1), np.zeros(1, dtype=np.int64)
    return np.add.reduceat(gap[order], starts) / sizes, sizes


def smooth_calibration_error(confidence: Floats, correct: Floats) -> float:
    """smECE: the error after smoothing by a Gaussian as wide as the error itself, so that no bins
    have to be chosen.

    Błasiok and Nakkiran (2024), Smooth ECE, definitions 4-5: ∫|Σ_i (y_i - f_i) K_σ(t, f_i)|/N dt
    with a kernel reflected at 0 and 1, at the σ for which the integral equals σ.
    """
    if confidence.size == 0:
        return 0.0
    waves = dct(_on_grid(confidence, (correct - confidence) / confidence.size), norm="ortho")
    frequency = np.pi * np.arange(GRID)

    # reflection at both ends is what the cosine transform takes for granted
    def error(sigma: float) -> float:
        return float(
            np.abs(idct(waves * np.exp(-((frequency * sigma) ** 2) / 2), norm="ortho")).sum()
        )

    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if error(middle) > middle else (low, middle)
    return (low + high) / 2


def _on_grid(place: Floats, weight: Floats) -> Floats:
    """(GRID,) weights put at cell centres, each shared by its two neighbours."""
    at = np.clip(place * GRID - 0.5, 0.0, GRID - 1.0)
    left = np.minimum(at.astype(np.int64), GRID - 2)
    part = at - left
    both = np.bincount(left, weight * (1 - part), GRID) + np.bincount(left + 1, weight * part, GRID)
    return np.asarray(both, dtype=np.float64)
