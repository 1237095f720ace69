"""Small files that once went wrong, each for its kind: nothing is dropped without a word."""

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from annotate.importing.choices import BadChoice
from annotate.importing.problems import BadFile
from annotate.models import Annotation, Item, Member, Project
from annotate.services.import_plans import BadMapping, ImportReport, Source
from annotate.services.imports import import_file, try_import
from annotate.services.projects import LabelDraft, ProjectDraft, create_project
from labeler.services.exports import export_annotations
from tests import making

pytestmark = pytest.mark.django_db


def make(now: datetime, slug: str = "p", labels: str = "yes,no", scale: int = 5) -> Project:
    keys = [LabelDraft(key) for key in labels.split(",")]
    return create_project(draft=ProjectDraft(slug, keys, confidence_scale=scale), now=now)


@pytest.fixture
def project(now: datetime) -> Project:
    return make(now)


def bring(project: Project, content: str | bytes, now: datetime, **wanted: Any) -> ImportReport:
    name = wanted.pop("name", "f.csv")
    data = content.encode() if isinstance(content, str) else content
    return import_file(project=project, source=Source(name, data, **wanted), author=None, now=now)


def asked(project: Project, content: str, now: datetime, **wanted: Any) -> list[str]:
    with pytest.raises(BadFile) as refusal:
        bring(project, content, now, **wanted)
    assert not Item.objects.exists() and not Member.objects.exists()
    return [question.name for question in refusal.value.questions]


def uses(report: ImportReport) -> dict[str, str]:
    return {use.column: use.became for use in report.account.columns}


def test_a_wide_file_with_item_id_brings_its_answers(project: Project, now: datetime) -> None:
    report = bring(
        project,
        "item_id,text,alice_label,alice_confidence,bob_label,bob_confidence\n"
        "1,first,yes,3,no,2\n2,second,no,1,no,5\n",
        now,
    )

    assert (report.items_added, report.annotations_added, report.annotators_added) == (2, 4, 2)


def test_a_person_without_confidence_in_a_wide_file_is_a_person(
    project: Project, now: datetime
) -> None:
    report = bring(
        project,
        "sample_id,text,alice_label,alice_confidence,bob_label\n1,first,yes,3,no\n2,second,no,1,yes\n",
        now,
    )

    assert report.annotations_added == 4
    assert set(
        Annotation.objects.filter(annotator__name="bob").values_list("confidence", flat=True)
    ) == {None}


