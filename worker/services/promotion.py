"""Which model answers. Promoted only when better beyond noise; every change is written down;
rolling back is the same call.
"""

from datetime import datetime

from django.db import transaction

from annotate.errors import Conflict
from annotate.models import Project, User
from worker.models import ModelVersion, Promotion


class NotBetter(Conflict):
    code = "not-better"


class NothingToRollBackTo(Conflict):
    code = "nothing-to-roll-back-to"


def promote_if_better(*, version: ModelVersion, now: datetime) -> Promotion | None:
    """What happens after every training."""
    if not version.comparison["is_better"]:
        return None
    return _serve(version=version, reason=_sentence(version), author=None, now=now)


def promote(*, version: ModelVersion, author: User | None, now: datetime) -> Promotion:
    """Raises NotBetter when the comparison did not show it to be better."""
    if not version.comparison["is_better"]:
        raise NotBetter(
            f"Model {version.number} was not shown to be better: {_sentence(version)} Roll back to"
            " a model that served before, or train again."
        )
    return _serve(version=version, reason=_sentence(version), author=author, now=now)


def roll_back(*, project: Project, author: User | None, now: datetime) -> Promotion:
    """Serve again what served before the present model."""
    last = Promotion.objects.filter(project=project).order_by("-pk").first()
    if last is None or last.replaced is None:
        raise NothingToRollBackTo("No model served before the present one.")
    return _serve(
        version=last.replaced,
        reason=f"Rolled back from model {last.model_version.number}.",
        author=author,
        now=now,
    )


@transaction.atomic
def _serve(*, version: ModelVersion, reason: str, author: User | None, now: datetime) -> Promotion:
    Project.objects.select_for_update(no_key=True).get(pk=version.project_id)
    replaced = (
        ModelVersion.objects.filter(project_id=version.project_id, is_serving=True)
        .exclude(pk=version.pk)
        .first()
    )
    ModelVersion.objects.filter(project_id=version.project_id, is_serving=True).update(
        is_serving=False
    )
    ModelVersion.objects.filter(pk=version.pk).update(is_serving=True)
    return Promotion.objects.create(
        project_id=version.project_id,
        model_version=version,
        replaced=replaced,
        reason=reason,
        created_by=author,
        created_at=now,
    )


def _sentence(version: ModelVersion) -> str:
    found = version.comparison
    against = f"model {found['champion']}" if found["champion"] else "the class prior"
    low, high = found["interval"]
    return (
        f"Soft cross-entropy on the test split differs from {against} by {found['difference']:+.3f}"
        f" (95 % interval {low:+.3f} to {high:+.3f})."
    )
