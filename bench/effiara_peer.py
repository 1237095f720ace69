"""EffiARA's own package on RUC-MCD, for an environment of its own: `python effiara_peer.py FILE`
prints seconds and reliability.

The package cannot make final labels (its generator names something undefined), so what runs is
timed: the answers' soft labels, agreement and reliability.
"""

import json
import sys
import time

import pandas as pd
from effiara.annotator_reliability import Annotations
from effiara.label_generators import EffiLabelGenerator

PEOPLE = [f"user_{n}" for n in range(1, 7)]


def main(file: str) -> None:
    frame = pd.read_csv(file)
    frame = frame[frame["representative"] == "y"].reset_index(drop=True)
    labels = {"misinfo": 0, "debunk": 1, "other": 2}
    times = []
    for _ in range(3):
        began = time.perf_counter()
        annotations = Annotations(frame, EffiLabelGenerator(PEOPLE, labels), reannotations=True)
        times.append(time.perf_counter() - began)
    reliability = {name: annotations.G.nodes[name]["reliability"] for name in PEOPLE}
    print(json.dumps({"seconds": min(times), "reliability": reliability}))


if __name__ == "__main__":
    main(sys.argv[1])
