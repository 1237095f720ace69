"""What goes out: everything that was given, safe to open, and equal when it comes back."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest

from annotate.models import Item, Project
from annotate.services.annotations import submit
from annotate.services.import_plans import Source
from annotate.services.imports import import_file
from annotate.validity import Answer
from labeler.services.exports import export_annotations
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, slug="out", n_items=2)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_why_flags_and_seconds_are_in_the_export_of_every_annotation(
    project: Project, now: datetime, tmp_path: Path
) -> None:
    held = making.claim(making.member(project, "ann", now), now)
    assert held is not None
    answer = Answer("yes", 2, "no", rationale="the tone", seconds=4.5, is_flagged=True)
    submit(assignment=held, answer=answer, key="k", now=now)

    export_annotations(project=project, path=tmp_path / "out.csv", now=now)

    first, silent = rows(tmp_path / "out.csv")
    assert (first["rationale"], first["flagged"], first["seconds"]) == ("the tone", "True", "4.5")
    assert (silent["item_id"], silent["annotator"]) == ("item-2", "")


@pytest.mark.parametrize("text", ["=1+2", "+a", "-a", "@a", "\ta", "'=a", "''=a", "a=1", "'a"])
def test_a_csv_is_safe_in_a_spreadsheet_and_comes_back_as_it_was(
    project: Project, now: datetime, tmp_path: Path, text: str
) -> None:
    Item.objects.filter(external_id="item-1").update(text=text)
    Item.objects.filter(external_id="item-2").delete()
    export_annotations(project=project, path=tmp_path / "out.csv", now=now)
    written = rows(tmp_path / "out.csv")[0]["text"]
    other = making.project(now, slug="back", n_items=0)

    content = (tmp_path / "out.csv").read_bytes()
    import_file(project=other, source=Source("out.csv", content), author=None, now=now)

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert Item.objects.get(project=other).text == text


def test_safety_can_be_turned_off_and_the_manifest_says_which(
    project: Project, now: datetime, tmp_path: Path
) -> None:
    Item.objects.filter(external_id="item-1").update(text="=1+2")
    path = tmp_path / "out.csv"

    export_annotations(project=project, path=path, now=now, cells="as-they-are")

    assert rows(path)[0]["text"] == "=1+2"
    manifest = json.loads((tmp_path / "out.csv.manifest.json").read_text())
    assert (manifest["cells"], manifest["confidence_scale"]) == ("as-they-are", 5)
