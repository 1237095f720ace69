"""Simulated crowds of a chosen size, the same for us and for every peer."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

ANSWERS_PER_ITEM = 10
N_LABELS = 5
# ways in which ten people meet on an item: 200 people all meet, of 10,000 each meets 1,800 others
N_PATTERNS = 20


@dataclass(frozen=True)
class Crowd:
    """item, annotator, label: (n_answers,); model: (N, K) a classifier's probabilities; truth:
    (N,).
    """

    item: np.ndarray
    annotator: np.ndarray
    label: np.ndarray
    model: np.ndarray
    truth: np.ndarray


def write(folder: Path, n_answers: int, n_annotators: int, seed: int = 0) -> None:
    """People are right with a skill of 0.4 to 0.95, else say anything; ten different people an
    item.
    """
    rng = np.random.default_rng(seed)
    n_items = n_answers // ANSWERS_PER_ITEM
    truth = rng.integers(0, N_LABELS, n_items).astype(np.int16)
    skill = rng.uniform(0.4, 0.95, n_annotators)
    steps = np.stack([rng.permutation(n_annotators)[:ANSWERS_PER_ITEM] for _ in range(N_PATTERNS)])
    drawn = (
        steps[rng.integers(0, N_PATTERNS, n_items)]
        + rng.integers(0, n_annotators, n_items)[:, None]
    )
    annotator = np.sort(drawn % n_annotators, axis=1).astype(np.int32).ravel()
    knows = rng.random(annotator.size) < skill[annotator]
    label = np.where(
        knows, np.repeat(truth, ANSWERS_PER_ITEM), rng.integers(0, N_LABELS, annotator.size)
    ).astype(np.int16)
    model = rng.dirichlet(np.ones(N_LABELS), n_items) * 0.5
    model[np.arange(n_items), truth] += 0.5
    item = np.repeat(np.arange(n_items, dtype=np.int32), ANSWERS_PER_ITEM)
    arrays: dict[str, np.ndarray] = {
        "item": item,
        "annotator": annotator,
        "label": label,
        "model": model,
        "truth": truth,
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


def read(folder: Path) -> Crowd:
    return Crowd(
        *(
            np.load(folder / f"{name}.npy")
            for name in ("item", "annotator", "label", "model", "truth")
        )
    )
