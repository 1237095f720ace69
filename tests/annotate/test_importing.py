"""Files in: all of them or nothing, with the row, the column and the reason."""

import gzip
import io
from datetime import datetime

import pandas as pd
import pytest

from annotate.importing.problems import BadFile
from annotate.jsonform import as_json
from annotate.models import Annotation, FreeSlot, Import, Item, Member, Project
from annotate.services.import_plans import Source
from annotate.services.imports import import_file, try_import
from annotate.services.projects import LabelDraft, ProjectDraft, create_project

pytestmark = pytest.mark.django_db

HEADER = b"item_id,text,annotator,label,confidence,secondary\n"
GOOD = HEADER + b"a,first text,ada,yes,5,\na,first text,ben,no,4,yes\nb,second text,ada,no,,\n"


@pytest.fixture
def project(now: datetime) -> Project:
    return create_project(
        draft=ProjectDraft("p", [LabelDraft("yes"), LabelDraft("no")], annotators_per_item=2),
        now=now,
    )


def bring_in(
    project: Project, name: str, content: bytes, now: datetime, dialect: str = "auto"
) -> dict[str, object]:
    source = Source(name, content, dialect)
    return dict(as_json(import_file(project=project, source=source, author=None, now=now)))


def test_the_long_dialect_brings_items_answers_and_annotators(
    project: Project, now: datetime
) -> None:
    report = bring_in(project, "f.csv", GOOD, now)

    assert {
        name: report[name]
        for name in ("items_added", "annotations_added", "annotators_added", "unchanged")
    } == {
        "items_added": 2,
        "annotations_added": 3,
        "annotators_added": 2,
        "unchanged": 0,
    }
    assert FreeSlot.objects.values_list("item__external_id", "slot").get() == ("b", 2)


def test_a_second_time_changes_nothing(project: Project, now: datetime) -> None:
    bring_in(project, "f.csv", GOOD, now)

    report = bring_in(project, "f.csv", GOOD, now)

    assert (report["items_added"], report["annotations_added"], report["unchanged"]) == (0, 0, 5)
    assert (Item.objects.count(), Annotation.objects.count(), Member.objects.count()) == (2, 3, 2)


def test_a_dry_run_says_the_same_and_stores_nothing(project: Project, now: datetime) -> None:
    report = try_import(project=project, source=Source("f.csv", GOOD))

    assert (report.items_added, report.annotations_added) == (2, 3)
    assert not Item.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize("container", ["tsv", "jsonl", "json", "parquet", "csv.gz", "bom", "crlf"])
def test_every_container_brings_the_same(project: Project, now: datetime, container: str) -> None:
    frame = pd.read_csv(io.BytesIO(GOOD), dtype=str).fillna("")
    contents = {
        "tsv": ("f.tsv", frame.to_csv(sep="\t", index=False).encode()),
        "jsonl": ("f.jsonl", frame.to_json(orient="records", lines=True).encode()),
        "json": ("f.json", frame.to_json(orient="records").encode()),
        "parquet": ("f.parquet", frame.to_parquet(index=False)),
        "csv.gz": ("f.csv.gz", gzip.compress(GOOD)),
        "bom": ("f.csv", b"\xef\xbb\xbf" + GOOD),
        "crlf": ("f.csv", GOOD.replace(b"\n", b"\r\n")),
    }

    report = bring_in(project, *contents[container], now)

    assert (report["items_added"], report["annotations_added"]) == (2, 3)


def test_the_wide_dialect_brings_first_answers_and_repeats(project: Project, now: datetime) -> None:
    wide = (
        b"sample_id,text,source,ada_label,ada_secondary,ada_confidence,ada_duration_seconds,re_ada_label,re_ada_confidence,ben_label,ben_confidence\n"
        b"1,one,web,yes,no,4.0,12.5,yes,5,NotAva,\n"
        b"2,two,web,no,no,5,3,,,yes,2\n"
    )

    report = bring_in(project, "wide.csv", wide, now)

    assert (report["items_added"], report["annotations_added"], report["annotators_added"]) == (
        2,
        4,
        2,
    )
    assert report["notes"] == [
        "In 1 answers the second choice is the same as the first; it was left out."
    ]
    repeat = Annotation.objects.get(assignment__pass_number=2)
    assert (repeat.annotator.name, repeat.confidence, repeat.assignment.slot) == ("ada", 5, None)
    assert Item.objects.get(external_id="1").attributes == {"source": "web"}


