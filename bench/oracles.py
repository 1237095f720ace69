"""Ours against other libraries on real answers: `python -m bench.oracles DATA`. Prints the
largest difference of each.
"""

import csv
import gzip
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
from cleanlab.internal.multiannotator_utils import find_best_temp_scaler
from cleanlab.multiannotator import get_active_learning_scores, get_label_quality_multiannotator
from crowdkit.aggregation import GLAD, MACE, DawidSkene, MajorityVote, OneCoinDawidSkene
from sklearn.metrics import cohen_kappa_score

from labeler.numerics.aggregation.active_lab import active_lab
from labeler.numerics.aggregation.cooccurrence import vote_by_cell
from labeler.numerics.aggregation.crowdlab import crowdlab
from labeler.numerics.aggregation.dawid_skene import dawid_skene
from labeler.numerics.aggregation.evidence import Evidence
from labeler.numerics.aggregation.glad import glad
from labeler.numerics.aggregation.mace import Start, run
from labeler.numerics.aggregation.one_coin import one_coin
from labeler.numerics.aggregation.vote_share import vote_share
from labeler.numerics.agreement.overall import coefficient
from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.arrays import Answers, Floats, answers
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.pair_counts import pair_counts

FILES = ("snow_rte", "weather_sentiment", "lewidi2_hsbrexit", "convabuse_full", "uds_factuality")
Gap = tuple[str, float]


def load(file: Path) -> Answers:
    """First passes, coded in order of appearance, as crowd-kit's MACE needs them."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
        given = [
            (row["item_id"], row["annotator"], row["label"])
            for row in csv.DictReader(rows)
            if row["round"] in ("", "1") and row["label"]
        ]
    frame = pd.DataFrame(given, columns=["item", "annotator", "label"]).drop_duplicates(
        ["item", "annotator"]
    )
    codes = [pd.factorize(frame[name]) for name in ("item", "annotator", "label")]
    return answers(codes[0][0], codes[1][0], codes[2][0], n_labels=len(codes[2][1]))


def gap(ours: Any, theirs: Any) -> float:
    return float(np.nanmax(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float))))


def agreement(some: Answers) -> Iterator[Gap]:
    counts = label_counts(some)
    for level in ("nominal", "ordinal", "interval"):
        theirs = krippendorff.alpha(
            value_counts=counts, value_domain=list(range(some.n_labels)), level_of_measurement=level
        )
        yield (
            f"krippendorff alpha, {level}",
            gap(np.array(coefficient(coincidences(counts), "krippendorff", level)), theirs),
        )
    pairs, table = pair_counts(some, 20), wide(some)
    for level, weights in (("nominal", None), ("interval", "quadratic")):
        ours = pair_values(pairs.counts, "cohen", level)
        kappas = [
            kappa(table, int(a), int(b), some.n_labels, weights)
            for a, b in zip(pairs.first[:300], pairs.second[:300], strict=True)
        ]
        yield (
            f"scikit-learn kappa of pairs, {weights or 'unweighted'}",
            gap(ours[:300], np.array(kappas)),
        )


def kappa(table: Floats, a: int, b: int, n_labels: int, weights: str | None) -> float:
    shared = ~np.isnan(table[:, a]) & ~np.isnan(table[:, b])
    return float(
        cohen_kappa_score(
            table[shared, a], table[shared, b], labels=range(n_labels), weights=weights
        )
    )


def crowd_kit(some: Answers) -> Iterator[Gap]:
    given = Evidence(some, np.ones(len(some)), np.ones(some.n_annotators))
    frame = pd.DataFrame(
        {"task": some.item, "worker": some.annotator, "label": some.label.astype(int)}
    )
    yield (
        "crowd-kit MajorityVote",
        gap(vote_share(given).distribution, ordered(MajorityVote().fit(frame))),
    )
    expected = ordered(DawidSkene(n_iter=10, tol=-np.inf).fit(frame))
    yield (
        "crowd-kit DawidSkene, 10 iterations",
        gap(dawid_skene(given, 0.0, 10, -np.inf).distribution, expected),
    )
    expected = ordered(OneCoinDawidSkene(n_iter=10, tol=-np.inf).fit(frame))
    yield (
        "crowd-kit OneCoin, 10 iterations",
        gap(one_coin(given, 10, -np.inf).distribution, expected),
    )
    theirs = MACE(n_restarts=1, n_iter=10, random_state=0)
    theirs._initialize(some.n_annotators, some.n_labels)
    start = Start(theirs.spamming_.copy(), theirs.thetas_.copy())
    yield (
        "crowd-kit MACE, its start, 10 iterations",
        gap(
            run(given, vote_by_cell(given), start, 10, -1.0)[1].distribution,
            ordered(theirs.fit(frame)),
        ),
    )
    if len(some) <= 20_000:
        for n in (2, 3):
            yield (
                f"crowd-kit GLAD, {n} iterations",
                gap(
                    glad(given, n, -np.inf).distribution,
                    ordered(GLAD(n_iter=n, tol=-np.inf).fit(frame)),
                ),
            )


def ordered(fitted: Any) -> Floats:
    return np.asarray(fitted.probas_.sort_index(axis=0).sort_index(axis=1).to_numpy())


def clean_lab(some: Answers) -> Iterator[Gap]:
    share = vote_share(Evidence(some, np.ones(len(some)), np.ones(some.n_annotators))).distribution
    model = (
        0.5 * np.random.default_rng(0).dirichlet(np.ones(some.n_labels), some.n_items) + 0.5 * share
    )
    given = Evidence(some, np.ones(len(some)), np.ones(some.n_annotators), model)
    table = wide(some)
    theirs = get_label_quality_multiannotator(pd.DataFrame(table), model, verbose=False)
    yield (
        "cleanlab CROWDLAB, consensus quality",
        gap(
            crowdlab(given).scores["quality"],
            theirs["label_quality"]["consensus_quality_score"].to_numpy(),
        ),
    )
    temperature = find_best_temp_scaler(table, model)
    yield (
        "cleanlab ActiveLab, its temperature",
        gap(
            active_lab(given, None, temperature).answered,
            get_active_learning_scores(table, model)[0],
        ),
    )


def wide(some: Answers) -> Floats:
    table = np.full((some.n_items, some.n_annotators), np.nan)
    table[some.item, some.annotator] = some.label
    return table


def main(folder: Path) -> None:
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    for name in FILES:
        some = load(folder / f"{name}.csv.gz")
        for compare in (agreement, crowd_kit, clean_lab):
            if compare is clean_lab and len(some) > 20_000:
                continue  # a matrix of people by items that takes it many minutes
            for what, largest in compare(some):
                print(
                    json.dumps({"set": name, "what": what, "largest_difference": largest}),
                    flush=True,
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
