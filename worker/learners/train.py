"""`python -m worker.learners.train FOLDER`: learn what FOLDER describes, write the model and its
logits, and say how it went by the exit code.
"""

import json
import os
import shutil
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from worker.contract import COST, LOGITS, MODEL, OUTPUT, Cost, Exit
from worker.learners.artifacts import write_folder
from worker.learners.protocol import (
    BadDataset,
    Diverged,
    Fitted,
    Floats,
    Orphaned,
    check_parent,
    read_config,
    read_task,
    teller,
)
from worker.learners.registry import LEARNERS
from worker.patience import patiently


def main(folder: Path) -> int:
    try:
        learn(folder)
    except Diverged:
        return Exit.DIVERGED
    except torch.cuda.OutOfMemoryError:
        return Exit.OUT_OF_MEMORY
    except BadDataset as error:
        print(error, file=sys.stderr)
        return Exit.BAD_DATASET
    except Orphaned:
        return Exit.ORPHANED
    return 0


def learn(folder: Path) -> None:
    if (folder / COST).exists():
        return  # an earlier attempt got this far and was stopped before it could be registered
    name, task = read_config(folder).learner, read_task(folder)
    learner = LEARNERS[name]
    began = time.monotonic()
    fitted = learner.fit(task, folder, teller(folder))
    seconds = time.monotonic() - began
    cost = replace(fitted.cost, seconds=seconds)
    patiently(lambda: _write_output(folder, name, task.labels), check_parent)
    # what the judge gets to see: on the test split, of the model as written and read back
    test = LEARNERS[name].load(folder / OUTPUT).logits(task.test.texts)
    patiently(lambda: _write_logits(folder, fitted, test), check_parent)
    patiently(lambda: _write_cost(folder, cost), check_parent)


def _write_output(folder: Path, learner: str, labels: list[str]) -> None:
    about = {"learner": learner, "labels": labels}
    write_folder(folder / OUTPUT, lambda part: _link_model(folder, part), about)


def _write_cost(folder: Path, cost: Cost) -> None:
    """Last of all: it says that everything else is there."""
    part = folder / f"{COST}.part"
    part.write_text(json.dumps(asdict(cost)), encoding="utf-8")
    part.replace(folder / COST)


def _link_model(folder: Path, part: Path) -> None:
    """Linked and not moved: a part that finds no space is thrown away, and the model must not go
    with it. Copied where the file system has no links.
    """
    for file in sorted((folder / MODEL).iterdir()):
        try:
            os.link(file, part / file.name)
        except OSError:
            shutil.copyfile(file, part / file.name)


def _write_logits(folder: Path, fitted: Fitted, test: Floats) -> None:
    logits = {"validation": fitted.validation_logits, "test": test}
    save_file(
        {name: np.ascontiguousarray(values) for name, values in logits.items()},
        folder / LOGITS,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
