"""Starting a training, and carrying it out: learner in a process of its own, judged here,
registered once.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction

from annotate.errors import Invalid
from annotate.jsonform import JsonObject, as_json
from annotate.models import Project, User
from labeler.models import Dataset
from worker.contract import (
    CONFIG,
    DATASET,
    LEARNERS,
    LOG,
    MANIFEST,
    OUTPUT,
    SPECS,
    TRANSFORMER,
    USUAL_LONGEST,
    WEIGHTS,
    TrainingConfig,
)
from worker.models import Job, ModelVersion, TrainingRun
from worker.patience import patiently
from worker.services import jobs
from worker.services.comparison import compare_with_serving
from worker.services.judging import Judgement, judge_run
from worker.services.learnable import refuse_unlearnable
from worker.services.processes import Cancelled, Line, run_learner
from worker.services.promotion import promote_if_better

DISK_FULL = "The disk is full: it goes on when there is space"
LEAST_FREE = 1024**2  # bytes, below which the disk is taken for full
MOST_POINTS = 2000  # of a loss curve


class BadTraining(Invalid):
    code = "bad-training"


@dataclass(frozen=True)
class TrainingDraft:
    learner: str = "baseline"
    objective: str = "soft"
    weights: str = "reliability"
    seed: int = 0
    settings: dict[str, float] = field(default_factory=dict)

    def digest(self, dataset: Dataset) -> str:
        asked = asdict(self) | {"dataset": dataset.pk}
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def check(self) -> None:
        choices: dict[str, tuple[str, tuple[str, ...]]] = {
            "learner": (self.learner, LEARNERS),
            "objective": (self.objective, tuple(TrainingRun.Objective.values)),
            "weights": (self.weights, WEIGHTS),
        }
        for name, (value, known) in choices.items():
            if value not in known:
                raise BadTraining(f"{name} is one of {', '.join(known)}, not “{value}”.")
        if not 0 <= self.seed < 2**31:
            raise BadTraining("seed is a whole number from 0 to 2147483647.")
        self._check_settings()

    def _check_settings(self) -> None:
        limits = next(spec.settings for spec in SPECS if spec.name == self.learner)
        for name, number in self.settings.items():
            if name not in limits or not limits[name].allows(number):
                known = ", ".join(f"{key} ({a.low:g} to {a.high:g})" for key, a in limits.items())
                raise BadTraining(
                    f"“{name}={number}” is not a setting that the {self.learner} takes. Its"
                    f" settings: {known or 'none'}."
                )


def start_training(
    *, dataset: Dataset, draft: TrainingDraft, key: str, author: User | None, now: datetime
) -> TrainingRun:
    """The run and its job in one transaction; one key of one person in one project gives one
    run. Raises BadTraining, Unlearnable, KeyReused, TooManyWaiting.
    """
    draft.check()
    reads = draft.settings.get("longest", USUAL_LONGEST)
    refuse_unlearnable(
        dataset=dataset,
        objective=draft.objective,
        weights=draft.weights,
        longest=reads if draft.learner == TRANSFORMER.name else None,
    )
    return _queue(dataset, draft, key, author, now)


@transaction.atomic
def _queue(
    dataset: Dataset, draft: TrainingDraft, key: str, author: User | None, now: datetime
) -> TrainingRun:
    asked = jobs.Asked(key, draft.digest(dataset), author)
    job = jobs.enqueue(project=dataset.project, kind=Job.Kind.TRAIN, asked=asked, now=now)
    exact = {
        name: number if name == "learning_rate" else int(number)
        for name, number in draft.settings.items()
    }
    fields = asdict(draft) | {
        "settings": exact,
        "project": dataset.project,
        "dataset": dataset,
        "created_at": now,
    }
    run, _ = TrainingRun.objects.get_or_create(job=job, defaults=fields)
    return run


def carry_out(*, claim: jobs.Claim, clock: Callable[[], datetime]) -> ModelVersion:
    """Train, judge, register and, if the model is better, promote. Raises FencedOut,
    TrainerFailed, Cancelled.
    """
    run = TrainingRun.objects.select_related("dataset", "project", "job").get(job=claim.job)
    folder = patiently(lambda: _prepare(run), lambda: _wait_for_space(claim, clock()))
    run_learner(folder=folder, on_lines=lambda lines: _note_lines(claim, run, lines, clock()))
    judged = judge_run(run, folder)
    home = patiently(
        lambda: _keep_model(claim, run, folder), lambda: _wait_for_space(claim, clock())
    )
    version = _register(claim, run, home, judged, clock())
    compared = compare_with_serving(version=version, now=clock(), predicted=judged.predicted)
    promote_if_better(comparison=compared, now=clock())
    shutil.rmtree(folder)
    return version


def run_folder(run: TrainingRun) -> Path:
    return settings.DATA_DIR / "runs" / str(run.job.public_id)


def _prepare(run: TrainingRun) -> Path:
    """The folder of the run. A second attempt finds the first one's checkpoints in it."""
    folder = run_folder(run)
    folder.mkdir(parents=True, exist_ok=True)
    learner_settings = dict(run.settings)
    if run.learner == TRANSFORMER.name:
        learner_settings.setdefault("encoder", settings.ENCODER_DIR)
    config = TrainingConfig(
        learner=run.learner,
        objective=run.objective,
        weights=run.weights,
        seed=run.seed,
        labels=run.dataset.labels,
        settings=learner_settings,
        content_hash=run.dataset.content_hash,
    )
    (folder / CONFIG).write_text(json.dumps(asdict(config), sort_keys=True), encoding="utf-8")
    (folder / DATASET).write_bytes(bytes(run.dataset.payload))
    (folder / LOG).touch()
    return folder


