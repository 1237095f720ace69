"""Champion against challenger on the same frozen test split; where nothing serves yet, the
champion is the class prior.
"""

from typing import Any

import numpy as np

from annotate.models import Project
from labeler.numerics.arrays import Floats
from labeler.numerics.metrics.comparison import paired_difference
from labeler.numerics.metrics.distances import cross_entropy
from worker.models import ModelVersion
from worker.services.prediction import probabilities_of

Rows = dict[str, list[dict[str, Any]]]


def compare_with_serving(
    *, project: Project, rows: Rows, labels: list[str], predicted: Floats, rng: np.random.Generator
) -> dict[str, Any]:
    """Paired difference in soft cross-entropy, challenger minus champion, over the test split.
    Better: its whole interval is below 0.
    """
    target = np.array([row["soft_label"] for row in rows["test"]], dtype=np.float64)
    champion, expected = _champion(project, rows, labels)
    found = paired_difference(
        cross_entropy(target, predicted), cross_entropy(target, expected), rng
    )
    return {
        "champion": champion,
        "metric": "soft_cross_entropy",
        "difference": found.difference,
        "interval": list(found.interval),
        "p_value": found.p_value,
        "is_better": found.interval[1] < 0,
    }


def _champion(project: Project, rows: Rows, labels: list[str]) -> tuple[int | None, Floats]:
    """(number of the serving model or None, its probabilities (N, K) on the test split)."""
    serving = ModelVersion.objects.filter(project=project, is_serving=True).first()
    if serving is None or serving.labels != labels:
        prior = np.mean([row["soft_label"] for row in rows["train"]], axis=0)
        return None, np.repeat(prior[None, :], len(rows["test"]), axis=0)
    return serving.number, probabilities_of(serving, [row["text"] for row in rows["test"]])
