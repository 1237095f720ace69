"""Typed records as JSON and back: the edge at which dataclasses become what is stored and sent."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
import numpy as np

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = dict[str, Json]
Record = TypeVar("Record")


def as_json(record: object) -> JsonObject:
    """The fields of a dataclass by name, what they hold too; NumPy's numbers become Python's."""
    fields: JsonObject = msgspec.to_builtins(record, enc_hook=_number)
    return fields


def _number(value: object) -> object:
    """NumPy's scalars have an `item` that is Python's own."""
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} has no form in JSON")


def from_json(record_type: type[Record], stored: object) -> Record:
    """The record that `as_json` was given. Raises msgspec.ValidationError, with the path, for what
    does not fit its fields.
    """
    return msgspec.convert(stored, record_type)
