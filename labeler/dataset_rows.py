"""The rows of a frozen dataset, and the Parquet file that they are stored as."""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.jsonform import as_json, from_json
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
        ("votes", pa.list_(pa.int64())),
    ]
)


@dataclass
class DatasetRow:
    """One item. `soft_label` and `votes` are in the order of the dataset's labels; `split` is what
    an import said, or "", until labeler.splits has assigned it.
    """

    item_id: str
    text: str
    split: str
    soft_label: list[float]
    hard_label: str
    is_tie: bool
    sample_weight: float
    n_annotations: int
    entropy: float
    votes: list[int]


def hash_of(rows: Sequence[DatasetRow], labels: Sequence[str]) -> str:
    """SHA-256 of what the dataset says, however it is stored."""
    digest = hashlib.sha256(json.dumps(labels).encode())
    for row in rows:
        digest.update(json.dumps(as_json(row), sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def parquet_of(rows: Sequence[DatasetRow], labels: Sequence[str]) -> bytes:
    schema = SCHEMA.with_metadata({"labels": json.dumps(labels)})
    buffer = io.BytesIO()
    pq.write_table(
        pa.Table.from_pylist([vars(row) for row in rows], schema=schema), buffer, compression="zstd"
    )
    return buffer.getvalue()


def rows_of(dataset: Dataset) -> list[DatasetRow]:
    stored = pq.read_table(io.BytesIO(bytes(dataset.payload))).to_pylist()
    return from_json(list[DatasetRow], stored)


def columns_of(dataset: Dataset, names: Sequence[str]) -> dict[str, list[Any]]:
    """Some columns only, as large datasets are read in a request."""
    table = pq.read_table(io.BytesIO(bytes(dataset.payload)), columns=list(names))
    columns: dict[str, list[Any]] = table.to_pydict()
    return columns


def content_hash_of(dataset: Dataset) -> str:
    """The hash of the rows as they are stored, which must be the dataset's `content_hash`."""
    return hash_of(rows_of(dataset), dataset.labels)
