"""Soft-label rows: one an item, the distribution in the label order that the manifest and the
schema carry.
"""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from labeler.models import Dataset
from labeler.services.datasets import rows_of

SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        ("text", pa.string()),
        ("split", pa.string()),
        ("soft_label", pa.list_(pa.float64())),
        ("hard_label", pa.string()),
        ("is_tie", pa.bool_()),
        ("sample_weight", pa.float64()),
        ("n_annotations", pa.int64()),
        ("entropy", pa.float64()),
    ]
)


def rows(dataset: Dataset) -> Iterator[dict[str, Any]]:
    for row in rows_of(dataset):
        yield {name: row[name] for name in SCHEMA.names}