def test_columns_of_an_answer_stay_with_their_answer(project: Project, now: datetime) -> None:
    report = bring(
        project,
        "item_id,text,annotator,label,rationale,created_at,trust\n"
        "1,one text,x,yes,because A,2024-01-01T10:00:00Z,0.9\n"
        "1,one text,y,no,because B,2024-02-01T10:00:00+01:00,0.4\n",
        now,
    )

    rows = Annotation.objects.order_by("annotator__name").values_list("rationale", "created_at")
    assert list(rows) == [
        ("because A", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("because B", datetime(2024, 2, 1, 9, tzinfo=UTC)),
    ]
    assert Item.objects.get().attributes == {}
    assert uses(report)["trust"] == "left out"


def test_gold_and_split_that_come_later_are_set_and_contradictions_refused(
    project: Project, now: datetime
) -> None:
    bring(project, "item_id,text\n1,a\n2,b\n", now)

    report = bring(project, "item_id,text,gold,split\n1,a,yes,test\n2,b,no,train\n", now)

    gold = {
        item.external_id: (item.gold and item.gold.key, item.split) for item in Item.objects.all()
    }
    assert gold == {"1": ("yes", "test"), "2": ("no", "train")}
    assert (report.updated, report.unchanged) == (2, 0)
    with pytest.raises(BadFile, match="another gold label"):
        bring(project, "item_id,text,gold\n1,a,no\n", now)
    with pytest.raises(BadFile, match="another split"):
        bring(project, "item_id,text,split\n1,a,train\n", now)


def test_quotes_of_a_tsv_are_text_where_that_fits(project: Project, now: datetime) -> None:
    content = (
        'item_id\ttext\tannotator\tlabel\n1\t"Well he said\tann\tyes\n'
        '2\tand that was it"\tann\tno\n3\tthird\tann\tyes\n'
    )

    report = bring(project, content, now, name="f.tsv")

    texts = list(Item.objects.order_by("external_id").values_list("text", flat=True))
    assert texts == ['"Well he said', 'and that was it"', "third"]
    assert "3 rows" in report.notes[0] and "2" in report.notes[0]


def test_a_tsv_whose_cells_are_enclosed_in_quotes_is_unquoted(
    project: Project, now: datetime
) -> None:
    bring(project, '"item_id"\t"text"\n"1"\t"say ""hi"""\n', now, name="f.tsv")

    assert Item.objects.get().text == 'say "hi"'


def parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_bytes_in_parquet_are_text_or_refused_with_their_place(
    project: Project, now: datetime
) -> None:
    good = parquet(item_id=["1"], text=pa.array(["a é".encode()], pa.binary()))
    bring(project, good, now, name="f.parquet")
    bad = parquet(item_id=["2", "3"], text=pa.array([b"fine", b"caf\xe9"], pa.binary()))

    with pytest.raises(BadFile) as refusal:
        bring(project, bad, now, name="f.parquet")

    assert Item.objects.get().text == "a é"
    assert (refusal.value.problems[0].row, refusal.value.problems[0].column) == (2, "text")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (pa.array([2**62], pa.timestamp("us")), "cannot be read"),
        (pa.array([0], pa.timestamp("us", tz="Nowhere/City")), "cannot be read"),
        (pa.array(["a\x00b"]), "NUL"),
    ],
)
def test_what_parquet_holds_and_no_database_can_is_refused_with_row_and_column(
    project: Project, now: datetime, value: Any, words: str
) -> None:
    with pytest.raises(BadFile) as refusal:
        bring(project, parquet(item_id=["1"], text=["t"], extra=value), now, name="f.parquet")

    problem = refusal.value.problems[0]
    assert (problem.row, problem.column) == (1, "extra")
    assert words in problem.reason


def test_small_files_that_hold_much_are_stopped_while_they_are_read(
    project: Project, now: datetime
) -> None:
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000), pa.array(["x" * 20_000]))
    bomb = parquet(item_id=[str(n) for n in range(60_000)], text=same)
    keys = "\n".join(f'{{"item_id": "{n}", "text": "t", "own{n}": 1}}' for n in range(5000))
    cell = '{"item_id": "1", "text": "' + "x" * 1_000_001 + '"}'

    assert len(bomb) < 500_000
    for name, content, words in (
        ("f.parquet", bomb, "MB of text"),
        ("f.jsonl", keys, "different fields"),
        ("f.jsonl", cell, "characters"),
        ("f.parquet", parquet(item_id=["1"], text=["x" * 1_000_001]), "characters"),
    ):
        with pytest.raises(BadFile, match=words):
            bring(project, content, now, name=name)


def test_the_scale_travels_and_another_one_is_asked_about(now: datetime, tmp_path: Path) -> None:
    seven = make(now, "seven", scale=7)
    bring(seven, "item_id,text,annotator,label,confidence\n1,a,x,yes,4\n2,b,x,yes,7\n", now)
    export_annotations(project=seven, path=tmp_path / "out.csv", now=now)
    content = (tmp_path / "out.csv").read_bytes()
    five = make(now, "five")

    with pytest.raises(BadFile) as refusal:
        bring(five, content, now)
    bring(five, content, now, choices={"scale": "rescale"})

    assert [question.name for question in refusal.value.questions] == ["scale"]
    said = Annotation.objects.filter(assignment__project=five).order_by("pk")
    assert list(said.values_list("confidence", flat=True)) == [3, 5]


