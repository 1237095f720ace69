"""JSON without the things Python's reader lets through: NaN, repeated keys, NUL, half
surrogates, endless nesting.
"""

import json
import re

DEEPEST = 64
# an unclosed string runs to the end, so this stays linear
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class NotStrict(ValueError):
    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


def load_strict(source: str) -> object:
    """Raises NotStrict with the reason and the line within `source`."""
    _check_depth(source)
    try:
        return json.loads(
            source, object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise NotStrict(
            f"Not valid JSON: {error.msg} at character {error.colno}.", error.lineno
        ) from error


def _check_depth(source: str) -> None:
    """Before parsing, because the parser recurses. One pass over the brackets that stand outside
    strings.
    """
    depth = 0
    for bracket in BRACKETS.findall(source):
        if bracket in ("[", "{"):
            depth += 1
        elif bracket in ("]", "}"):
            depth -= 1
        if depth > DEEPEST:
            raise NotStrict(f"Nested more than {DEEPEST} levels deep.")


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
    if isinstance(value, str) and any(
        letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value
    ):
        raise NotStrict(
            "A text contains NUL or half a surrogate pair, which no database can store."
        )


def _no_constant(word: str) -> float:
    raise NotStrict(f"{word} is not JSON. Leave the field out, or write null.")


def _integer(word: str) -> int:
    if len(word) > 19:
        raise NotStrict(f"The number {word[:20]}… is too large.")
    return int(word)
