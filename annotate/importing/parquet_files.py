"""Parquet, part by part: a small file may hold gigabytes, so nothing is unpacked before it is known
how much it is.
"""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.importing.bounds import (
    LARGEST_UNPACKED,
    MOST_CELLS,
    MOST_COLUMNS,
    Meter,
    refuse,
    unpacked_too_large,
)
from annotate.importing.tables import Row, Table

LARGEST_PART = 32 * 1024**2  # bytes unpacked at once, if every row held the largest cell
MOST_ROWS_OF_PART = 5_000


def read(content: bytes) -> Table:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        columns = _columns(file)
        rows: list[Row] = []
        meter = Meter()
        for part in file.iter_batches(batch_size=_rows_of_part(file)):
            rows += _rows(part, columns, len(rows), meter)
    except (pa.ArrowException, OSError) as error:
        raise refuse(f"The file is not a readable Parquet file: {error}.") from error
    return Table(columns, rows)


def _columns(file: pq.ParquetFile) -> tuple[str, ...]:
    schema, meta = file.schema_arrow, file.metadata
    columns = tuple(schema.names)
    if len(set(columns)) != len(columns):
        raise refuse("The file names a column twice.")
    if len(columns) > MOST_COLUMNS:
        raise refuse(f"The file has {len(columns)} columns; {MOST_COLUMNS} is the most.")
    if meta.num_rows * len(columns) > MOST_CELLS:
        raise refuse(f"There are more than {MOST_CELLS:,} cells. Split the file.")
    nested = [column.name for column in schema if pa.types.is_nested(column.type)]
    if nested:
        reason = "The column holds lists or structures; text and numbers are what can be imported."
        raise refuse(reason, column=nested[0])
    return columns


def _rows_of_part(file: pq.ParquetFile) -> int:
    """So few that a dictionary's largest value, repeated in each, stays within LARGEST_PART."""
    meta = file.metadata
    groups = [meta.row_group(place) for place in range(meta.num_row_groups)]
    sizes = [
        group.column(place).total_uncompressed_size
        for group in groups
        for place in range(group.num_columns)
    ]
    if sum(sizes) > LARGEST_UNPACKED:
        raise unpacked_too_large()
    return max(1, min(MOST_ROWS_OF_PART, LARGEST_PART // max(1, max(sizes, default=1))))


def _rows(part: pa.RecordBatch, columns: tuple[str, ...], before: int, meter: Meter) -> list[Row]:
    cells = [_texts(part.column(place), name, before) for place, name in enumerate(columns)]
    rows = []
    for place, values in enumerate(zip(*cells, strict=True), start=before + 1):
        named = {name: value for name, value in zip(columns, values, strict=True) if value}
        meter.count(named, place)
        rows.append(Row(place, None, named))
    return rows


def _texts(column: pa.Array, name: str, before: int) -> list[str]:
    """Each value as text. Raises BadFile with the row of one that has none."""
    texts = []
    for place in range(len(column)):
        try:
            texts.append(_text(column[place].as_py()))
        except (ValueError, OverflowError, pa.ArrowException) as error:
            reason = f"This value cannot be read as text: {error}."
            raise refuse(reason, row=before + place + 1, column=name) from error
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    text = value.decode("utf-8") if isinstance(value, bytes) else str(value)
    if "\x00" in text:
        raise ValueError("it contains NUL, which no database can store")
    return text