def test_a_whole_project_goes_out_and_comes_back_equal(now: datetime, tmp_path: Path) -> None:
    first, second = make(now, "first"), make(now, "second")
    rows = (
        "item_id,text,annotator,label,confidence,secondary,round,gold,split,seconds,topic,"
        "rationale,flagged\n"
        "1,a,x,yes,4,no,1,yes,test,2.5,t1,why not,yes\n"
        "1,a,x,no,2,,2,yes,test,,t1,,\n"
        "2,b,,,,,,no,,,t2,,\n"
    )
    bring(first, rows, now)
    export_annotations(project=first, path=tmp_path / "out.csv", now=now)

    bring(second, (tmp_path / "out.csv").read_bytes(), now)

    def everything(project: Project) -> list[Any]:
        items = Item.objects.filter(project=project).order_by("external_id")
        answers = Annotation.objects.filter(assignment__project=project).order_by("pk")
        return [
            list(items.values_list("external_id", "text", "gold__key", "split", "attributes")),
            list(
                answers.values_list(
                    "annotator__name",
                    "primary__key",
                    "secondary__key",
                    "confidence",
                    "assignment__pass_number",
                    "seconds",
                    "rationale",
                    "is_flagged",
                )
            ),
        ]

    assert everything(second) == everything(first)
    assert len(everything(second)[0]) == 2


PEOPLE = (
    "item_id,text,annotator,label\n1,a,69,yes\n2,b,69.0,no\n3,c,Ann Lee,yes\n"
    "4,d,ann  lee\u200b,no\n"
)


def test_one_person_under_two_spellings_is_asked_about(project: Project, now: datetime) -> None:
    assert asked(project, PEOPLE, now) == ["people"]

    bring(project, PEOPLE, now, choices={"people": "join"})

    assert set(Member.objects.values_list("name", flat=True)) == {"69", "Ann Lee"}


def test_a_field_that_does_not_exist_is_refused_with_the_one_meant(
    project: Project, now: datetime
) -> None:
    mapping = {"item_id": "id", "text": "content", "confidense": "sure"}

    with pytest.raises(BadMapping, match="Did you mean confidence"):
        bring(project, "id,content,sure\n1,t,4\n", now, mapping=mapping)


def test_a_label_spelt_otherwise_is_one_line_with_its_count(now: datetime) -> None:
    project = make(now, labels="true,false")
    content = "item_id,text,annotator,label\n" + "".join(
        f"{n},t{n},x,TRUE\n{n},t{n},y,False\n" for n in range(300)
    )

    with pytest.raises(BadFile) as refusal:
        bring(project, content, now)
    report = bring(project, content, now, labels={"TRUE": "true", "False": "false"})

    assert len(refusal.value.problems) == 2
    assert "300 rows" in refusal.value.problems[0].reason
    assert "--label TRUE=true" in refusal.value.problems[0].reason
    assert report.annotations_added == 600


def test_what_spreadsheets_leave_behind_is_left_out_and_said(
    project: Project, now: datetime
) -> None:
    report = bring(
        project,
        ",item_id,text,annotator,label,,\n0,1,a,x,yes,,\n1,2,b,x,no,,\n,,,,,,\n",
        now,
    )

    assert (report.items_added, report.annotations_added) == (2, 2)
    assert [uses(report)[f"column {n}"] for n in (1, 6, 7)] == ["left out"] * 3
    assert report.account.rows["left out: empty"] == 1


def test_gold_in_a_wide_file_is_gold_and_no_person(project: Project, now: datetime) -> None:
    report = bring(
        project,
        "sample_id,text,ada_label,ada_confidence,gold_label,gold_confidence\n1,one,yes,3,no,5\n",
        now,
    )

    item = Item.objects.get()
    assert (item.gold and item.gold.key, report.annotators_added) == ("no", 1)
    assert uses(report)["gold_confidence"] == "left out"


