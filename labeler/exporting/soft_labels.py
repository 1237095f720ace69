"""Soft-label rows: one an item, the distribution in the label order that the manifest and the
schema carry.
"""

from collections.abc import Iterator

import pyarrow as pa

from labeler.dataset_rows import SCHEMA as STORED
from labeler.dataset_rows import rows_of
from labeler.exporting.writing import Record
from labeler.models import Dataset

LEFT_OUT = ("votes",)
SCHEMA = pa.schema([field for field in STORED if field.name not in LEFT_OUT])


def rows(dataset: Dataset) -> Iterator[Record]:
    for row in rows_of(dataset):
        yield {name: getattr(row, name) for name in SCHEMA.names}
