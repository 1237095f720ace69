"""Which model answers. Promoted only when better beyond noise; every change is written down;
rolling back is the same call.
"""

from datetime import datetime

from django.db import transaction

from annotate.errors import Conflict
from annotate.models import Project, User
from worker.models import Comparison, Job, ModelVersion, Promotion
from worker.services.comparison import compare_with_serving, comparison_with, serving_of
from worker.services.jobs import Asked, enqueue


class NotBetter(Conflict):
    code = "not-better"


class NotCompared(Conflict):
    code = "not-compared"


class NothingToRollBackTo(Conflict):
    code = "nothing-to-roll-back-to"


def promote_if_better(*, comparison: Comparison, now: datetime) -> Promotion | None:
    """What happens after every training."""
    if not comparison.is_better:
        return None
    return _promote(comparison, None, now)


def promote(*, version: ModelVersion, author: User | None, now: datetime) -> Promotion:
    """Raises NotCompared when nothing was measured against whoever serves now, and NotBetter when
    that did not show it to be better.
    """
    serving = serving_of(version.project_id)
    if serving is not None and serving.pk == version.pk:
        raise NotBetter(f"Model {version.number} serves already.")
    comparison = comparison_with(version, serving)
    if comparison is None:
        against = f"model {serving.number}" if serving else "the class prior"
        raise NotCompared(
            f"Model {version.number} was not compared with {against}, which serves now. Compare"
            " them first."
        )
    if not comparison.is_better:
        raise NotBetter(
            f"Model {version.number} was not shown to be better: {_sentence(comparison)} Roll back"
            " to a model that served before, or train again."
        )
    return _promote(comparison, author, now)


def promote_or_compare(
    *, version: ModelVersion, author: User | None, now: datetime
) -> Promotion | Job:
    """Promote it, or queue its comparison with whoever serves, if there was none yet. Raises
    NotBetter.
    """
    try:
        return promote(version=version, author=author, now=now)
    except NotCompared:
        return ask_to_compare(version=version, author=author, now=now)


def compare_and_promote(*, version: ModelVersion, now: datetime) -> Promotion:
    """The same for somebody who waits: the comparison is made here. Raises NotBetter."""
    if comparison_with(version, serving_of(version.project_id)) is None:
        compare_with_serving(version=version, now=now)
    return promote(version=version, author=None, now=now)


def _promote(comparison: Comparison, author: User | None, now: datetime) -> Promotion:
    reason = _sentence(comparison)
    return _serve(version=comparison.challenger, reason=reason, author=author, now=now)


def ask_to_compare(*, version: ModelVersion, author: User | None, now: datetime) -> Job:
    """A job that compares the model with whoever serves when it runs."""
    serving = serving_of(version.project_id)
    key = f"compare:{version.pk}:{serving.pk if serving else 0}"
    asked = Asked(key, author=author, payload={"model": version.pk})
    return enqueue(project=version.project, kind=Job.Kind.COMPARE, asked=asked, now=now)


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


def _sentence(comparison: Comparison) -> str:
    champion = comparison.champion
    against = f"model {champion.number}" if champion else "the class prior"
    if comparison.difference is None:
        return comparison.reason
    figures = (
        f"Soft cross-entropy on the test split differs from {against} by"
        f" {comparison.difference:+.3f} (95 % interval {comparison.low:+.3f} to"
        f" {comparison.high:+.3f}, {comparison.p_words}, {comparison.n_items} items)."
    )
    return f"{figures} {comparison.reason}".strip()