def test_a_person_called_gold_is_asked_about(project: Project, now: datetime) -> None:
    content = "item_id,text,annotator,label\n1,a,Gold,yes\n"

    assert asked(project, content, now) == ["names"]
    assert bring(project, content, now, choices={"names": "person"}).annotators_added == 1


def test_the_note_of_a_wide_file_is_the_reason(project: Project, now: datetime) -> None:
    bring(
        project,
        "sample_id,text,ada_label,ada_confidence,ada_note\n1,one,yes,3,because of x\n",
        now,
    )

    assert Annotation.objects.get().rationale == "because of x"


def test_nothing_is_joined_into_a_text_by_guess(project: Project, now: datetime) -> None:
    content = "claim,topic,ada_label,ada_confidence,gold_label\nthe claim,x,yes,3,no\n"

    with pytest.raises(BadFile, match="no text column"):
        bring(project, content, now)
    bring(project, content, now, mapping={"text": "claim"})

    assert Item.objects.get().text == "the claim"
    assert Item.objects.get().attributes == {"topic": "x"}


def test_one_column_can_be_two_fields(project: Project, now: datetime) -> None:
    mapping = {"item_id": "sentence", "text": "sentence", "annotator": "who", "label": "what"}

    bring(project, "sentence,who,what\none,ada,yes\n", now, mapping=mapping)

    assert (Item.objects.get().external_id, Item.objects.get().text) == ("one", "one")


def test_a_row_without_an_answer_is_a_choice(project: Project, now: datetime) -> None:
    content = "item_id,text,annotator,label\n1,one,ada,yes\n1,one,ben,\n"

    assert asked(project, content, now) == ["unanswered"]
    report = bring(project, content, now, choices={"unanswered": "leave-out"})
    assert report.annotations_added == 1


@pytest.mark.parametrize(
    ("rule", "said"), [("number", ["yes", "no"]), ("first", ["yes"]), ("last", ["no"])]
)
def test_repeats_without_a_round_are_a_choice(
    project: Project, now: datetime, rule: str, said: list[str]
) -> None:
    content = "item_id,text,annotator,label\n1,one,ada,yes\n1,one,ada,no\n1,one,ben,no\n"
    assert asked(project, content, now) == ["repeats"]

    bring(project, content, now, choices={"repeats": rule})

    mine = Annotation.objects.filter(annotator__name="ada").order_by("assignment__pass_number")
    assert list(mine.values_list("primary__key", flat=True)) == said


@pytest.mark.parametrize(
    ("name", "content", "tool"),
    [
        ("f.json", '[{"id": 5, "data": {"text": "one"}, "annotations": []}]', "Label Studio"),
        ("f.jsonl", '{"id": 5, "text": "one", "annotations": [], "meta": {}}', "doccano"),
        ("f.jsonl", '{"text": "one", "_input_hash": 1, "accept": ["yes"]}', "Prodigy"),
    ],
)
def test_the_export_of_another_tool_is_named(
    project: Project, now: datetime, name: str, content: str, tool: str
) -> None:
    with pytest.raises(BadFile, match=tool) as refusal:
        bring(project, content, now, name=name)
    assert len(refusal.value.problems) == 1


def test_a_file_that_looks_like_answers_and_brings_none_asks(
    project: Project, now: datetime
) -> None:
    content = "item_id,text,worker_choice\n1,one,yes\n"

    assert asked(project, content, now) == ["answers"]
    assert bring(project, content, now, choices={"answers": "none"}).items_added == 1


def test_addresses_of_peoples_computers_are_kept_only_when_said(
    project: Project, now: datetime
) -> None:
    content = "item_id,text,from\n1,one,192.0.2.7\n"
    assert asked(project, content, now) == ["addresses"]

    report = bring(project, content, now, choices={"addresses": "leave-out"})

    assert Item.objects.get().attributes == {}
    assert uses(report)["from"] == "left out"


