"""The hidden project under which an import writes what is new, in short transactions. One that a
killed import left behind is swept.
"""

import contextlib
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model

from annotate.models import (
    Annotation,
    Assignment,
    FreeSlot,
    Item,
    Member,
    Project,
)

AT_ONCE = 100  # items of one transaction, some milliseconds

PAUSES = 3.0  # of each transaction's own time, in which others get the database and the processor

ABANDONED = timedelta(hours=6)


@contextlib.contextmanager
def staging_of(project: Project, now: datetime) -> Iterator[Project]:
    staging = Project.objects.create(
        slug=f"staging-{uuid.uuid4().hex}",
        name=f"Coming into {project.slug}"[:120],
        kind=project.kind,
        confidence_scale=project.confidence_scale,
        annotators_per_item=project.annotators_per_item,
        is_staging=True,
        created_at=now,
    )
    try:
        yield staging
    finally:
        clear_staging(staging=staging)


@contextlib.contextmanager
def unhurried() -> Iterator[None]:
    """A short transaction, and a pause after it: without one, people's requests waited .6 s."""
    began = time.monotonic()
    with transaction.atomic():
        yield
    time.sleep(PAUSES * (time.monotonic() - began))


def clear_staging(*, staging: Project) -> None:
    """Delete what is left under a staging project, in short transactions."""
    of_project: tuple[tuple[type[Model], str], ...] = (
        (Annotation, "assignment__project"),
        (Assignment, "project"),
        (FreeSlot, "project"),
        (Item, "project"),
        (Member, "project"),
    )
    for model, path in of_project:
        rows = model._default_manager.filter(**{path: staging})
        while pks := list(rows.values_list("pk", flat=True)[: AT_ONCE * 5]):
            with unhurried():
                model._default_manager.filter(pk__in=pks).delete()
    Project.objects.filter(pk=staging.pk).delete()


def sweep_staging(*, now: datetime) -> int:
    """Clear what killed imports left behind."""
    left = list(Project.objects.filter(is_staging=True, created_at__lt=now - ABANDONED))
    for staging in left:
        clear_staging(staging=staging)
    return len(left)
