"""`python -m worker.learners.predict FOLDER`: one JSON line of texts in, one JSON line of logits
out, until stdin ends.
"""

import json
import sys
from pathlib import Path

import torch

from worker.learners.artifacts import verified_manifest
from worker.learners.registry import LEARNERS


def main(folder: Path) -> None:
    torch.set_num_threads(max(1, torch.get_num_threads() // 2))
    manifest = verified_manifest(folder)
    predictor = LEARNERS[manifest["learner"]].load(folder)
    answer({"ready": True})
    for line in sys.stdin:
        answer({"logits": predictor.logits(json.loads(line)["texts"]).tolist()})


def answer(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