BAD = {  # name of the file, its bytes, and the row, column and words of the first problem
    "not utf-8": ("f.csv", HEADER + b"a,caf\xe9,ada,yes,5,\n", 2, None, "UTF-8"),
    "utf-16": ("f.csv", GOOD.decode().encode("utf-16"), None, None, "UTF-16"),
    "nul": ("f.csv", HEADER + b"a,te\x00xt,ada,yes,5,\n", 2, None, "NUL"),
    "empty": ("f.csv", b"", None, None, "empty"),
    "header only": ("f.csv", HEADER, None, None, "no rows"),
    "unclosed quote": ("f.csv", HEADER + b'a,"text,ada,yes,5,\n', 2, None, "never closed"),
    "ragged row": ("f.csv", HEADER + b"a,text,ada\n", 2, None, "3 cells"),
    "header twice": ("f.csv", b"item_id,text,text\na,b,c\n", 1, "text", "twice"),
    "header without a name": ("f.csv", b"item_id,,text\na,b,c\n", 1, None, "no name"),
    "wrong delimiter": ("f.csv", b"item_id;text\na;b\n", 1, None, "separated"),
    "huge cell": ("f.csv", b"item_id,text\na," + b"x" * 1_000_001 + b"\n", 2, None, "characters"),
    "too many columns": (
        "f.csv",
        b",".join(b"c%d" % n for n in range(2001)) + b"\n",
        1,
        None,
        "columns",
    ),
    "unknown columns": ("f.csv", b"id,words\n1,hello\n", 1, None, "--map"),
    "no id": ("f.csv", HEADER + b",text,ada,yes,5,\n", 2, "item_id", "empty"),
    "no text": ("f.csv", HEADER + b"a,   ,ada,yes,5,\n", 2, "text", "empty"),
    "id twice among items": ("f.csv", b"item_id,text\na,one\na,one\n", 3, "item_id", "row 2"),
    "one id, two texts": (
        "f.csv",
        HEADER + b"a,one,ada,yes,5,\na,two,ben,yes,5,\n",
        3,
        "text",
        "differs",
    ),
    "unknown label": ("f.csv", HEADER + b"a,one,ada,maybe,5,\n", 2, "label", "not a label"),
    "label in capitals": ("f.csv", HEADER + b"a,one,ada,YES,5,\n", 2, "label", "Did you mean"),
    "confidence outside": ("f.csv", HEADER + b"a,one,ada,yes,6,\n", 2, "confidence", "1 to 5"),
    "confidence in words": ("f.csv", HEADER + b"a,one,ada,yes,high,\n", 2, "confidence", "number"),
    "confidence between": ("f.csv", HEADER + b"a,one,ada,yes,2.5,\n", 2, "confidence", "whole"),
    "same second choice": ("f.csv", HEADER + b"a,one,ada,yes,5,yes\n", 2, "secondary", "same"),
    "answered twice": (
        "f.csv",
        b"item_id,text,annotator,label,round\na,one,ada,yes,1\na,one,ada,no,1\n",
        3,
        "annotator",
        "row 2",
    ),
    "row after a cell of many lines": (
        "f.csv",
        HEADER + b'a,"one\ntwo\nthree",ada,yes,5,\nb,two,ada,nope,5,\n',
        3,
        "label",
        "not a label",
    ),
    "json NaN": (
        "f.jsonl",
        b'{"item_id": "a", "text": "t"}\n{"item_id": "b", "text": NaN}\n',
        2,
        None,
        "NaN",
    ),
    "json field twice": (
        "f.jsonl",
        b'{"item_id": "a", "item_id": "b", "text": "t"}\n',
        1,
        None,
        "twice",
    ),
    "json half line": (
        "f.jsonl",
        b'{"item_id": "a", "text": "t"}\n{"item_id":\n',
        2,
        None,
        "Not valid JSON",
    ),
    "json surrogate": ("f.jsonl", b'{"item_id": "a", "text": "\\ud800"}\n', 1, None, "surrogate"),
    "json depth": ("f.json", b"[" * 100_000, 1, None, "levels"),
    "json not a list": ("f.json", b'{"item_id": "a"}', 1, None, "list"),
    "json nested value": (
        "f.json",
        b'[{"item_id": "a", "text": ["t"]}]',
        1,
        "text",
        "list or an object",
    ),
    "not parquet": ("f.parquet", b"PAR1 no", None, None, "Parquet"),
    "not gzip": ("f.csv.gz", b"plain", None, None, "gzip"),
    "unknown ending": ("f.xlsx", b"PK", None, None, "ending"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_names_its_row_its_column_and_its_reason_and_adds_nothing(
    project: Project, now: datetime, name: str
) -> None:
    file_name, content, row, column, words = BAD[name]

    with pytest.raises(BadFile) as refusal:
        bring_in(project, file_name, content, now)

    problem = refusal.value.problems[0]
    assert (problem.row, problem.column) == (row, column)
    assert words in problem.reason
    assert (
        not Item.objects.exists()
        and not Member.objects.exists()
        and not Import.objects.exists()
        and not FreeSlot.objects.exists()
    )


def test_every_problem_is_told_at_once_and_lines_are_told_apart_from_rows(
    project: Project, now: datetime
) -> None:
    content = HEADER + b'a,"one\ntwo",ada,bad,9,\nb,x,ada,worse,5,\n'

    with pytest.raises(BadFile) as refusal:
        bring_in(project, "f.csv", content, now)

    places = [(problem.row, problem.line, problem.column) for problem in refusal.value.problems]
    assert places == [(2, 2, "label"), (2, 2, "confidence"), (3, 4, "label")]


def test_an_item_that_is_there_with_another_text_stops_the_import(
    project: Project, now: datetime
) -> None:
    bring_in(project, "f.csv", GOOD, now)

    with pytest.raises(BadFile, match="another text"):
        bring_in(project, "f.csv", HEADER + b"a,other,cid,yes,5,\nc,new,cid,yes,5,\n", now)
    assert not Item.objects.filter(external_id="c").exists()
