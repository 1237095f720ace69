"""From rows to results and back: the columns, the choice of method, what is refused, and what a
watcher is told.
"""

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.db import transaction

from annotate.errors import Refused
from annotate.models import Annotation, Member, Project
from annotate.selectors.answers import newest_annotations
from annotate.services.annotations import submit
from annotate.services.projects import LabelDraft, ProjectDraft, create_project, write_guideline
from annotate.validity import Answer
from labeler.answers import load_answers, text_lengths
from labeler.columns import read_columns
from labeler.given_model import ModelNeeded
from labeler.models import ReliabilityRun, SoftLabel, SoftLabelSet
from labeler.numerics.arrays import MISSING
from labeler.selectors import agreement_report, is_big, newest_run, reliability_report
from labeler.services.models_given import BadProbabilities, model_given
from labeler.services.reliability import newest_or_run, run_reliability
from labeler.services.soft_labels import SoftLabelSettings, make_soft_labels
from labeler.settings import USUAL, ReliabilitySettings, Selection
from tests import making
from worker.models import Job
from worker.services.jobs import Asked, enqueue
from worker.services.labels import refresh_stale_projects
from worker.services.runner import run_job

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = ("yes", "no", "unclear")


@pytest.fixture
def project(now: datetime) -> Project:
    return making.answered_project(now)


def test_columns_hold_what_the_rows_hold(project: Project) -> None:
    rows = list(
        newest_annotations(project)
        .values_list("pk", "primary_id", "confidence", "assignment__pass_number")
        .order_by("pk")
    )

    found = read_columns(
        newest_annotations(project), ("pk", "primary_id", "confidence", "assignment__pass_number")
    )

    order = np.argsort(found["pk"])
    assert list(zip(*(column[order].tolist() for column in found.values()), strict=True)) == rows


def test_columns_are_not_read_inside_a_transaction_whose_rows_they_would_miss(
    project: Project,
) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="before the transaction begins"):
        read_columns(newest_annotations(project), ("pk",))


def test_answers_come_with_passes_second_choices_guidelines_and_lengths(project: Project) -> None:
    table = load_answers(project, Selection())

    assert len(table.answers) == Annotation.objects.count()
    assert int((table.answers.pass_number > 1).sum()) == 20
    assert (
        int((table.answers.secondary != MISSING).sum())
        == Annotation.objects.exclude(secondary=None).count()
    )
    assert np.isfinite(table.answers.day).all()
    assert (table.guidelines == MISSING).all()
    assert text_lengths(project, table).min() > 10
    assert load_answers(project, Selection(where={"colour": "red"})).answers.n_items == 0


def test_a_new_revision_is_what_counts(project: Project, now: datetime) -> None:
    ada = making.member(project, "newcomer", now)
    made = making.answer(ada, now, primary="yes")
    before = load_answers(project, Selection())

    submit(assignment=made, answer=Answer("no", 2, None), key="another", now=now)
    after = load_answers(project, Selection())

    assert len(after.answers) == len(before.answers)
    assert (after.answers.label != before.answers.label).sum() == 1


def test_the_method_is_chosen_from_the_answers(now: datetime, project: Project) -> None:
    silent = create_project(
        draft=ProjectDraft("silent", [LabelDraft(key) for key in KEYS], annotators_per_item=2),
        now=now,
    )
    rows = ["item_id,text,annotator,label"] + [
        f"i{n},text {n},{who},{KEYS[n % 3]}" for n in range(20) for who in ("ada", "ben")
    ]
    making.import_rows(silent, rows, now)

    assert run_reliability(project=silent, settings=USUAL, now=now).analysis.both_choices is None
    assert (
        make_soft_labels(project=project, settings=SoftLabelSettings(), now=now).method
        == "reliability"
    )
    assert (
        make_soft_labels(project=silent, settings=SoftLabelSettings(), now=now).method == "ensemble"
    )


