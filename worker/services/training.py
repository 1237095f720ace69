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
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from safetensors.numpy import load_file

from annotate.errors import Invalid
from annotate.models import Project, User
from labeler.models import Dataset
from labeler.numerics.arrays import Floats, Ints
from labeler.numerics.calibration import (
    fit_temperature,
    probabilities,
    reliability_diagram,
    shares_diagram,
)
from labeler.numerics.metrics.evaluation import evaluate
from labeler.services.datasets import rows_of
from worker.models import Job, ModelVersion, TrainingRun
from worker.services import jobs
from worker.services.comparison import compare_with_serving
from worker.services.processes import run_learner
from worker.services.promotion import promote_if_better

LEARNERS = ("baseline", "transformer")
WEIGHTS = ("reliability", "none")
LIMITS = {
    "epochs": (1, 100),
    "batch_size": (1, 1024),
    "learning_rate": (1e-7, 1.0),
    "longest": (8, 4096),
    "checkpoint_steps": (1, 100_000),
}
MOST_POINTS = 2000  # of a loss curve
JUDGED = ("validation", "test")
OF_DECISION = ("ece", "nll", "adaptive_ece", "rms_calibration_error", "smooth_ece")


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
        for name, number in self.settings.items():
            low, high = LIMITS.get(name, (1, 0))
            is_whole = name == "learning_rate" or float(number).is_integer()
            if not (low <= number <= high and is_whole):
                limits = ", ".join(f"{key} ({a:g} to {b:g})" for key, (a, b) in LIMITS.items())
                raise BadTraining(
                    f"“{name}={number}” is not a setting a training takes. Settings: {limits}."
                )


@transaction.atomic
def start_training(
    *, dataset: Dataset, draft: TrainingDraft, key: str, author: User | None, now: datetime
) -> TrainingRun:
    """The run and its job in one transaction; one key of one person in one project gives one
    run. Raises BadTraining, KeyReused, TooManyWaiting.
    """
    draft.check()
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
    folder = _prepare(run)
    run_learner(folder=folder, report=lambda lines: _report(claim, run, lines, clock()))
    result = _judge(run, folder)
    version = _register(claim, run, folder, result, clock())
    compared = compare_with_serving(version=version, now=clock(), predicted=result.predicted)
    promote_if_better(comparison=compared, now=clock())
    shutil.rmtree(folder)
    return version


def run_folder(run: TrainingRun) -> Path:
    return settings.DATA_DIR / "runs" / str(run.job.public_id)


def _prepare(run: TrainingRun) -> Path:
    """The folder of the run. A second attempt finds the first one's checkpoints in it."""
    folder = run_folder(run)
    folder.mkdir(parents=True, exist_ok=True)
    learner_settings: dict[str, Any] = dict(run.settings)
    if run.learner == "transformer":
        learner_settings.setdefault("encoder", settings.ENCODER_DIR)
    config = {
        "learner": run.learner,
        "objective": run.objective,
        "weights": run.weights,
        "seed": run.seed,
        "labels": run.dataset.labels,
        "settings": learner_settings,
        "content_hash": run.dataset.content_hash,
    }
    (folder / "config.json").write_text(json.dumps(config, sort_keys=True), encoding="utf-8")
    (folder / "dataset.parquet").write_bytes(bytes(run.dataset.payload))
    return folder


def _report(claim: jobs.Claim, run: TrainingRun, lines: list[dict[str, Any]], now: datetime) -> str:
    last = {name: value for line in lines for name, value in line.items()}
    if last.get("n_steps"):
        step, share = f"Step {last['step']} of {last['n_steps']}", last["step"] / last["n_steps"]
        claim.job.progress = jobs.progress_now(claim.job, step, share, now)
    status = jobs.heartbeat(claim=claim, progress=claim.job.progress, now=now)
    if lines:
        run.history = _thinned([*run.history, *lines])
        TrainingRun.objects.filter(pk=run.pk, job__attempt=claim.attempt).update(
            history=run.history
        )
    return status


