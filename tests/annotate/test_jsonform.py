"""Records as JSON and back: what was stored reads back equal, and what has no form is refused."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import numpy as np
import pytest

from annotate.jsonform import as_json, from_json


@dataclass(frozen=True)
class Inner:
    value: float | None
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True)
class Outer:
    n: int
    is_good: bool
    share: float
    inner: list[Inner]
    by_name: dict[str, Inner]


RECORD = Outer(3, True, 0.5, [Inner(None), Inner(1.0, (0.5, 1.5))], {"a": Inner(0.25)})


def test_what_is_stored_reads_back_equal() -> None:
    assert from_json(Outer, json.loads(json.dumps(as_json(RECORD)))) == RECORD


def test_numpys_numbers_keep_their_kind() -> None:
    record = Outer(np.int64(3), np.bool_(True), np.float64(0.5), RECORD.inner, RECORD.by_name)  # type: ignore[arg-type]

    form = as_json(record)

    assert (form["n"], form["is_good"], form["share"]) == (3, True, 0.5)
    assert (type(form["n"]), type(form["is_good"])) == (int, bool)
    assert from_json(Outer, json.loads(json.dumps(form))) == RECORD


def test_ids_and_moments_are_words() -> None:
    form = as_json({"id": UUID(int=7), "at": datetime(2026, 11, 28, tzinfo=UTC)})

    assert form == {"id": "00000000-0000-0000-0000-000000000007", "at": "2026-11-28T00:00:00Z"}


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="ndarray has no form"):
        as_json({"values": np.zeros(3)})


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"n": "three"}, r"\$\.n"),
        ({"inner": [{"value": "much"}]}, r"\$\.inner\[0\]\.value"),
        ({"by_name": {"a": {"bounds": [1, 2]}}}, r"value"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(change: dict[str, object], path: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=path):
        from_json(Outer, {**as_json(RECORD), **change})
