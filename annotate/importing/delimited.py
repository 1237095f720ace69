"""CSV and TSV. What a spreadsheet leaves behind (an index without a name, empty columns, empty
rows) is left out and said.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from annotate.importing.accounting import LEFT_OUT, ColumnUse
from annotate.importing.bounds import LARGEST_CELL, MOST_COLUMNS, Meter, refuse
from annotate.importing.problems import Problem, Problems
from annotate.importing.tables import Row, Table

Record = tuple[int, int, list[str]]  # row as in a spreadsheet, first physical line, cells


def read_commas(text: str) -> Table:
    return _table(list(_records(text, ",")), text, ",")


def read_tabs(text: str, chosen: Mapping[str, str]) -> Table:
    """Most writers of TSV know no quoting: where both readings fit, quotes are text, unless every
    cell with a quote is wholly enclosed in them.
    """
    plain = [
        (number, number, line.split("\t"))
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line
    ]
    fits = '"' in text and all(len(cells) == len(plain[0][2]) for _, _, cells in plain)
    way = chosen.get("quotes") or ("text" if fits and not _all_enclosed(plain) else "quoting")
    if '"' not in text or way == "quoting":
        return _table(list(_records(text, "\t")), text, "\t")
    said = "Quotes are read as part of the text (--choose quotes=quoting reads them as enclosing)."
    other = _n_rows_quoted(text)
    if other is not None and other != len(plain):
        said += f" So there are {len(plain) - 1} rows; the other way there would be {other - 1}."
    return _table(plain, text, "\t", (said,))


def _all_enclosed(records: Sequence[Record]) -> bool:
    quoted = [cell for _, _, cells in records for cell in cells if '"' in cell]
    return all(len(c) > 1 and c[0] == c[-1] == '"' and _is_doubled(c[1:-1]) for c in quoted)


def _is_doubled(inside: str) -> bool:
    return '"' not in inside.replace('""', "")


def _n_rows_quoted(text: str) -> int | None:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
        return sum(1 for row in rows if row)
    except csv.Error:
        return None


FORMULA = re.compile(r"'+[=+\-@\t\r]")


def _unescaped(records: list[Record]) -> tuple[list[Record], int]:
    """Without the apostrophe that makes a formula a text in a spreadsheet, and how many had it."""
    n = sum(1 for _, _, cells in records for cell in cells if FORMULA.match(cell))
    if not n:
        return records, 0
    return [
        (number, line, [cell[1:] if FORMULA.match(cell) else cell for cell in cells])
        for number, line, cells in records
    ], n


def _table(records: list[Record], text: str, delimiter: str, notes: tuple[str, ...] = ()) -> Table:
    records, n_escaped = _unescaped(records)
    if n_escaped:
        said = f"In {n_escaped} cells an apostrophe before =, +, - or @ was taken off."
        notes = (*notes, f"{said} It keeps spreadsheets from taking them for formulas.")
    header = [name.strip() for name in records[0][2]] if records else []
    _check_header(header, text, delimiter)
    problems, rows, meter, n_empty = Problems(), [], Meter(), 0
    dropped = _nameless(header, [cells for _, _, cells in records[1:]])
    for number, line, cells in records[1:]:
        if not any(cell.strip() for cell in cells):
            n_empty += 1
            continue
        if len(cells) != len(header):
            reason = f"There are {len(cells)} cells and the header names {len(header)} columns."
            problems.add(Problem(reason, row=number, line=line))
            continue
        named = {name: cell for name, cell in zip(header, cells, strict=True) if name}
        meter.count(named, number)
        rows.append(Row(number, line, named))
    problems.stop_if_any()
    return Table(tuple(filter(None, header)), rows, dropped, n_empty, notes)


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Blank lines count as rows and are passed over."""
    csv.field_size_limit(LARGEST_CELL)
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number, line = 0, 1
    while True:
        start = line
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = _csv_reason(str(error), text.partition("\n")[0], delimiter)
            raise refuse(reason, row=number + 1, line=start) from error
        number, line = number + 1, reader.line_num + 1
        if record:
            yield number, start, record


def _csv_reason(message: str, first_line: str, delimiter: str) -> str:
    if "field larger" in message:
        return f"A cell has more than {LARGEST_CELL:,} characters."
    if "unexpected end of data" in message:
        return "A quote is opened and never closed, from this row to the end of the file."
    if "new-line character" in message:
        return (
            "Lines end in a bare carriage return (old Mac style). Save the file with LF or CRLF"
            " line ends."
        )
    other = _other_delimiter(first_line, delimiter)
    if other:
        return _wrong_delimiter(other, delimiter)
    return f"The row is not valid CSV: {message}."


def _other_delimiter(first_line: str, delimiter: str) -> str | None:
    others = [other for other in (";", "\t", ",") if other != delimiter and other in first_line]
    return others[0] if others and delimiter not in first_line else None


def _wrong_delimiter(other: str, delimiter: str) -> str:
    return (
        f"The columns seem to be separated by {other!r}, not {delimiter!r}. Save the file with"
        f" {delimiter!r}."
    )


def _check_header(columns: Sequence[str], text: str, delimiter: str) -> None:
    if len(columns) > MOST_COLUMNS:
        reason = f"The header names {len(columns)} columns; {MOST_COLUMNS} is the most."
        raise refuse(reason, row=1, line=1)
    twice = [name for name in columns if name and columns.count(name) > 1]
    if twice:
        raise refuse("The header names this column twice.", row=1, line=1, column=twice[0])
    other = _other_delimiter(text.partition("\n")[0], delimiter)
    if len(columns) == 1 and other:
        raise refuse(_wrong_delimiter(other, delimiter), row=1, line=1)


def _nameless(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[ColumnUse, ...]:
    """Columns without a name: an index or nothing at all. Raises BadFile for one that says more."""
    dropped = []
    for place in (place for place, name in enumerate(header) if not name):
        cells = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        name = f"column {place + 1}"
        if not cells:
            dropped.append(ColumnUse(name, LEFT_OUT, 0, "it has neither a name nor a cell"))
        elif cells in ([str(n) for n in range(start, start + len(cells))] for start in (0, 1)):
            why = "it has no name and only counts the rows"
            dropped.append(ColumnUse(name, LEFT_OUT, len(cells), why))
        else:
            reason = f"Column {place + 1} has cells and no name in the header. Give it one."
            raise refuse(reason, row=1, line=1)
    return tuple(dropped)
