"""Bytes to numbered rows of text: CSV, TSV, JSON, JSONL and Parquet, each also as .gz. Strict:
what is doubtful is refused with its place.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.importing.problems import BadFile, Problem, Problems
from annotate.importing.strict_json import NotStrict, load_strict

LARGEST_CELL = 1_000_000  # characters
MOST_COLUMNS = 2_000
LARGEST_UNPACKED = 2 * 1024**3  # bytes out of one .gz
SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True)
class Row:
    number: int
    line: int | None
    cells: dict[str, str]

    def problem(self, reason: str, column: str | None = None) -> Problem:
        value = self.cells.get(column) if column else None
        return Problem(reason, row=self.number, line=self.line, column=column, value=value)


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: list[Row]


def refuse(reason: str, **place: object) -> BadFile:
    return BadFile([Problem(reason, **place)])  # type: ignore[arg-type]


def read_table(name: str, content: bytes) -> Table:
    """The rows of the file called `name`. Raises BadFile."""
    path = PurePath(name.lower())
    if path.suffix == ".gz":
        content, path = _unpack(content), PurePath(path.stem)
    if path.suffix not in SUFFIXES:
        raise refuse(
            f"“{name}” has an ending that is not known. Use one of: {', '.join(SUFFIXES)}, each"
            " also with .gz."
        )
    if path.suffix == ".parquet":
        table = _from_parquet(content)
    elif path.suffix in (".json", ".jsonl", ".ndjson"):
        table = _from_json(_text(content), by_line=path.suffix != ".json")
    else:
        table = _from_csv(_text(content), delimiter="\t" if path.suffix == ".tsv" else ",")
    if not table.rows:
        raise refuse("The file has no rows.")
    return table


def _unpack(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(LARGEST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refuse(f"The .gz file is damaged or is not gzip: {error}.") from error
    if len(unpacked) > LARGEST_UNPACKED:
        raise refuse(
            f"The .gz file unpacks to more than {LARGEST_UNPACKED // 1024**3} GiB. Split it."
        )
    return unpacked


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("The file is UTF-16. Save it as UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start : error.start + 1].hex()
        raise refuse(
            f"The byte 0x{byte} is not UTF-8. Save the file as UTF-8.", row=line, line=line
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise refuse(
            "There is a NUL character, which no database can store. Remove it.", row=line, line=line
        )
    if not text.strip():
        raise refuse("The file is empty.")
    return text


def _from_csv(text: str, delimiter: str) -> Table:
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = _records(reader)
    _, _, header = next(records, (0, 0, []))
    columns = _header(header, text, delimiter)
    problems, rows = Problems(), []
    for number, line, record in records:
        if len(record) != len(columns):
            problems.add(
                Problem(
                    f"There are {len(record)} cells and the header names {len(columns)} columns.",
                    row=number,
                    line=line,
                )
            )
            continue
        rows.append(Row(number, line, dict(zip(columns, record, strict=True))))
    problems.stop_if_any()
    return Table(columns, rows)


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, int, list[str]]]:
    """(row as in a spreadsheet, first physical line, cells); blank lines count as rows and are
    passed over.
    """
    number, line = 0, 1
    while True:
        start = line
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refuse(_csv_reason(str(error)), row=number + 1, line=start) from error
        number, line = number + 1, reader.line_num + 1  # type: ignore[attr-defined]
        if record:
            yield number, start, record


def _csv_reason(message: str) -> str:
    if "field larger" in message:
        return f"A cell has more than {LARGEST_CELL:,} characters."
    if "unexpected end of data" in message:
        return "A quote is opened and never closed, from this row to the end of the file."
    if "new-line character" in message:
        return (
            "Lines end in a bare carriage return (old Mac style). Save the file with LF or CRLF"
            " line ends."
        )
    return f"The row is not valid CSV: {message}."


def _header(header: Sequence[str], text: str, delimiter: str) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in header)
    if len(columns) > MOST_COLUMNS:
        raise refuse(
            f"The header names {len(columns)} columns; {MOST_COLUMNS} is the most.", row=1, line=1
        )
    if "" in columns:
        raise refuse(f"Column {columns.index('') + 1} has no name in the header.", row=1, line=1)
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise refuse("The header names this column twice.", row=1, line=1, column=twice[0])
    first_line = text.partition("\n")[0]
    for other in {",", ";", "\t"} - {delimiter}:
        if len(columns) == 1 and other in first_line:
            raise refuse(
                f"The columns seem to be separated by {other!r}, not {delimiter!r}. Save the file"
                f" with {delimiter!r}.",
                row=1,
                line=1,
            )
    return columns


def _from_json(text: str, *, by_line: bool) -> Table:
    problems = Problems()
    records: list[tuple[int, int | None, dict[str, str]]] = []
    for number, line, source in _json_sources(text, by_line=by_line):
        try:
            value = load_strict(source)
        except NotStrict as error:
            problems.add(Problem(str(error), row=number, line=line + error.line - 1))
            continue
        records.extend(_objects(value, number, line, problems, by_line=by_line))
    problems.stop_if_any()
    columns = tuple(dict.fromkeys(name for _, _, record in records for name in record))
    rows = [
        Row(number, line, {name: record.get(name, "") for name in columns})
        for number, line, record in records
    ]
    return Table(columns, rows)


def _json_sources(text: str, *, by_line: bool) -> Iterator[tuple[int, int, str]]:
    if not by_line:
        yield 1, 1, text
        return
    for line, source in enumerate(text.split("\n"), start=1):
        if source.strip():
            yield line, line, source


def _objects(
    value: object, number: int, line: int, problems: Problems, *, by_line: bool
) -> Iterator[tuple[int, int | None, dict[str, str]]]:
    members = [value] if by_line else value
    if not isinstance(members, list):
        problems.add(
            Problem(
                "A .json file must be a list of objects. For one object a line use the ending"
                " .jsonl.",
                row=number,
                line=line,
            )
        )
        return
    for place, member in enumerate(members):
        at = number if by_line else place + 1
        if not isinstance(member, dict):
            problems.add(
                Problem(
                    f"Expected an object with named fields and found {type(member).__name__}.",
                    row=at,
                    line=line if by_line else None,
                )
            )
            continue
        cells = _cells(member, at, problems)
        yield at, line if by_line else None, cells


def _cells(member: dict[str, object], row: int, problems: Problems) -> dict[str, str]:
    cells = {}
    for name, value in member.items():
        if isinstance(value, (dict, list)):
            problems.add(
                Problem(
                    "Expected text or a number and found a list or an object.", row=row, column=name
                )
            )
        else:
            cells[name] = "" if value is None else str(value)
    return cells


def _from_parquet(content: bytes) -> Table:
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise refuse(f"The file is not a readable Parquet file: {error}.") from error
    columns = tuple(table.column_names)
    if len(set(columns)) != len(columns):
        raise refuse("The file names a column twice.")
    nested = [column.name for column in table.schema if pa.types.is_nested(column.type)]
    if nested:
        raise refuse(
            "The column holds lists or structures; text and numbers are what can be imported.",
            column=nested[0],
        )
    records = table.to_pylist()
    rows = [
        Row(n, None, {name: "" if value is None else str(value) for name, value in record.items()})
        for n, record in enumerate(records, 1)
    ]
    return Table(columns, rows)
