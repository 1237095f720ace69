"""Rows to a file, batch by batch. The file appears under its name only when it is whole."""

import csv
import hashlib
import itertools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.errors import Invalid

BATCH = 5000
SAFE, PLAIN = "safe", "as-they-are"
FORMULA = re.compile(r"'*[=+\-@\t\r]")
Record = dict[str, Any]  # a row by column
Rows = Iterable[Record]


def _spreadsheet_safe(text: str) -> str:
    """A text that a spreadsheet would take for a formula, behind an apostrophe, which spreadsheets
    hide and our import takes off again.
    """
    return f"'{text}" if FORMULA.match(text) else text


def _as_it_is(text: str) -> str:
    return text


Cells = Callable[[str], str]
CELLS: dict[str, Cells] = {SAFE: _spreadsheet_safe, PLAIN: _as_it_is}


class UnknownContainer(Invalid):
    code = "unknown-format"


@dataclass(frozen=True)
class Written:
    n_rows: int
    sha256: str


def write_file(path: Path, schema: pa.Schema, rows: Rows, cells: str = SAFE) -> Written:
    """Write to a neighbour, sync, rename. Returns the row count and the SHA-256 of the file.
    `cells`: how texts stand in a CSV. Raises UnknownContainer.
    """
    container = BY_SUFFIX.get(path.suffix)
    if container is None:
        raise UnknownContainer(
            f"“{path.name}” ends in none of {', '.join(BY_SUFFIX)}, so its format is not known."
        )
    part = path.with_name(f".{path.name}.part")
    try:
        n_rows = container.write(part, schema, rows, CELLS[cells])
        with part.open("rb") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Written(n_rows, digest)


def _batches(rows: Rows) -> Iterator[list[Record]]:
    source = iter(rows)
    while batch := list(itertools.islice(source, BATCH)):
        yield batch


def _write_jsonl(path: Path, schema: pa.Schema, rows: Rows, cells: Cells) -> int:
    n = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for n, row in enumerate(rows, start=1):
            out.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
    return n


def _write_csv(path: Path, schema: pa.Schema, rows: Rows, cells: Cells) -> int:
    n = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(map(cells, schema.names))
        for n, row in enumerate(rows, start=1):
            writer.writerow(_cell(row[name], cells) for name in schema.names)
    return n


def _cell(value: Any, cells: Cells) -> Any:
    if isinstance(value, list):
        return json.dumps(value)
    if isinstance(value, str):
        return cells(value)
    return "" if value is None else value


def _write_parquet(path: Path, schema: pa.Schema, rows: Rows, cells: Cells) -> int:
    n = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
            n += len(batch)
    return n


@dataclass(frozen=True)
class Container:
    """`suffix`: what a file's name ends in; `write` returns how many rows it wrote."""

    suffix: str
    media_type: str
    write: Callable[[Path, pa.Schema, Rows, Cells], int]


CONTAINERS = (
    Container(".jsonl", "application/jsonl", _write_jsonl),
    Container(".csv", "text/csv", _write_csv),
    Container(".parquet", "application/vnd.apache.parquet", _write_parquet),
)
BY_SUFFIX = {container.suffix: container for container in CONTAINERS}
