"""Bytes to numbered rows of text: CSV, TSV, JSON, JSONL and Parquet, each also as .gz. Strict: what
is doubtful is refused with its place.
"""

import gzip
import io
import zlib
from collections.abc import Mapping
from pathlib import PurePath

from annotate.importing import delimited, json_files, parquet_files
from annotate.importing.bounds import LARGEST_UNPACKED, refuse, unpacked_too_large
from annotate.importing.tables import Table

SUFFIXES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")


def read_table(name: str, content: bytes, chosen: Mapping[str, str]) -> Table:
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
        table = parquet_files.read(content)
    elif path.suffix in (".json", ".jsonl", ".ndjson"):
        table = json_files.read(text_of(content), by_line=path.suffix != ".json")
    elif path.suffix == ".tsv":
        table = delimited.read_tabs(text_of(content), chosen)
    else:
        table = delimited.read_commas(text_of(content))
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
        raise unpacked_too_large()
    return unpacked


def text_of(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise refuse("The file is UTF-16. Save it as UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start : error.start + 1].hex()
        reason = f"The byte 0x{byte} is not UTF-8. Save the file as UTF-8."
        raise refuse(reason, row=line, line=line) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        reason = "There is a NUL character, which no database can store. Remove it."
        raise refuse(reason, row=line, line=line)
    if not text.strip():
        raise refuse("The file is empty.")
    return text
