"""Soft-label rows: one an item, the distribution in the label order that the manifest and the
schema carry.
"""

from collections.abc import Iterator

import pyarrow as pa

from labeler.dataset_rows import rows_of
from labeler.exporting.writing import Record
from labeler.models import Dataset

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


def rows(dataset: Dataset) -> Iterator[Record]:
    for row in rows_of(dataset):
        yield {name: getattr(row, name) for name in SCHEMA.names}
