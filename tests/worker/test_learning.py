"""From answers to a serving model, with the real learners in their own processes."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from annotate.models import Project
from labeler.dataset_rows import parquet_of, rows_of
from labeler.models import Dataset
from labeler.services.datasets import freeze_answers
from labeler.services.soft_labels import NothingAnswered, SoftLabelSettings
from labeler.splits import BadSplits, SplitRule
from tests import making
from worker.learners.protocol import read_task
from worker.learners.registry import LEARNERS
from worker.models import Comparison, Job, ModelVersion, RetrainSchedule, TrainingRun
from worker.services.learnable import Unlearnable
from worker.services.prediction import BadTexts, NoModel, predict
from worker.services.promotion import (
    NotBetter,
    NotCompared,
    NothingToRollBackTo,
    ask_to_compare,
    promote,
    roll_back,
)
from worker.services.runner import run_job
from worker.services.schedules import ScheduleDraft, check_schedules, set_schedule
from worker.services.training import (
    BadTraining,
    TrainingDraft,
    _prepare,
    run_folder,
    start_training,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
SOFT = SoftLabelSettings()


@pytest.fixture
def project(now: datetime) -> Project:
    return making.answered_project(now, n_items=200)


@pytest.fixture
def dataset(project: Project, now: datetime) -> Dataset:
    return freeze_answers(project=project, settings=SOFT, rule=SplitRule(), author=None, now=now)


def train(dataset: Dataset, draft: TrainingDraft, key: str = "k") -> TrainingRun:
    run = start_training(dataset=dataset, draft=draft, key=key, author=None, now=timezone.now())
    run_job(job_id=run.job_id, owner="test", clock=timezone.now)
    return TrainingRun.objects.select_related("job").get(pk=run.pk)


def test_a_frozen_dataset_is_the_same_twice_and_keeps_equal_texts_together(
    project: Project, dataset: Dataset, now: datetime
) -> None:
    again = freeze_answers(
        project=project, settings=SOFT, rule=SplitRule(), author=None, now=now + timedelta(days=1)
    )

    assert again.pk == dataset.pk
    rows = rows_of(dataset)
    assert {row.split for row in rows} == {"train", "validation", "test"}
    assert all(abs(sum(row.soft_label) - 1) < 1e-9 for row in rows)
    assert dataset.content_hash in dataset.card


def test_a_split_that_would_be_empty_is_refused(project: Project, now: datetime) -> None:
    with pytest.raises(BadSplits, match="empty"):
        freeze_answers(
            project=project,
            settings=SOFT,
            rule=SplitRule(validation_share=0.0001),
            author=None,
            now=now,
        )
    with pytest.raises(NothingAnswered):
        freeze_answers(
            project=making.project(now, slug="new"),
            settings=SOFT,
            rule=SplitRule(),
            author=None,
            now=now,
        )
    assert not Dataset.objects.exists()


def test_the_baseline_learns_is_judged_serves_and_answers(
    project: Project, dataset: Dataset, data_dir: Path
) -> None:
    with pytest.raises(NoModel):
        predict(project=project, texts=["good bright happy"])

    run = train(dataset, TrainingDraft())

    assert (run.job.status, run.job.reason) == ("succeeded", "")
    version = ModelVersion.objects.get(run=run)
    compared = Comparison.objects.get(challenger=version)
    assert version.is_serving and compared.is_better and compared.champion is None
    assert set(version.metrics["test"]) >= {
        "soft_cross_entropy",
        "macro_f1",
        "micro_f1",
        "weighted_f1",
        "accuracy",
        "ece",
        "brier",
    }
    assert sum(b["n"] for b in version.diagram) == dataset.splits["test"]
    found, predictions = predict(project=project, texts=["good bright happy", "bad dark sad"])
    assert found.pk == version.pk
    assert [prediction.label for prediction in predictions] == ["yes", "no"]
    assert sum(predictions[0].distribution.values()) == pytest.approx(1.0)
    assert not run_folder(run).exists()
    with pytest.raises(BadTexts):
        predict(project=project, texts=["  "])


def test_an_equal_model_is_not_promoted_and_rolling_back_needs_a_past(
    project: Project, dataset: Dataset, data_dir: Path
) -> None:
    train(dataset, TrainingDraft(), "first")
    train(dataset, TrainingDraft(), "second")
    first, second = ModelVersion.objects.order_by("number")

    assert (first.is_serving, second.is_serving) == (True, False)
    with pytest.raises(NotBetter, match="not shown to be better"):
        promote(version=second, author=None, now=timezone.now())
    with pytest.raises(NothingToRollBackTo):
        roll_back(project=project, author=None, now=timezone.now())

    Comparison.objects.filter(challenger=second).update(is_better=True, high=-0.1, p_value=0.01)
    promote(version=second, author=None, now=timezone.now())
    roll_back(project=project, author=None, now=timezone.now())

    assert ModelVersion.objects.get(is_serving=True).number == 1


def test_a_model_that_once_beat_the_prior_does_not_replace_whoever_serves_now(
    project: Project, dataset: Dataset, data_dir: Path
) -> None:
    for key in ("first", "second", "third"):
        train(dataset, TrainingDraft(), key)
    first, _, third = ModelVersion.objects.order_by("number")
    Comparison.objects.filter(challenger=third).update(
        is_better=True, high=-0.1, p_value=0.01, champion=None
    )
    now = timezone.now()

    with pytest.raises(NotCompared, match="model 1, which serves now"):
        promote(version=third, author=None, now=now)
    job = ask_to_compare(version=third, author=None, now=now)
    run_job(job_id=job.pk, owner="test", clock=timezone.now)

    with pytest.raises(NotBetter, match="not shown to be better"):
        promote(version=third, author=None, now=now)
    assert Comparison.objects.filter(challenger=third).latest("pk").champion == first
    assert ModelVersion.objects.get(is_serving=True) == first


def test_the_transformer_learns_a_distribution_and_goes_on_where_it_was_stopped(
    dataset: Dataset, data_dir: Path
) -> None:
    """The third checkpoint is all that the second run has; its end must be the first run's end,
    to the last bit.
    """
    draft = TrainingDraft(
        "transformer",
        seed=3,
        settings={"epochs": 1, "batch_size": 8, "longest": 16, "checkpoint_steps": 3},
    )
    whole = train(dataset, draft, "whole")
    assert whole.job.status == "succeeded", whole.job.reason

    stopped = start_training(
        dataset=dataset, draft=draft, key="stopped", author=None, now=timezone.now()
    )
    folder = run_folder(stopped)
    from_whole = run_again_and_keep(dataset, draft)
    (folder / "checkpoints").mkdir(parents=True)
    (from_whole / "checkpoints" / "step-00000003").rename(folder / "checkpoints" / "step-00000003")
    damaged = folder / "checkpoints" / "step-00000006"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{}")
    run_job(job_id=stopped.job_id, owner="test", clock=timezone.now)

    first, second = (ModelVersion.objects.get(run=run) for run in (whole, stopped))
    history = TrainingRun.objects.get(pk=stopped.pk).history
    assert {"step": 3, "resumed": True}.items() <= history[0].items()
    assert (
        first.manifest["files"]["model.safetensors"]
        == second.manifest["files"]["model.safetensors"]
    )


def run_again_and_keep(dataset: Dataset, draft: TrainingDraft) -> Path:
    """The folder of a training stopped right after its third step: the learner alone, without
    the job around it.
    """
    run = start_training(dataset=dataset, draft=draft, key="kept", author=None, now=timezone.now())
    folder = _prepare(run)
    keep = folder.with_name("kept")
    keep.mkdir()
    watched = folder / "checkpoints"

    class Stop(Exception):
        pass

    def told(**line: object) -> None:
        if (watched / "step-00000003").exists() and not (keep / "checkpoints").exists():
            shutil.copytree(watched, keep / "checkpoints")
            raise Stop

    task = read_task(folder)
    with pytest.raises(Stop):
        LEARNERS["transformer"].fit(task, folder, told)
    return keep


def test_a_dataset_that_cannot_be_learned_from_fails_with_its_reason(
    dataset: Dataset, data_dir: Path, settings: object
) -> None:
    settings.ENCODER_DIR = "/nowhere"  # type: ignore[attr-defined]

    run = train(dataset, TrainingDraft("transformer"))

    assert run.job.status == "failed"
    assert "encoder folder" in run.job.reason
    assert not ModelVersion.objects.exists()


def test_a_training_with_unknown_settings_is_refused(dataset: Dataset, now: datetime) -> None:
    for draft in (
        TrainingDraft("magic"),
        TrainingDraft(objective="none"),
        TrainingDraft("transformer", settings={"epochs": 0}),
        TrainingDraft("transformer", settings={"epochs": 1.5}),
        TrainingDraft("transformer", settings={"lr": 1}),
        TrainingDraft("baseline", settings={"epochs": 3}),
    ):
        with pytest.raises(BadTraining):
            start_training(dataset=dataset, draft=draft, key="k", author=None, now=now)
    assert not TrainingRun.objects.exists()


def changed(dataset: Dataset, **values: object) -> Dataset:
    """The dataset with these values in every row."""
    rows = [replace(row, **values) for row in rows_of(dataset)]  # type: ignore[arg-type]
    dataset.payload = parquet_of(rows, dataset.labels)
    dataset.save(update_fields=["payload"])
    return dataset


@pytest.mark.parametrize(
    ("values", "draft", "words"),
    [
        ({"sample_weight": 0.0}, TrainingDraft(), "weight 0"),
        ({"votes": [0, 0, 0]}, TrainingDraft(objective="repeated"), "no vote to repeat"),
        ({}, TrainingDraft("transformer", settings={"longest": 4096}), "reads 512 tokens"),
    ],
)
def test_what_nothing_can_be_learned_from_is_refused_before_a_job_is_queued(
    dataset: Dataset, now: datetime, values: dict[str, object], draft: TrainingDraft, words: str
) -> None:
    with pytest.raises(Unlearnable, match=words):
        start_training(
            dataset=changed(dataset, **values), draft=draft, key="k", author=None, now=now
        )
    assert not Job.objects.exists() and not TrainingRun.objects.exists()


def test_weights_of_0_are_no_hindrance_where_items_are_not_weighed(
    dataset: Dataset, now: datetime
) -> None:
    light = changed(dataset, sample_weight=0.0)

    start_training(
        dataset=light, draft=TrainingDraft(weights="none"), key="k", author=None, now=now
    )

    assert TrainingRun.objects.count() == 1


def test_a_schedule_trains_when_answers_came_and_does_nothing_when_none_did(
    project: Project, data_dir: Path, now: datetime
) -> None:
    set_schedule(
        project=project, draft=ScheduleDraft(is_on=True, every_hours=24, every_annotations=50)
    )

    assert check_schedules(now=now) == 1
    assert check_schedules(now=now + timedelta(minutes=1)) == 0
    Job.objects.update(status="succeeded", finished_at=now)
    assert check_schedules(now=now + timedelta(hours=25)) == 0

    schedule = RetrainSchedule.objects.get()
    assert schedule.last_look["outcome"].startswith("Nothing changed")
    assert TrainingRun.objects.count() == 1


def test_due_moments_that_pass_while_a_training_waits_are_made_up_for_once(
    project: Project, data_dir: Path, now: datetime
) -> None:
    schedule = ScheduleDraft(is_on=True, every_hours=24, every_annotations=None)
    set_schedule(project=project, draft=schedule)
    for day in range(4):
        making.answer(making.member(project, f"new-{day}", now), now)
        check_schedules(now=now + timedelta(hours=25 * day))

    assert TrainingRun.objects.count() == 1
    Job.objects.update(status="succeeded", finished_at=now)
    check_schedules(now=now + timedelta(hours=25 * 4))
    assert TrainingRun.objects.count() == 2


def test_what_a_job_writes_about_itself_is_json(dataset: Dataset, data_dir: Path) -> None:
    run = train(dataset, TrainingDraft())

    assert json.loads(json.dumps(run.history)) == run.history
    assert run.job.progress["share"] == 1.0