def _note_lines(claim: jobs.Claim, run: TrainingRun, lines: list[Line], now: datetime) -> str:
    last = {name: value for line in lines for name, value in line.items()}
    if last.get("n_steps"):
        step, share = f"Step {last['step']} of {last['n_steps']}", last["step"] / last["n_steps"]
        claim.job.progress = jobs.progress_now(claim.job, step, share, now)
    run.history = _thinned([*run.history, *lines])
    if shutil.disk_usage(settings.DATA_DIR).free < LEAST_FREE:
        return _beat_while_full(claim, now)
    status = jobs.heartbeat(claim=claim, progress=claim.job.progress, now=now)
    if lines:
        TrainingRun.objects.filter(pk=run.pk, job__attempt=claim.attempt).update(
            history=run.history
        )
    return status


def _beat_while_full(claim: jobs.Claim, now: datetime) -> str:
    """Keep the lease and tell why nothing moves. A database on the same disk can say neither; then
    nobody else can take the job either, and the next beat may find space.
    """
    share = claim.job.progress.get("share", 0.0)
    progress: JsonObject = {"step": DISK_FULL, "share": share, "seconds_left": None}
    try:
        return jobs.heartbeat(claim=claim, progress=progress, now=now)
    except OperationalError as error:
        if "full" not in str(error):
            raise
    return Job.Status.RUNNING


def _thinned(history: list[Line]) -> list[Line]:
    return history if len(history) <= MOST_POINTS else history[::2]


def _wait_for_space(claim: jobs.Claim, now: datetime) -> None:
    """Raises Cancelled."""
    if _beat_while_full(claim, now) == Job.Status.CANCELLING:
        raise Cancelled


def _keep_model(claim: jobs.Claim, run: TrainingRun, folder: Path) -> Path:
    """The model's folder below the data folder, whole or not there."""
    home = Path("models") / str(run.job.public_id)
    target = settings.DATA_DIR / home
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{claim.attempt}")
        try:
            shutil.copytree(folder / OUTPUT, part, dirs_exist_ok=True)
            part.rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return home


def _register(
    claim: jobs.Claim, run: TrainingRun, home: Path, judged: Judgement, now: datetime
) -> ModelVersion:
    """The model's row together with the end of the job, once its folder is there. One model a job,
    whoever gets here first.
    """
    manifest = (settings.DATA_DIR / home / MANIFEST).read_text(encoding="utf-8")
    with transaction.atomic():
        # so that numbers are given out one at a time
        Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
        jobs.finish(claim=claim, status=Job.Status.SUCCEEDED, now=now)
        version = ModelVersion.objects.create(
            project=run.project,
            run=run,
            number=ModelVersion.objects.filter(project=run.project).count() + 1,
            folder=str(home),
            manifest=json.loads(manifest),
            labels=run.dataset.labels,
            temperature=judged.temperature,
            decision_temperature=judged.decision_temperature,
            metrics=as_json(judged.metrics),
            diagram=[as_json(one) for one in judged.diagram],
            people_diagram=[as_json(one) for one in judged.people_diagram],
            created_at=now,
        )
        TrainingRun.objects.filter(pk=run.pk).update(
            result=as_json(judged.cost) | {"temperature": judged.temperature}
        )
    return version
