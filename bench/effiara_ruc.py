"""Reliability and soft labels on RUC-MCD beside the package of the paper: `python -m
bench.effiara_ruc FILE PYTHON`, where PYTHON is that of an environment with effiara 0.1.1. Both
work in memory from the loaded file: the package from its data frame, we from columns.
"""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from bench.figures import Figures
from labeler.numerics.aggregation.registry import soft_labels
from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.arrays import MISSING, Answers, answers
from labeler.numerics.confidence.linear import stated
from labeler.numerics.pair_counts import pair_counts
from labeler.numerics.reliability import Edges, Reliability, reliability
from labeler.numerics.repeat_counts import repeat_counts

CODES = {"misinfo": 0, "debunk": 1, "other": 2, "": MISSING, "NotAva": MISSING}


def load(file: Path) -> Answers:
    with file.open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["representative"] == "y"]
    given = [
        (
            item,
            user,
            CODES[row[f"{again}user_{user + 1}_label"]],
            int(float(row[f"{again}user_{user + 1}_confidence"])),
            row[f"{again}user_{user + 1}_secondary"],
            place,
        )
        for item, row in enumerate(rows)
        for user in range(6)
        for place, again in ((1, ""), (2, "re_"))
        if row.get(f"{again}user_{user + 1}_label")
    ]
    item, annotator, label, confidence, second, pass_number = zip(*given, strict=True)
    codes = [CODES.get(name, MISSING) for name in second]
    return answers(
        item,
        annotator,
        label,
        n_labels=3,
        confidence=confidence,
        secondary=codes,
        pass_number=pass_number,
    )


def worked_out(some: Answers) -> Reliability:
    pairs = pair_counts(some, 15)
    graph = Edges(pairs.first, pairs.second, pair_values(pairs.counts))
    rated = reliability(graph, pair_values(repeat_counts(some)))
    soft_labels(some, stated(some), rated.r, "reliability")
    return rated


def main(file: Path, python: str) -> None:
    some = load(file)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        rated = worked_out(some)
        times.append(time.perf_counter() - began)
    done = subprocess.run(
        [python, str(Path(__file__).with_name("effiara_peer.py")), str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs: Figures = json.loads(done.stdout.splitlines()[-1])
    gap = np.abs(rated.r - np.array(list(theirs["reliability"].values()))).max()
    ratio = theirs["seconds"] / min(times)
    print(
        json.dumps(
            {
                "ours_seconds": min(times),
                "effiara_seconds": theirs["seconds"],
                "times_faster": round(ratio, 1),
                "largest_difference": float(gap),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
