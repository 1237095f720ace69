"""Probabilities of a trained model that somebody hands in, for the methods that weigh one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from annotate.errors import Conflict
from labeler.answers import AnswerTable
from labeler.numerics.arrays import Floats, Ints


class ModelNeeded(Conflict):
    code = "model-needed"


@dataclass(frozen=True)
class GivenModel:
    """probabilities: (n, K) a model's for items it was not trained on, in the order of `labels`;
    item_ids: (n,) their primary keys; digest: of the model and what it saw. Items it does not
    know count as undecided.
    """

    item_ids: Ints
    probabilities: Floats
    labels: tuple[str, ...]
    digest: str

    def merged(self, merge: Mapping[str, str]) -> "GivenModel":
        """In the coarser labels of a selection: probabilities of labels that are counted as one
        are added.
        """
        kept = tuple(label for label in self.labels if label not in merge)
        into = [
            [label for label in self.labels if merge.get(label, label) == target] for target in kept
        ]
        columns = [
            sum(self.probabilities[:, self.labels.index(label)] for label in sources)
            for sources in into
        ]
        return (
            replace(self, probabilities=np.stack(columns, axis=1), labels=kept) if merge else self
        )

    def of_items(self, table: AnswerTable) -> Floats:
        """(N, K) for the table's items, in the order of its labels. Raises ModelNeeded when the
        labels are others.
        """
        if sorted(self.labels) != sorted(table.labels):
            raise ModelNeeded(
                f"The model knows the labels {', '.join(self.labels)}; the answers have"
                f" {', '.join(table.labels)}. Train on them first."
            )
        order = [self.labels.index(label) for label in table.labels]
        by_item = np.argsort(self.item_ids)
        place = np.minimum(
            np.searchsorted(self.item_ids[by_item], table.item_ids), max(0, self.item_ids.size - 1)
        )
        row = by_item[place]
        known = self.item_ids[row] == table.item_ids
        return np.where(known[:, None], self.probabilities[row][:, order], 1.0 / len(order))
