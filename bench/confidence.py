"""Whether fitted confidence beats stated and Bayes: `python -m bench.confidence DATA`. Brier
score against what another person said, every method learned from other items only (five folds),
with 95 % intervals over items, of each score and of each difference.
"""

import csv
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.figures import Figures
from labeler.numerics.arrays import MISSING, Answers, Floats, answers
from labeler.numerics.confidence.methods import brier_of, cross_validated
from labeler.numerics.intervals import interval_of

METHODS = ("linear", "bayes", "bayes_coded", "fitted")


def ruc(file: Path) -> Answers:
    labels = ["misinfo", "debunk", "other"]
    with file.open(encoding="utf-8", newline="") as rows:
        published = [
            (
                item,
                user,
                labels.index(row[f"user_{user}_label"]),
                int(float(row[f"user_{user}_confidence"])),
            )
            for item, row in enumerate(csv.DictReader(rows))
            for user in range(1, 7)
            if row[f"user_{user}_label"]
        ]
    item, annotator, label, confidence = zip(*published, strict=True)
    return answers(item, np.array(annotator) - 1, label, n_labels=3, confidence=confidence)


def uds(file: Path) -> Answers:
    """Confidence 0..4 becomes 1..5."""
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        frame = pd.read_csv(rows, dtype=str, keep_default_na=False)
    frame = frame[frame["round"].isin(["", "1"])].drop_duplicates(["item_id", "annotator"])
    label, names = pd.factorize(frame["label"], sort=True)
    confidence = frame["confidence"].map(lambda value: int(float(value)) + 1 if value else MISSING)
    return answers(
        pd.factorize(frame["item_id"])[0],
        pd.factorize(frame["annotator"])[0],
        label,
        n_labels=len(names),
        confidence=confidence.to_numpy(),
    )


def compared(some: Answers, seed: int = 0) -> Figures:
    rng = np.random.default_rng(seed)
    brier = {
        name: brier_of(some, cross_validated(some, name, np.random.default_rng(seed)))
        for name in METHODS
    }
    there = np.isfinite(brier["linear"])
    _, item = np.unique(some.item[there], return_inverse=True)
    n = np.bincount(item).astype(float)
    sums = {
        name: np.bincount(item, weights=values[there]).astype(np.float64)
        for name, values in brier.items()
    }
    picks = rng.integers(0, n.size, (1000, n.size))

    def estimate(total: Floats) -> list[Any]:
        return [
            round(float(total.sum() / n.sum()), 4),
            interval_of(np.array([total[pick].sum() / n[pick].sum() for pick in picks])),
        ]

    figures: Figures = {"n_answers": int(there.sum()), "n_items": int(n.size)}
    figures |= {name: estimate(total) for name, total in sums.items()}
    return figures | {
        f"fitted - {name}": estimate(sums["fitted"] - sums[name]) for name in METHODS[:-1]
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(json.dumps({"RUC-MCD": compared(ruc(folder / "ruc_mcd_wide_original.csv"))}))
    print(json.dumps({"uds_factuality": compared(uds(folder / "uds_factuality.csv.gz"))}))
