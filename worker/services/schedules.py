"""Retraining on a schedule. What is due follows from rows, so a look too many does nothing and a
missed one is made up for once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from annotate.errors import Invalid, Refused
from annotate.models import Project
from annotate.selectors.answers import newest_annotations
from labeler.services.datasets import freeze_answers
from labeler.services.soft_labels import SoftLabelSettings
from labeler.splits import SplitRule
from worker.contract import LEARNERS
from worker.models import Job, RetrainSchedule, TrainingRun
from worker.services.training import TrainingDraft, start_training


class BadSchedule(Invalid):
    code = "bad-schedule"


@dataclass(frozen=True)
class ScheduleDraft:
    is_on: bool
    every_hours: int | None
    every_annotations: int | None
    learner: str = "baseline"


def set_schedule(*, project: Project, draft: ScheduleDraft) -> RetrainSchedule:
    if draft.is_on and not (draft.every_hours or draft.every_annotations):
        raise BadSchedule("Say after how many hours or after how many new annotations to retrain.")
    if draft.learner not in LEARNERS:
        raise BadSchedule(f"The learner is one of {', '.join(LEARNERS)}.")
    fields = {
        "is_on": draft.is_on,
        "every_hours": draft.every_hours,
        "every_annotations": draft.every_annotations,
        "learner": draft.learner,
    }
    schedule, _ = RetrainSchedule.objects.update_or_create(project=project, defaults=fields)
    return schedule


def check_schedules(*, now: datetime) -> int:
    """Start what is due. Returns how many trainings were started."""
    return sum(
        check_schedule(schedule=schedule, now=now)
        for schedule in RetrainSchedule.objects.filter(is_on=True).select_related("project")
    )


def check_schedule(*, schedule: RetrainSchedule, now: datetime) -> bool:
    n = newest_annotations(schedule.project).count()
    if not _is_due(schedule, n, now) or _waits(schedule):
        return False
    # One look decides for a due moment: the others find the row changed.
    taken = RetrainSchedule.objects.filter(
        pk=schedule.pk,
        last_due_at=schedule.last_due_at,
        last_n_annotations=schedule.last_n_annotations,
    )
    if not taken.update(last_due_at=now, last_n_annotations=n):
        return False
    try:
        outcome, started = _retrain(schedule, now)
    except Refused as refusal:
        outcome, started = refusal.message, False
    RetrainSchedule.objects.filter(pk=schedule.pk).update(
        last_look={"at": now.isoformat(), "outcome": outcome}
    )
    return started


def _is_due(schedule: RetrainSchedule, n_annotations: int, now: datetime) -> bool:
    if (
        schedule.every_annotations
        and n_annotations - schedule.last_n_annotations >= schedule.every_annotations
    ):
        return True
    hours = timedelta(hours=schedule.every_hours) if schedule.every_hours else None
    return hours is not None and (
        schedule.last_due_at is None or now - schedule.last_due_at >= hours
    )


def _waits(schedule: RetrainSchedule) -> bool:
    """A training that this schedule asked for has not begun yet: a second one says nothing new."""
    mine = Job.objects.filter(project=schedule.project, kind=Job.Kind.TRAIN, created_by=None)
    return mine.filter(status=Job.Status.QUEUED, idempotency_key__contains=":schedule:").exists()


def _retrain(schedule: RetrainSchedule, now: datetime) -> tuple[str, bool]:
    """Two transactions: answers are read outside of any, and a dataset whose training was not
    started stands by itself.
    """
    project = schedule.project
    dataset = freeze_answers(
        project=project, settings=SoftLabelSettings(), rule=SplitRule(), author=None, now=now
    )
    if (
        TrainingRun.objects.filter(dataset=dataset, learner=schedule.learner)
        .exclude(job__status__in=("failed", "cancelled"))
        .exists()
    ):
        return f"Nothing changed since dataset {dataset.number} was trained on.", False
    key = f"schedule:{schedule.pk}:{dataset.content_hash}:{schedule.learner}:{now:%Y%m%d%H%M%S}"
    start_training(
        dataset=dataset,
        draft=TrainingDraft(learner=schedule.learner),
        key=key,
        author=None,
        now=now,
    )
    return f"Started a training on dataset {dataset.number}.", True
