"""What a learner is given, what it must offer, and how it tells how far it is.

Sizes: n_items (N), n_labels (K). Targets and probabilities are (N, K) in the order of `labels`.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from worker.contract import CONFIG, DATASET, PROGRESS, Cost, LearnerSpec, TrainingConfig
from worker.patience import patiently

Floats = NDArray[np.float64]
Row = dict[str, Any]  # of the dataset, by column


class BadDataset(Exception):
    """There is nothing to learn from; the message says what is missing."""


class Diverged(Exception):
    """The loss is not a finite number."""


class Orphaned(Exception):
    """The process that started this one is gone; whoever takes the job next starts its own."""


@dataclass(frozen=True)
class Split:
    """texts: N; target: (N, K) what the objective asks for; weight: (N,) mean 1."""

    texts: list[str]
    target: Floats
    weight: Floats


@dataclass(frozen=True)
class Task:
    """Everything a training needs, read from its folder: config.json and dataset.parquet."""

    labels: list[str]
    seed: int
    settings: dict[str, float | str]
    train: Split
    validation: Split
    test: Split


class Predictor(Protocol):
    def logits(self, texts: Sequence[str]) -> Floats:
        """(N, K) unnormalised log probabilities."""


@dataclass(frozen=True)
class Fitted:
    """validation_logits: (N, K), each row from a model that had not seen it, and as like the kept
    one as may be: the temperatures are fitted on them.
    """

    cost: Cost
    validation_logits: Floats


class Learner(Protocol):
    spec: LearnerSpec

    def fit(self, task: Task, folder: Path, tell: "Tell") -> Fitted:
        """Learn and write the model's files to folder/model; resume from folder/checkpoints when
        there is one.
        """

    def load(self, folder: Path) -> Predictor:
        """The model whose files are in `folder`."""


Tell = Callable[..., None]


def check_parent() -> None:
    """Raises Orphaned when whoever started this process is gone."""
    parent = os.environ.get("HALFTONE_PARENT")
    if parent is not None and os.getppid() != int(parent):
        raise Orphaned


def teller(folder: Path) -> Tell:
    """A function that appends one line of progress, and stops the training when its starter is
    gone.
    """

    def tell(**line: Any) -> None:
        check_parent()
        patiently(lambda: _append(folder / PROGRESS, json.dumps(line) + "\n"), check_parent)

    return tell


def _append(path: Path, line: str) -> None:
    """The whole line, or nothing where there is no space for it."""
    end = path.stat().st_size if path.exists() else 0
    try:
        with path.open("a", encoding="utf-8") as out:
            out.write(line)
    except OSError:
        if path.exists():
            os.truncate(path, end)
        raise


def read_config(folder: Path) -> TrainingConfig:
    return TrainingConfig(**json.loads((folder / CONFIG).read_text(encoding="utf-8")))


def read_task(folder: Path) -> Task:
    config = read_config(folder)
    rows = pq.read_table(folder / DATASET).to_pylist()
    splits = {name: _split(rows, name, config) for name in ("train", "validation", "test")}
    if len(splits["train"].texts) < 2:
        raise BadDataset("fewer than two rows to train on")
    if not splits["validation"].texts:
        raise BadDataset("no rows in the validation split, so nothing can be chosen on it")
    return Task(config.labels, config.seed, config.settings, **splits)


def joined(first: Split, second: Split) -> Split:
    """Both splits as one, weights with mean 1 again."""
    weight = np.concatenate([first.weight, second.weight])
    return Split(
        first.texts + second.texts,
        np.concatenate([first.target, second.target]),
        weight / weight.mean(),
    )


def taken(split: Split, rows: NDArray[np.bool_]) -> Split:
    """The rows of a split, as they are. rows: (N,)."""
    texts = [text for text, kept in zip(split.texts, rows, strict=True) if kept]
    return Split(texts, split.target[rows], split.weight[rows])


def _split(rows: list[Row], name: str, config: TrainingConfig) -> Split:
    rows = [row for row in rows if row["split"] == name]
    labels = config.labels
    target = np.array(
        [_target(row, labels, config.objective) for row in rows], dtype=np.float64
    ).reshape(-1, len(labels))
    weight = np.array([_weight(row, config) for row in rows], dtype=np.float64)
    return Split([row["text"] for row in rows], target, weight / weight.mean() if rows else weight)


def _target(row: Row, labels: list[str], objective: str) -> list[float]:
    if objective == "hard":
        return [float(label == row["hard_label"]) for label in labels]
    if objective == "repeated":
        return [n / sum(row["votes"]) for n in row["votes"]]
    return [float(p) for p in row["soft_label"]]


def _weight(row: Row, config: TrainingConfig) -> float:
    """Repeated labelling shows an item once an annotation, which is the vote share weighted by
    the number of votes.
    """
    weight = float(row["sample_weight"]) if config.weights == "reliability" else 1.0
    return weight * (row["n_annotations"] if config.objective == "repeated" else 1)
