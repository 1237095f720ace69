"""What a soft label is worth where people state confidence: `python -m bench.held_out DATA [--folds
5]`.

Of every item with several answers one is taken away, a fifth of the items at a time; each method
makes soft labels of all that is left, and is scored by the cross-entropy of the answers that were
taken away. 95 % intervals over items, and of the difference to the default.
"""

import argparse
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from bench.aggregation import LEAST
from bench.confidence import ruc, uds
from bench.figures import Figures
from labeler.numerics.aggregation.registry import soft_labels
from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.arrays import Answers, Floats
from labeler.numerics.confidence.methods import probability_of_primary
from labeler.numerics.counts import label_counts
from labeler.numerics.intervals import interval_of
from labeler.numerics.pair_counts import pair_counts
from labeler.numerics.planning.saturation import random_ranks
from labeler.numerics.reliability import Edges, Rules, reliability

WAYS = [  # aggregation, confidence
    ("vote_share", "none"),
    ("smoothed_share", "none"),
    ("softmax", "none"),
    ("dawid_skene", "none"),
    ("ensemble", "none"),
    ("mean", "linear"),
    ("mean", "bayes"),
    ("mean", "fitted"),
    ("product", "fitted"),
    ("reliability", "linear"),
    ("reliability", "fitted"),
]
DEFAULT = "reliability, fitted"
MIN_OVERLAP = 15


def people(some: Answers) -> Floats:
    """(M,) reliability from agreement with others, as the site works it out without repeats."""
    pairs = pair_counts(some, MIN_OVERLAP)
    value = pair_values(pairs.counts)
    kept = np.isfinite(value)
    return reliability(
        Edges(pairs.first[kept], pairs.second[kept], value[kept]),
        np.full(some.n_annotators, np.nan),
        Rules(alpha=0.0),
    ).r


def losses(some: Answers, n_folds: int) -> dict[str, Floats]:
    """(n_items with several answers,) cross-entropy of the answer that was taken away, by way."""
    rng = np.random.default_rng(0)
    first = some.first_pass
    several = label_counts(first).sum(axis=1)[first.item] >= 2
    last = several & (random_ranks(first, rng) == 0)
    fold = rng.integers(0, n_folds, first.n_items)[first.item]
    by_way: dict[str, list[Floats]] = {f"{method}, {confidence}": [] for method, confidence in WAYS}
    for held in range(n_folds):
        out = last & (fold == held)
        kept, gone = first.where(~out), first.where(out)
        r = people(kept)
        for method, confidence in WAYS:
            p = probability_of_primary(kept, confidence, np.random.default_rng(held))
            made = soft_labels(kept, p, r, method, rng=np.random.default_rng(held)).distribution
            mixed = (1 - LEAST) * made + LEAST / made.shape[1]
            by_way[f"{method}, {confidence}"].append(-np.log(mixed[gone.item, gone.label]))
    return {way: np.concatenate(values) for way, values in by_way.items()}


def summary(by_way: dict[str, Floats]) -> Figures:
    rng = np.random.default_rng(0)
    n = by_way[DEFAULT].size
    picks = rng.integers(0, n, (500, n))

    def estimate(values: Floats) -> list[Any]:
        return [round(float(values.mean()), 4), interval_of(values[picks].mean(axis=1))]

    return {
        way: {"cross_entropy": estimate(values), "less_default": estimate(values - by_way[DEFAULT])}
        for way, values in by_way.items()
    }


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("data", type=Path)
    words.add_argument("--folds", type=int, default=5)
    options = words.parse_args()
    warnings.simplefilter("ignore")
    sets = {
        "RUC-MCD": ruc(options.data / "ruc_mcd_wide_original.csv"),
        "uds_factuality": uds(options.data / "uds_factuality.csv.gz"),
    }
    for name, some in sets.items():
        for way, row in summary(losses(some, options.folds)).items():
            print(json.dumps({"set": name, "way": way, **row}), flush=True)
