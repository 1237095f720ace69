"""What callers give, refused in words before anything is counted from it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# how far a distribution's sum may be from 1: what 32-bit floats lose over some hundred labels
VALID = 1e-5


def codes(name: str, given: Any, dtype: type, missing: int | None) -> NDArray[Any]:
    """(n,) whole numbers as `dtype`; nan becomes `missing`, or is refused where that is None.
    Raises ValueError with the first wrong row.

    >>> codes("secondary", [1.0, float("nan")], np.int16, -1).tolist()
    [1, -1]
    """
    array = np.asarray(given)
    if array.dtype.kind not in "iufb":
        raise ValueError(
            f"{name} must be whole numbers, not {array.dtype.name}: give codes that count from 0,"
            " as pandas.factorize makes them"
        )
    if array.dtype.kind == "f":
        array = _without_nan(name, array, missing)
        _expect(array == np.floor(array), array, f"{name} must be whole numbers")
    if not np.can_cast(array.dtype, dtype):
        limits = np.iinfo(dtype)
        _expect(
            (array >= limits.min) & (array <= limits.max),
            array,
            f"{name} must be at most {limits.max}",
        )
    return array.astype(dtype, copy=False)


def _without_nan(name: str, array: NDArray[Any], missing: int | None) -> NDArray[Any]:
    absent = np.isnan(array)
    if missing is None and absent.any():
        row = int(absent.argmax())
        raise ValueError(
            f"{name} is missing in {int(absent.sum())} of {array.size} answers, first in row {row}:"
            " leave those answers out"
        )
    return array if missing is None else np.where(absent, missing, array)


def _expect(right: NDArray[np.bool_], array: NDArray[Any], rule: str) -> None:
    if not right.all():
        row = int((~right).argmax())
        raise ValueError(f"{rule}, but row {row} holds {array[row]}")


def expect_range(name: str, column: NDArray[Any], low: float, high: float) -> None:
    """Raises ValueError unless every number lies in low..high; nan lies nowhere."""
    if column.size and not (low <= column.min() and column.max() <= high):
        _expect((column >= low) & (column <= high), column, f"{name} must lie in {low}..{high}")


def expect_distributions(name: str, rows: NDArray[Any]) -> None:
    """Raises ValueError unless every row of (n, K) is a distribution.

    >>> expect_distributions("y", np.array([[3.0, 4.0]]))
    Traceback (most recent call last):
    ValueError: every row of y must be a distribution (not negative, sum 1), but row 0 is [3.0, 4.0]
    """
    right = (rows >= 0).all(axis=1) & (np.abs(rows.sum(axis=1) - 1.0) <= VALID)
    if not right.all():
        row = int((~right).argmax())
        raise ValueError(
            f"every row of {name} must be a distribution (not negative, sum 1), but row {row} is"
            f" {np.asarray(rows[row]).round(6).tolist()}"
        )


def expect_counts(counts: Any) -> None:
    """Raises ValueError for anything that is not a table of label counts, such as the answers
    themselves.
    """
    if not isinstance(counts, np.ndarray) or counts.ndim != 2 or counts.dtype.kind not in "iu":
        raise ValueError(
            "counts must be a table of whole numbers, items × labels: label_counts(answers)"
            " makes it"
        )


def expect_one_answer_each(
    item: NDArray[Any], annotator: NDArray[Any], pass_number: NDArray[Any]
) -> None:
    """Raises ValueError where one person has two answers to one item in one pass. Columns of
    (n,) codes.
    """
    keys = item.astype(np.int64) * (int(annotator.max(initial=0)) + 1) + annotator
    keys = keys * (int(pass_number.max(initial=1)) + 1) + pass_number
    if (keys[1:] > keys[:-1]).all():
        return
    order = np.argsort(keys, kind="stable")
    again = keys[order[1:]] == keys[order[:-1]]
    if again.any():
        row = int(order[1:][again].min())
        whose = (
            f"annotator {annotator[row]} answers item {item[row]} twice in pass {pass_number[row]},"
            f" the second time in row {row}"
        )
        raise ValueError(f"{whose}: keep one, or number repeats 2, 3, … in pass_number")
