"""`python -m worker.learners.train FOLDER`: learn what FOLDER describes, write the model and its
logits, and say how it went by the exit code.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from worker.learners.artifacts import write_folder
from worker.learners.protocol import BadDataset, Diverged, Fitted, Orphaned, Task, read_task, teller
from worker.learners.registry import LEARNERS

DIVERGED, OUT_OF_MEMORY, BAD_DATASET, ORPHANED = 3, 4, 5, 6


def main(folder: Path) -> int:
    torch.set_num_threads(max(1, (os.cpu_count() or 2)))
    try:
        learn(folder)
    except Diverged:
        return DIVERGED
    except torch.cuda.OutOfMemoryError:
        return OUT_OF_MEMORY
    except BadDataset as error:
        print(error, file=sys.stderr)
        return BAD_DATASET
    except Orphaned:
        return ORPHANED
    return 0


def learn(folder: Path) -> None:
    if (folder / "cost.json").exists():
        return  # an earlier attempt got this far and was stopped before it could be registered
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    task = read_task(folder)
    learner = LEARNERS[config["learner"]]
    began = time.monotonic()
    fitted = learner.fit(task, folder, teller(folder))
    seconds = time.monotonic() - began
    write_folder(
        folder / "output",
        lambda part: _move_model(folder, part),
        {"learner": config["learner"], "labels": task.labels},
    )
    _write_logits(folder, task, config["learner"], fitted)
    part = folder / "cost.json.part"
    part.write_text(json.dumps(asdict(fitted.cost) | {"seconds": seconds}), encoding="utf-8")
    part.replace(folder / "cost.json")  # last of all: it says that everything else is there


def _move_model(folder: Path, part: Path) -> None:
    for file in sorted((folder / "model").iterdir()):
        file.replace(part / file.name)


def _write_logits(folder: Path, task: Task, learner: str, fitted: Fitted) -> None:
    """What the judge gets to see: on the test split, of the model as written and read back."""
    test = LEARNERS[learner].load(folder / "output").logits(task.test.texts)
    logits = {"validation": fitted.validation_logits, "test": test}
    save_file(
        {name: np.ascontiguousarray(values) for name, values in logits.items()},
        folder / "logits.safetensors",
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