@pytest.mark.parametrize(
    "method",
    [
        "dawid_skene",
        "mace",
        "glad",
        "wawa",
        "zero_based",
        "crowdtruth",
        "one_coin",
        "ensemble",
        "product",
        "softmax",
    ],
)
def test_every_method_stores_distributions_and_what_it_thinks_of_people(
    project: Project, now: datetime, method: str
) -> None:
    made = make_soft_labels(project=project, settings=SoftLabelSettings(method=method), now=now)

    rows = SoftLabel.objects.filter(soft_label_set=made)
    assert rows.count() == made.n_items == 60
    assert all(sum(row.distribution) == pytest.approx(1.0) for row in rows)
    assert set(made.report["annotator_quality"]) == {"ada", "ben"}
    assert made.report["n_ties"] == rows.filter(is_tie=True).count()


def test_a_method_that_needs_a_model_says_so_and_stores_nothing(
    project: Project, now: datetime
) -> None:
    with pytest.raises(ModelNeeded, match="train a learner first"):
        make_soft_labels(project=project, settings=SoftLabelSettings(method="crowdlab"), now=now)
    assert not SoftLabelSet.objects.exists()


def test_a_models_probabilities_can_be_handed_in_by_command(
    project: Project, now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["item_id,yes,no,unclear"] + [
        f"i{n}," + ",".join("0.8" if k == n % 3 else "0.1" for k in range(3)) for n in range(60)
    ]
    file = tmp_path / "model.csv"
    file.write_text("\n".join(lines), encoding="utf-8")

    call_command(
        "soft_labels", project.slug, "--method", "crowdlab", "--probabilities", str(file), "--json"
    )

    report = json.loads(capsys.readouterr().out)
    assert (report["method"], report["n_items"], report["converged"]) == ("crowdlab", 60, True)
    assert report["annotator_quality"]["ada"] > report["annotator_quality"]["ben"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"i0": {"yes": 0.5, "no": 0.5}}, "unclear"),
        ({"i0": {"yes": 0.5, "no": 0.3, "unclear": 0.1}}, "sum to 0.9"),
        ({"i0": {"yes": 1.0, "no": 0.0, "unclear": 0.0, "maybe": 0.0}}, "maybe"),
        ({}, "No item"),
        ({"nowhere": {"yes": 1.0, "no": 0.0, "unclear": 0.0}}, "nowhere"),
        ({"i0": {"yes": -0.5, "no": 1.5, "unclear": 0.0}}, "from 0 to 1"),
        ({"i0": {"yes": float("nan"), "no": 0.5, "unclear": 0.5}}, "from 0 to 1"),
    ],
)
def test_probabilities_that_are_none_are_refused_with_the_item(
    project: Project, rows: dict[str, dict[str, float]], words: str
) -> None:
    with pytest.raises(BadProbabilities, match=words):
        model_given(project=project, rows=rows, labels=KEYS)


def test_a_run_holds_agreement_people_and_reasons(project: Project, now: datetime) -> None:
    run = run_reliability(project=project, settings=USUAL, now=now)

    agreement, reliability = agreement_report(run), reliability_report(run)
    assert [row.metric for row in agreement.coefficients] == [
        "krippendorff",
        "fleiss",
        "scott",
        "gwet",
        "randolph",
        "percent",
    ]
    assert agreement.interval is not None and agreement.value is not None
    assert agreement.interval[0] < agreement.value < agreement.interval[1]
    assert agreement.guideline_change is None and agreement.both_choices is not None
    assert [row.label for row in agreement.per_label] == list(KEYS)
    assert [row.label for row in agreement.both_choices.per_label] == list(KEYS)
    ada = next(row for row in reliability.annotators if row.name == "ada")
    assert ada.interval is not None
    assert ada.interval[0] <= ada.reliability <= ada.interval[1]
    assert [step.confidence for step in ada.confidence.steps] == [1, 2, 3, 4, 5]


def test_a_stored_run_reads_back_as_it_was_worked_out(project: Project, now: datetime) -> None:
    made = run_reliability(project=project, settings=USUAL, now=now).analysis

    stored = ReliabilityRun.objects.get(project=project)

    assert stored.analysis == made
    assert stored.analysis.annotators and stored.analysis.pairs and stored.analysis.saturation


def test_labels_of_a_kind_that_nothing_measures_are_refused_and_not_taken_for_another(
    project: Project, now: datetime
) -> None:
    Project.objects.filter(pk=project.pk).update(kind=Project.Kind.MULTI)
    project.refresh_from_db()

    with pytest.raises(Refused, match="any number of labels an item"):
        run_reliability(project=project, settings=USUAL, now=now)
    assert not ReliabilityRun.objects.exists()


