"""Bringing a file of items and answers into a project: all of it or nothing, a second time changes
nothing, and nobody who annotates meanwhile waits for it.

What is new is written under a hidden staging project, in short transactions, and becomes this
project's in one brief transaction at the end.
"""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from annotate.errors import Conflict
from annotate.jsonform import as_json
from annotate.models import (
    Annotation,
    Assignment,
    FreeSlot,
    Import,
    Item,
    LabelSet,
    Member,
    Project,
    User,
)
from annotate.progress import Progress, nobody_listens
from annotate.services.import_plans import (
    ImportPlan,
    ImportReport,
    Source,
    plan_import,
)
from annotate.services.import_writing import ImportWriter, answer_old_items
from annotate.services.staging import staging_of


class ChangedMeanwhile(Conflict):
    code = "changed-meanwhile"


def try_import(*, project: Project, source: Source) -> ImportReport:
    """What `import_file` would do. Reads only."""
    return plan_import(project=project, source=source).report


def import_file(
    *,
    project: Project,
    source: Source,
    author: User | None,
    now: datetime,
    progress: Progress = nobody_listens,
) -> ImportReport:
    """Raises BadFile with every problem and its row; then nothing is stored."""
    progress("Reading and checking", 0.0)
    plan = plan_import(project=project, source=source)
    with staging_of(project, now) as staging:
        ImportWriter(project, staging, plan, source, now).write(progress)
        progress("Publishing", 0.95)
        try:
            with transaction.atomic():
                _publish(project, staging, plan, source, author, now)
        except IntegrityError as error:
            raise ChangedMeanwhile(
                "The project changed while the file came in. Nothing was stored; import it again."
            ) from error
    _refresh_statistics()
    return plan.report


def _publish(
    project: Project,
    staging: Project,
    plan: ImportPlan,
    source: Source,
    author: User | None,
    now: datetime,
) -> None:
    """The one transaction in which all of it becomes the project's. Raises IntegrityError where
    somebody else brought the same meanwhile.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    for model in (Member, Item, FreeSlot, Assignment):
        model._default_manager.filter(project=staging).update(project=project)
    answer_old_items(project, plan, source, now)
    for pk, row in plan.changed_items:
        known = {"gold": plan.labels.get(row.gold), "split": row.split}
        Item.objects.filter(pk=pk).update(**{name: value for name, value in known.items() if value})
    if plan.answers:
        label_set = next(iter(plan.labels.values())).label_set_id
        LabelSet.objects.filter(pk=label_set, frozen_at=None).update(frozen_at=now)
    Import.objects.create(
        project=project,
        file_name=source.name[-255:],
        dialect=plan.dialect,
        digest=source.digest,
        report=as_json(plan.report),
        created_by=author,
        created_at=now,
    )


def _refresh_statistics() -> None:
    """PostgreSQL's planner sorts thirty thousand free places for a claim until it is told."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            for model in (Item, FreeSlot, Assignment, Annotation):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
