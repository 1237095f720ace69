"""Keeping agreement, reliability and soft labels up to date while people answer."""

from datetime import datetime

from django.db.models import Max

from annotate.models import Annotation, Project
from annotate.progress import Progress, nobody_listens
from labeler.models import SoftLabelSet
from labeler.numerics import VERSION
from labeler.services.soft_labels import SoftLabelSettings, forget_old_sets, make_soft_labels
from worker.models import Job
from worker.services.jobs import Asked, enqueue, key_of


def refresh_stale_projects(*, now: datetime) -> int:
    """Queue a job for every project with answers newer than its last one, or results of an older
    arithmetic.

    One key an answer and version: asking again queues nothing.
    """
    newest = Annotation.objects.values("assignment__project").annotate(newest=Max("pk"))
    n = 0
    for row in newest:
        project_id, asked = row["assignment__project"], Asked(f"labels:{row['newest']}:{VERSION}")
        known = Job.objects.filter(idempotency_key=key_of(project_id, asked))
        if known.exists() or _is_busy(project_id):
            continue
        project = Project.objects.get(pk=project_id)
        enqueue(project=project, kind=Job.Kind.LABELS, asked=asked, now=now)
        n += 1
    return n


def _is_busy(project_id: int) -> bool:
    return Job.objects.filter(
        project_id=project_id, kind=Job.Kind.LABELS, status__in=("queued", "running")
    ).exists()


def refresh_labels(
    *, project: Project, now: datetime, progress: Progress = nobody_listens
) -> SoftLabelSet:
    soft_label_set = make_soft_labels(
        project=project, settings=SoftLabelSettings(), now=now, progress=progress
    )
    forget_old_sets(project=project)
    return soft_label_set