@pytest.mark.parametrize(
    "chosen",
    [
        {"metric": "cosine"},
        {"metric": "jensen_shannon"},
        {"metric": "gwet"},
        {"metric": "cohen", "level": "interval"},
        {"shrinkage": 20.0, "damping": 0.3},
    ],
)
def test_other_metrics_levels_and_rules_run_and_are_stored_apart(
    project: Project, now: datetime, chosen: dict[str, object]
) -> None:
    plain = run_reliability(project=project, settings=USUAL, now=now)

    other = run_reliability(project=project, settings=ReliabilitySettings(**chosen), now=now)  # type: ignore[arg-type]

    assert other.pk != plain.pk
    assert other.analysis.pairs[0].value is not None
    rated = [row.reliability for row in other.analysis.annotators]
    assert np.mean(rated) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "chosen",
    [
        {"metric": "luck"},
        {"level": "linear"},
        {"damping": 1.0},
        {"shrinkage": -1.0},
        {"alpha": 2.0},
    ],
)
def test_settings_that_do_not_exist_are_refused_in_words(
    project: Project, now: datetime, chosen: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        run_reliability(project=project, settings=ReliabilitySettings(**chosen), now=now)  # type: ignore[arg-type]


def test_pages_show_a_run_by_the_usual_settings_whatever_ran_last(
    project: Project, now: datetime
) -> None:
    usual = run_reliability(project=project, settings=USUAL, now=now)
    run_reliability(project=project, settings=ReliabilitySettings(metric="cosine"), now=now)

    assert newest_run(project) == usual


def test_results_of_an_older_arithmetic_are_not_shown_and_are_worked_out_anew(
    project: Project, now: datetime
) -> None:
    run = run_reliability(project=project, settings=USUAL, now=now)
    ReliabilityRun.objects.filter(pk=run.pk).update(code_version="1")

    assert newest_run(project) is None
    assert (refresh_stale_projects(now=now), refresh_stale_projects(now=now)) == (1, 0)


def test_a_project_too_big_to_wait_for_is_answered_from_what_is_stored(
    project: Project, now: datetime
) -> None:
    assert not is_big(project)
    assert is_big(project, most=100)
    assert newest_or_run(project=project, now=now).analysis.n_annotations == 120


def test_a_watcher_is_told_every_step_of_a_recalculation(project: Project, now: datetime) -> None:
    job = enqueue(project=project, kind=Job.Kind.LABELS, asked=Asked("watched"), now=now)

    run_job(job_id=job.pk, owner="test", clock=lambda: now)

    job.refresh_from_db()
    assert job.status == Job.Status.SUCCEEDED
    assert job.progress == {"step": "Storing", "share": 0.85, "seconds_left": None}


def test_the_plan_command_gives_the_papers_plan_and_refuses_what_cannot_be(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    five = (
        "--annotators",
        "6",
        "--hours",
        "10",
        "--rate",
        "60",
        "--double",
        "0.33333333333",
        "--repeat",
        "0.5",
    )

    call_command("plan", project.slug, *five, "--json")
    plan = json.loads(capsys.readouterr().out)
    call_command("plan", project.slug, *five)
    words = capsys.readouterr().out

    assert (plan["items"], plan["slack"], plan["connected"]) == (2160, 0, True)
    assert plan["per_annotator"] == [{"single": 240, "double": 240, "repeat": 120, "load": 600}] * 6
    assert plan["forecast"]["is_measured"] is False  # nothing is worked out yet
    assert plan["forecast"]["expected_agreement"] == 0.6
    assert "6 people" in words
    with pytest.raises(Exception, match="exactly one"):
        call_command("plan", project.slug, *five, "--items", "9")


def test_agreement_before_and_after_a_guideline_is_compared(
    project: Project, now: datetime
) -> None:
    people = [making.member(project, name, now) for name in ("cleo", "dan")]
    write_guideline(project=project, markdown="# New", author=None, now=now)
    for person in people:
        for _ in range(5):
            making.answer(person, now, primary="yes")

    run = run_reliability(project=project, settings=USUAL, now=now)

    assert run.analysis.guideline_change is not None
    assert run.analysis.guideline_change.before.n == 60
    assert Member.objects.filter(project=project).count() == 4
