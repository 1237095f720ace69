"""A model's probabilities that somebody hands in, checked: for the methods that weigh one."""

import hashlib
from collections.abc import Mapping

import numpy as np

from annotate.errors import Invalid
from annotate.models import Item, Project
from labeler.given_model import GivenModel

NEAR = 1e-3  # how far a row's sum may be from 1


class BadProbabilities(Invalid):
    code = "bad-probabilities"


def model_given(
    *, project: Project, rows: Mapping[str, Mapping[str, float]], labels: tuple[str, ...]
) -> GivenModel:
    """From item id → label → probability. Raises BadProbabilities with the item, and stores
    nothing.
    """
    if not rows:
        raise BadProbabilities(
            "No item has probabilities. Give a row for each item the model judged."
        )
    known = dict(Item.objects.filter(project=project).values_list("external_id", "pk"))
    missing = next((name for name in rows if name not in known), None)
    if missing is not None:
        raise BadProbabilities(
            f"There is no item “{missing}” in this project. Name items by the ids they were"
            " imported with."
        )
    table = np.array(
        [[_number(item, row, label) for label in labels] for item, row in rows.items()],
        dtype=np.float64,
    ).reshape(-1, len(labels))
    sums = table.sum(axis=1)
    for item, row, total in zip(rows, rows.values(), sums, strict=True):
        extra = sorted(set(row) - set(labels))
        if extra:
            raise BadProbabilities(
                f"Item “{item}” has a probability for “{extra[0]}”, which is no label. The labels"
                f" are: {', '.join(labels)}."
            )
        if abs(total - 1) > NEAR:
            raise BadProbabilities(
                f"The probabilities of item “{item}” sum to {total:.4g} and not to 1."
            )
    digest = hashlib.sha256(table.tobytes() + "\n".join(rows).encode()).hexdigest()
    return GivenModel(
        np.array([known[name] for name in rows], dtype=np.int64),
        table / sums[:, None],
        labels,
        digest,
    )


def _number(item: str, row: Mapping[str, float], label: str) -> float:
    value = row.get(label)
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadProbabilities(
            f"Item “{item}” needs a probability from 0 to 1 for “{label}”; it has {value!r}."
        )
    return float(value)
