"""The same work by the libraries people use, as their documentation calls them: `python -m
bench.peers NAME FOLDER N_ANNOTATORS`. They take a gigabyte, so they never stand in our process.
"""

import sys
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
from cleanlab.multiannotator import get_active_learning_scores, get_label_quality_multiannotator
from crowdkit.aggregation import GLAD, MACE, DawidSkene, OneCoinDawidSkene
from sklearn.metrics import cohen_kappa_score

from bench.calls import (
    GLAD_ITERATIONS,
    MACE_ITERATIONS,
    SAMPLE_OF_PAIRS,
    Call,
    Prepare,
    print_call,
)
from bench.crowds import N_LABELS, Crowd


def wide(crowd: Crowd, n_annotators: int) -> np.ndarray:
    table = np.full((len(crowd.truth), n_annotators), np.nan)
    table[crowd.item, crowd.annotator] = crowd.label
    return table


def frame(crowd: Crowd) -> pd.DataFrame:
    return pd.DataFrame(
        {"task": crowd.item, "worker": crowd.annotator, "label": crowd.label.astype(int)}
    )


def alpha_of_matrix(crowd: Crowd, n: int) -> Call:
    matrix = wide(crowd, n).T.copy()
    return lambda: krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal")


def alpha_of_counts(crowd: Crowd, n: int) -> Call:
    counts = np.bincount(
        crowd.item.astype(np.int64) * N_LABELS + crowd.label, minlength=len(crowd.truth) * N_LABELS
    ).reshape(-1, N_LABELS)
    return lambda: krippendorff.alpha(
        value_counts=counts, value_domain=list(range(N_LABELS)), level_of_measurement="nominal"
    )


def kappas(crowd: Crowd, n: int) -> Call:
    """A sample of the pairs; the time of all is in proportion."""
    table = wide(crowd, n)
    rng = np.random.default_rng(0)
    pairs: list[tuple[int, int]] = []
    while len(pairs) < SAMPLE_OF_PAIRS:
        a, b = (int(one) for one in sorted(rng.choice(n, 2, replace=False)))
        if (~np.isnan(table[:, a]) & ~np.isnan(table[:, b])).any():
            pairs.append((a, b))

    def call() -> dict[str, float]:
        values = []
        for a, b in pairs:
            shared = ~np.isnan(table[:, a]) & ~np.isnan(table[:, b])
            values.append(cohen_kappa_score(table[shared, a], table[shared, b]))
        return {"pairs": SAMPLE_OF_PAIRS, "mean": float(np.nanmean(values))}

    return call


def crowd_kit(make: Callable[[], Any]) -> Callable[[Crowd, int], Call]:
    def prepare(crowd: Crowd, n: int) -> Call:
        data = frame(crowd)

        def call() -> dict[str, float]:
            labels = make().fit_predict(data)
            return {"accuracy": float((labels.sort_index().to_numpy() == crowd.truth).mean())}

        return call

    return prepare


def crowdlab(crowd: Crowd, n: int) -> Call:
    table = pd.DataFrame(wide(crowd, n))

    def call() -> dict[str, float]:
        quality = get_label_quality_multiannotator(table, crowd.model, verbose=False)[
            "label_quality"
        ]
        return {"accuracy": float((quality["consensus_label"].to_numpy() == crowd.truth).mean())}

    return call


def active_lab(crowd: Crowd, n: int) -> Call:
    table = wide(crowd, n)
    return lambda: float(get_active_learning_scores(table, crowd.model)[0].mean())


PEERS: dict[str, Prepare] = {
    "krippendorff_matrix": alpha_of_matrix,
    "krippendorff_counts": alpha_of_counts,
    "sklearn_kappas": kappas,
    "crowdkit_dawid_skene": crowd_kit(DawidSkene),
    "crowdkit_one_coin": crowd_kit(OneCoinDawidSkene),
    "crowdkit_mace": crowd_kit(lambda: MACE(n_restarts=1, n_iter=MACE_ITERATIONS)),
    "crowdkit_glad": crowd_kit(lambda: GLAD(n_iter=GLAD_ITERATIONS, tol=-np.inf)),
    "cleanlab_crowdlab": crowdlab,
    "cleanlab_active_lab": active_lab,
}


if __name__ == "__main__":
    print_call(PEERS, *sys.argv[1:])
