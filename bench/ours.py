"""Our arithmetic, one measured call each: `python -m bench.ours NAME FOLDER N_ANNOTATORS`."""

import sys
from collections.abc import Callable
from functools import partial

import numpy as np

from bench.calls import GLAD_ITERATIONS, MACE_ITERATIONS, Call, Prepare, print_call
from bench.crowds import N_LABELS, Crowd
from labeler.numerics.aggregation.active_lab import active_lab
from labeler.numerics.aggregation.crowdlab import crowdlab
from labeler.numerics.aggregation.dawid_skene import dawid_skene
from labeler.numerics.aggregation.evidence import Aggregated, Evidence
from labeler.numerics.aggregation.glad import glad
from labeler.numerics.aggregation.mace import mace
from labeler.numerics.aggregation.one_coin import one_coin
from labeler.numerics.aggregation.registry import METHODS, aggregate
from labeler.numerics.agreement.overall import coefficient, overall_alpha
from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.arrays import Answers, answers
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.pair_counts import pair_counts


def ours(crowd: Crowd, n_annotators: int) -> Answers:
    return answers(
        crowd.item, crowd.annotator, crowd.label, n_labels=N_LABELS, n_annotators=n_annotators
    )


def evidence(crowd: Crowd, n_annotators: int) -> Evidence:
    some = ours(crowd, n_annotators)
    return Evidence(some, np.ones(len(some)), np.ones(n_annotators), crowd.model)


def our_alpha(crowd: Crowd, n: int) -> Call:
    some = ours(crowd, n)
    return lambda: coefficient(coincidences(label_counts(some)))


def our_alpha_of_counts(crowd: Crowd, n: int) -> Call:
    counts = label_counts(ours(crowd, n))
    return lambda: coefficient(coincidences(counts))


def our_alpha_interval(crowd: Crowd, n: int) -> Call:
    some = ours(crowd, n)
    return lambda: overall_alpha(label_counts(some), np.random.default_rng(0)).interval


def our_kappas(crowd: Crowd, n: int) -> Call:
    some = ours(crowd, n)

    def kappas() -> dict[str, float]:
        values = pair_values(pair_counts(some, 2 if n > 2000 else 1).counts, "cohen")
        return {"pairs": int(values.size), "mean": float(values.mean())}

    return kappas


def one_pass(crowd: Crowd, n: int) -> Call:
    """What reading items and labels once costs: the limit that memory sets."""
    item, label = crowd.item, crowd.label
    return lambda: int(item.sum()) + int(label.sum())


def of(method: Callable[[Evidence], Aggregated]) -> Prepare:
    def prepare(crowd: Crowd, n: int) -> Call:
        given = evidence(crowd, n)
        return lambda: accuracy(method(given).distribution, crowd)

    return prepare


def accuracy(distribution: np.ndarray, crowd: Crowd) -> dict[str, float]:
    return {"accuracy": float((distribution.argmax(axis=1) == crowd.truth).mean())}


def our_active_lab(crowd: Crowd, n: int) -> Call:
    given = evidence(crowd, n)
    return lambda: float(active_lab(given).answered.mean())


OURS: dict[str, Prepare] = {
    "alpha": our_alpha,
    "alpha_of_counts": our_alpha_of_counts,
    "alpha_interval": our_alpha_interval,
    "kappas": our_kappas,
    "one_pass": one_pass,
    "dawid_skene": of(lambda given: dawid_skene(given, 0.0)),
    "one_coin": of(one_coin),
    "mace": of(lambda given: mace(given, 1, MACE_ITERATIONS, -1.0)),
    "glad": of(lambda given: glad(given, GLAD_ITERATIONS, -np.inf)),
    "crowdlab": of(crowdlab),
    "active_lab": our_active_lab,
    **{
        name: of(partial(aggregate, name))
        for name in METHODS
        if name not in ("dawid_skene", "one_coin", "mace", "glad", "crowdlab")
    },
}


if __name__ == "__main__":
    print_call(OURS, *sys.argv[1:])
