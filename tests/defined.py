"""What a test knows to be there and a type does not."""

from typing import TypeVar

Value = TypeVar("Value")


def defined(value: Value | None) -> Value:
    assert value is not None
    return value