def _thinned(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return history if len(history) <= MOST_POINTS else history[::2]


@dataclass(frozen=True)
class Result:
    """`predicted`: (N, K) on the test split, the distribution as it will be served."""

    metrics: dict[str, Any]
    temperature: float
    decision_temperature: float
    diagram: list[dict[str, float]]
    people_diagram: list[dict[str, float]]
    predicted: Floats
    cost: dict[str, Any]


def _judge(run: TrainingRun, folder: Path) -> Result:
    """Metrics with intervals on both held-out splits, after two temperatures fitted on validation
    alone: one for the distribution, to people's shares, and one for the decision, to the label most
    people chose. A model that states shares honestly is not sure of its decision as often as it is
    right, and the other way round.
    """
    rows = rows_of(run.dataset)
    splits = {name: [row for row in rows if row["split"] == name] for name in JUDGED}
    logits = load_file(folder / "logits.safetensors")
    targets = {name: _targets(splits[name], run.dataset.labels) for name in JUDGED}
    soft, hard = targets["validation"]
    temperature = fit_temperature(logits["validation"], soft)
    decision = fit_temperature(logits["validation"], np.eye(soft.shape[1])[hard])
    rng = np.random.default_rng(run.seed)
    metrics = {
        name: _metrics(*targets[name], logits[name], (temperature, decision), rng)
        for name in JUDGED
    }
    predicted = probabilities(logits["test"], temperature)
    decided = probabilities(logits["test"], decision)
    test_soft, test_hard = targets["test"]
    return Result(
        metrics,
        temperature,
        decision,
        [asdict(b) for b in reliability_diagram(decided, test_hard)],
        [asdict(b) for b in shares_diagram(predicted, test_soft)],
        predicted,
        json.loads((folder / "cost.json").read_text(encoding="utf-8")),
    )


def _metrics(
    soft: Floats,
    hard: Ints,
    logits: Floats,
    temperatures: tuple[float, float],
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Of the distribution; what is about the decision, of the probabilities of the decision."""
    shares, decisions = (probabilities(logits, t) for t in temperatures)
    found = evaluate(soft, hard, shares, rng)
    decided = evaluate(soft, hard, decisions, rng)
    return {
        name: {"value": one.value, "interval": one.interval}
        for name, one in (found | {name: decided[name] for name in OF_DECISION}).items()
    }


def _targets(rows: list[dict[str, Any]], labels: list[str]) -> tuple[Floats, Ints]:
    soft = np.array([row["soft_label"] for row in rows], dtype=np.float64)
    return soft, np.array([labels.index(row["hard_label"]) for row in rows], dtype=np.int64)


def _register(
    claim: jobs.Claim, run: TrainingRun, folder: Path, result: Result, now: datetime
) -> ModelVersion:
    """The model's folder first, then its row together with the end of the job. One model a job,
    whoever gets here first.
    """
    home = Path("models") / str(run.job.public_id)
    target = settings.DATA_DIR / home
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            folder / "output",
            target.with_name(f".{target.name}.{claim.attempt}"),
            dirs_exist_ok=True,
        )
        target.with_name(f".{target.name}.{claim.attempt}").rename(target)
    with transaction.atomic():
        # so that numbers are given out one at a time
        Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
        jobs.finish(claim=claim, status=Job.Status.SUCCEEDED, now=now)
        version = ModelVersion.objects.create(
            project=run.project,
            run=run,
            number=ModelVersion.objects.filter(project=run.project).count() + 1,
            folder=str(home),
            manifest=json.loads((target / "manifest.json").read_text(encoding="utf-8")),
            labels=run.dataset.labels,
            temperature=result.temperature,
            decision_temperature=result.decision_temperature,
            metrics=result.metrics,
            diagram=result.diagram,
            people_diagram=result.people_diagram,
            created_at=now,
        )
        TrainingRun.objects.filter(pk=run.pk).update(
            result=result.cost | {"temperature": result.temperature}
        )
    return version
