"""Champion against challenger on the same frozen test split; where nothing serves yet, the champion
is the class prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from labeler.dataset_rows import DatasetRow, rows_of
from labeler.numerics.arrays import Floats
from labeler.numerics.metrics.comparison import paired_difference
from labeler.numerics.metrics.distances import cross_entropy
from labeler.splits import normalised
from worker.models import Comparison, ModelVersion
from worker.services.prediction import probabilities_of

FEWEST_ITEMS = 30  # of a test split, below which no difference is believed
FEWEST_TEXTS = 20  # distinct ones
LARGEST_P = 0.05
METRIC = "soft_cross_entropy"


@dataclass(frozen=True)
class Verdict:
    """What the numbers say; `reason`: why nothing can be said, or what to mind."""

    n_items: int
    n_texts: int
    is_better: bool
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    reason: str = ""


def serving_of(project_id: int) -> ModelVersion | None:
    return ModelVersion.objects.filter(project_id=project_id, is_serving=True).first()


def comparison_with(version: ModelVersion, champion: ModelVersion | None) -> Comparison | None:
    """The newest of these two."""
    comparisons = Comparison.objects.filter(challenger=version, champion=champion)
    return comparisons.order_by("-pk").first()


def compare_with_serving(
    *, version: ModelVersion, now: datetime, predicted: Floats | None = None
) -> Comparison:
    """Against whoever serves now, on the challenger's own test split, and written down.

    predicted: (N, K) the challenger's probabilities there, where they are known already.
    """
    dataset = version.run.dataset
    rows = [row for row in rows_of(dataset) if row.split != "validation"]
    test = [row for row in rows if row.split == "test"]
    champion = serving_of(version.project_id)
    if champion is not None and (champion.pk == version.pk or champion.labels != version.labels):
        champion = None
    texts = [row.text for row in test]
    mine = probabilities_of(version, texts) if predicted is None else predicted
    theirs = _prior(rows, len(test)) if champion is None else probabilities_of(champion, texts)
    verdict = judge(test, mine, theirs, version.labels, np.random.default_rng(version.run.seed))
    return Comparison.objects.create(
        project_id=version.project_id,
        challenger=version,
        champion=champion,
        dataset_id=dataset.pk,
        metric=METRIC,
        created_at=now,
        **vars(verdict),
    )


def _prior(rows: Sequence[DatasetRow], n: int) -> Floats:
    """(n, K) the mean soft label of the train split, for every item."""
    mean = np.mean([row.soft_label for row in rows if row.split == "train"], axis=0)
    return np.repeat(mean[None, :], n, axis=0)


def judge(
    test: Sequence[DatasetRow],
    mine: Floats,
    theirs: Floats,
    labels: Sequence[str],
    rng: np.random.Generator,
) -> Verdict:
    """Paired difference in soft cross-entropy, challenger minus champion. mine, theirs: (N, K).

    Better beyond noise: its whole interval is below 0 and the permutation test agrees. Nothing is
    said of a split of fewer than FEWEST_ITEMS items or FEWEST_TEXTS distinct texts.
    """
    n_items, n_texts = len(test), len({normalised(row.text) for row in test})
    if n_items < FEWEST_ITEMS or n_texts < FEWEST_TEXTS:
        reason = (
            f"The test split has {n_items} items with {n_texts} distinct texts; {FEWEST_ITEMS} and"
            f" {FEWEST_TEXTS} are needed before a difference is believed."
        )
        return Verdict(n_items, n_texts, is_better=False, reason=reason)
    target = np.array([row.soft_label for row in test], dtype=np.float64)
    gaps = cross_entropy(target, mine), cross_entropy(target, theirs)
    if not (np.isfinite(gaps[0]).all() and np.isfinite(gaps[1]).all()):
        reason = "A model's loss on the test split is not a finite number."
        return Verdict(n_items, n_texts, is_better=False, reason=reason)
    difference = paired_difference(*gaps, rng)
    low, high = difference.interval
    return Verdict(
        n_items,
        n_texts,
        high < 0 and difference.p_value < LARGEST_P,
        difference.difference,
        low,
        high,
        difference.p_value,
        _silent(test, labels),
    )


def _silent(test: Sequence[DatasetRow], labels: Sequence[str]) -> str:
    there = {row.hard_label for row in test}
    lacking = [label for label in labels if label not in there]
    if not lacking:
        return ""
    names = ", ".join(f"“{label}”" for label in lacking)
    return f"The test split has no item whose label is {names}, so nothing is said of it."
