"""JSON without the things Python's reader lets through: NaN, repeated keys, NUL, half surrogates,
endless nesting, millions of tiny values.
"""

import json
import re

DEEPEST = 64
MOST_MARKS = 800_000  # of one body: each pair of brackets becomes an object of 64 bytes
# Possessive, so that an unclosed string is read once and not again from each of its places.
STRUCTURE = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{},]', re.DOTALL)


class NotStrict(ValueError):
    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def load_strict(source: str, most_marks: int = MOST_MARKS) -> object:
    """Raises NotStrict with the reason and the line within `source`."""
    _check_structure(source, most_marks)
    try:
        return json.loads(
            source, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        reason = f"Not valid JSON: {error.msg} at character {error.colno}."
        raise NotStrict(reason, error.lineno) from error


def _check_structure(source: str, most_marks: int) -> None:
    """Before parsing, because the parser recurses and makes objects. One pass, nothing kept."""
    depth = 0
    for n, match in enumerate(STRUCTURE.finditer(source), start=1):
        mark = source[match.start()]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        if depth > DEEPEST:
            raise NotStrict(f"Nested more than {DEEPEST} levels deep.")
        if n > most_marks:
            raise NotStrict(f"More than {most_marks:,} brackets, commas and texts. Send parts.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for name, value in pairs:
        if name in result:
            raise NotStrict(f"The field {name!r} is there twice.")
        _storable(name)
        _storable(value)
        result[name] = value
    return result


def _storable(value: object) -> None:
    if not isinstance(value, str) or (value.isascii() and "\x00" not in value):
        return
    if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise NotStrict(
            "A text contains NUL or half a surrogate pair, which no database can store."
        )


def _no_constant(word: str) -> float:
    raise NotStrict(f"{word} is not JSON. Leave the field out, or write null.")


def _integer(word: str) -> int:
    if len(word) > 19:
        raise NotStrict(f"The number {word[:20]}… is too large.")
    return int(word)
