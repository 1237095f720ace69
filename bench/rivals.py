"""One measured call each, ours and the peers': `python -m bench.rivals NAME FOLDER N_ANNOTATORS`
prints seconds, memory and what came out.

Memory is what the call adds at its peak to the process that has loaded libraries and data.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.crowds import N_LABELS, Crowd, read
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

GLAD_ITERATIONS = 3
MACE_ITERATIONS = 50
SAMPLE_OF_PAIRS = 100
Call = Callable[[], Any]
Prepare = Callable[[Crowd, int], Call]


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
        found = pair_values(pair_counts(some, 2 if n > 2000 else 1).counts, "cohen")
        return {"pairs": int(found.size), "mean": float(found.mean())}

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


def measured(call: Call) -> dict[str, Any]:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = status("VmRSS")
    began = time.perf_counter()
    value = call()
    seconds = time.perf_counter() - began
    peak = status("VmHWM") - before
    while seconds < 1.0 and (again := time.perf_counter()):
        call()
        best = min(seconds, time.perf_counter() - again)
        if best > 0.9 * seconds:
            break
        seconds = best
    return {
        "seconds": seconds,
        "megabytes": peak / 1024,
        "process_megabytes": status("VmHWM") / 1024,
        "value": value,
    }


def status(name: str) -> int:
    """Kilobytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def main(name: str, folder: str, n_annotators: str) -> None:
    warnings.simplefilter("ignore")
    prepare = OURS.get(name)
    if prepare is None:
        # libraries of a gigabyte, which must not stand in our own process
        from bench.peers import PEERS  # noqa: PLC0415

        prepare = PEERS[name]
    print(json.dumps(measured(prepare(read(Path(folder)), int(n_annotators)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