def test_answers_become_an_accounts_only_when_somebody_says_so(
    project: Project, now: datetime
) -> None:
    making.member(project, "carla", now, Member.Role.MANAGER)
    content = "item_id,text,annotator,label\n1,a,carla,yes\n"

    with pytest.raises(BadFile) as refusal:
        bring(project, content, now)

    assert [question.name for question in refusal.value.questions] == ["accounts"]
    assert not Annotation.objects.exists()
    assert bring(project, content, now, choices={"accounts": "join"}).annotations_added == 1
    assert bring(project, content, now).unchanged == 2


def test_an_invisible_text_is_empty(project: Project, now: datetime) -> None:
    with pytest.raises(BadFile, match="empty"):
        bring(project, "item_id,text\n1,\u00a0\u200b\n", now)


def test_a_choice_that_does_not_exist_is_refused(project: Project, now: datetime) -> None:
    for choices in ({"people": "marry"}, {"colour": "red"}):
        with pytest.raises(BadChoice):
            bring(project, "item_id,text\n1,a\n", now, choices=choices)


CELLS = st.text("ab19 .,;\"'-\u00e9", max_size=6)
EXTRAS = st.lists(st.sampled_from(["topic", "note", "ip", "x_label", "Unnamed: 3"]), unique=True)
BLOCKS = st.sampled_from(
    [
        [],
        ["gold"],
        ["annotator", "label"],
        ["annotator", "label", "gold"],
        ["annotator", "label", "confidence", "secondary"],
        ["annotator", "label", "confidence", "round", "rationale", "seconds"],
    ]
)
VALUES = {
    "text": st.text("ab19\"';-\u00e9", min_size=1, max_size=6),
    "label": st.sampled_from(["yes", "no", ""]),
    "annotator": st.sampled_from(["ada", "ben", ""]),
    "confidence": st.sampled_from(["1", "5", ""]),
    "secondary": st.just(""),
    "round": st.just(""),
    "seconds": st.sampled_from(["", "2.5"]),
    "gold": st.sampled_from(["yes", ""]),
}


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Files that a person would take for right: a text in each row, columns of answers together, a
    label only beside a name, and columns of any other kind between.
    """
    names = draw(st.permutations(["text", *draw(BLOCKS), *draw(EXTRAS)]))
    row = st.fixed_dictionaries({name: VALUES.get(name, CELLS) for name in names})
    rows = draw(st.lists(row, min_size=1, max_size=6))
    for n, one in enumerate(rows):
        one["item_id"] = f"i{n}"
        if "label" in one and not (one["annotator"] and one["label"]):
            blank = ("label", "annotator", "confidence", "seconds", "rationale")
            one |= {name: "" for name in blank if name in one and name != "annotator"}
    return pd.DataFrame(rows, columns=["item_id", *names])


WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    "f.csv": lambda frame: frame.to_csv(index=False).encode(),
    "f.tsv": lambda frame: frame.to_csv(index=False, sep="\t").encode(),
    "f.jsonl": lambda frame: frame.to_json(orient="records", lines=True).encode(),
    "f.parquet": lambda frame: frame.astype(str).to_parquet(index=False),
}


@pytest.mark.parametrize("name", WRITERS)
@settings(
    max_examples=int(os.environ.get("FILE_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(frame=tables())
def test_columns_and_rows_in_are_what_the_report_accounts_for(
    project: Project, name: str, frame: pd.DataFrame
) -> None:
    """Of every file that is taken: each column once, and the kinds of rows add up."""
    everything = {
        "unanswered": "leave-out",
        "repeats": "number",
        "people": "apart",
        "names": "person",
        "addresses": "keep",
        "answers": "none",
    }
    source = Source(name, WRITERS[name](frame), choices=everything)
    try:
        account = try_import(project=project, source=source).account
    except BadFile as refusal:
        event(refusal.message[:60])
        assume(False)
    assert sorted(use.column for use in account.columns) == sorted(frame.columns)
    assert sum(account.rows.values()) == account.n_rows == len(frame)
