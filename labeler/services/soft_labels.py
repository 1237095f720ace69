"""Turning answers into soft labels, stored with the reliability run and the digest they came
from.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction

from annotate.errors import Conflict, Invalid
from annotate.models import Project
from annotate.progress import Progress, nobody_listens
from labeler.answers import AnswerTable, load_answers
from labeler.given_model import GivenModel, ModelNeeded
from labeler.models import ReliabilityRun, SoftLabelSet
from labeler.numerics import VERSION
from labeler.numerics.aggregation.evidence import NeedsModel
from labeler.numerics.aggregation.registry import METHODS, SoftLabels, default_method, soft_labels
from labeler.numerics.arrays import Floats
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.numerics.confidence.methods import probability_of_primary
from labeler.numerics.soft_labels import hard_labels
from labeler.services.reliability import run_on
from labeler.services.storing import store_soft_labels
from labeler.settings import ReliabilitySettings

AUTO = "auto"  # the method that numerics.aggregation.registry.default_method names for the answers
DEFAULT_METHOD, DEFAULT_CONFIDENCE = AUTO, "fitted"
MOST_CELLS = 100_000  # of confusion matrices that are stored
KEEP = 5  # sets that no dataset was frozen from


CHOICES = (AUTO, *METHODS)


class BadSoftLabelSettings(Invalid):
    code = "bad-settings"


class NothingAnswered(Conflict):
    code = "nothing-answered"


@dataclass(frozen=True)
class SoftLabelSettings:
    method: str = DEFAULT_METHOD
    confidence: str = DEFAULT_CONFIDENCE
    reliability: ReliabilitySettings = field(default_factory=ReliabilitySettings)

    def check(self) -> None:
        if self.method not in CHOICES:
            raise BadSoftLabelSettings(f"method is one of {', '.join(CHOICES)}.")
        if self.confidence not in CONFIDENCE_METHODS:
            raise BadSoftLabelSettings(f"confidence is one of {', '.join(CONFIDENCE_METHODS)}.")
        self.reliability.check()


def make_soft_labels(
    *,
    project: Project,
    settings: SoftLabelSettings,
    now: datetime,
    model: GivenModel | None = None,
    progress: Progress = nobody_listens,
) -> SoftLabelSet:
    """The stored set for exactly these answers and settings, worked out when it is not there yet.

    `model`: probabilities of a trained model, for methods that weigh one. Raises NothingAnswered,
    ModelNeeded.
    """
    settings.check()
    progress("Reading the answers", 0.0)
    table = load_answers(project, settings.reliability.selection)
    if len(table.answers) == 0:
        raise NothingAnswered(
            "Nobody has answered yet, so there is nothing to make soft labels from."
        )
    if settings.method == AUTO:
        settings = replace(settings, method=default_method(table.answers))
    own = {
        "method": settings.method,
        "confidence": settings.confidence,
        "reliability": settings.reliability.as_dict(),
    }
    digest = table.digest({"soft_labels": own, "model": model.digest if model else None})
    stored = SoftLabelSet.objects.filter(project=project, digest=digest).first()
    if stored is not None:
        return stored
    run = run_on(
        project=project, table=table, settings=settings.reliability, now=now, progress=progress
    )
    progress("Soft labels", 0.75)
    soft = _aggregated(table, settings, _reliability(run, table), model, int(digest[:16], 16))
    progress("Storing", 0.85)
    try:
        with transaction.atomic():
            return _store(project, settings, run, table, soft, digest, now)
    except IntegrityError:  # somebody else worked out the same set at the same time
        return SoftLabelSet.objects.get(project=project, digest=digest)


def _aggregated(
    table: AnswerTable, settings: SoftLabelSettings, r: Floats, model: GivenModel | None, seed: int
) -> SoftLabels:
    rng = np.random.default_rng(seed)
    p = probability_of_primary(table.answers, settings.confidence, rng)
    known = model.merged(settings.reliability.selection.merge).of_items(table) if model else None
    try:
        return soft_labels(table.answers, p, r, settings.method, known, rng)
    except NeedsModel as reason:
        raise ModelNeeded(f"{reason}.") from reason


def _reliability(run: ReliabilityRun, table: AnswerTable) -> Floats:
    by_name = {row.name: row.reliability for row in run.analysis.annotators}
    return np.array([by_name[name] for name in table.annotators])


def _report(table: AnswerTable, soft: SoftLabels) -> dict[str, Any]:
    """Of the method: whether it converged, how many ties it left, and what it thinks of people
    where it thinks of them.
    """
    _, is_tie = hard_labels(soft.distribution[soft.answered])
    aggregated, quality = soft.aggregated, soft.aggregated.annotator_quality
    confusion = aggregated.confusion
    small = confusion is not None and confusion.size <= MOST_CELLS
    return {
        "converged": aggregated.converged,
        "iterations": aggregated.iterations,
        "n_ties": int(is_tie.sum()),
        "annotator_quality": _by_name(table, quality) if quality is not None else {},
        "confusion": (
            _by_name(table, aggregated.confusion)
            if small and aggregated.confusion is not None
            else {}
        ),
    }


def _by_name(table: AnswerTable, values: Floats) -> dict[str, Any]:
    """nan, of people whose answers say nothing, becomes null."""
    known = values.astype(object)
    known[np.isnan(values)] = None
    return dict(zip(table.annotators, known.tolist(), strict=True))


def _store(
    project: Project,
    settings: SoftLabelSettings,
    run: ReliabilityRun,
    table: AnswerTable,
    soft: SoftLabels,
    digest: str,
    now: datetime,
) -> SoftLabelSet:
    soft_label_set = SoftLabelSet.objects.create(
        project=project,
        reliability_run=run,
        method=settings.method,
        confidence=settings.confidence,
        labels=list(table.labels),
        n_items=int(soft.answered.sum()),
        n_annotations=int(soft.n_annotations.sum()),
        digest=digest,
        code_version=VERSION,
        report=_report(table, soft),
        created_at=now,
    )
    store_soft_labels(soft_label_set=soft_label_set, table=table, soft=soft)
    return soft_label_set


@transaction.atomic
def forget_old_sets(*, project: Project) -> int:
    """Delete all but the newest KEEP sets that no dataset came from: each is as large as the
    project and can be made again.
    """
    unused = (
        SoftLabelSet.objects.filter(project=project, datasets__isnull=True)
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    old = list(unused[KEEP:])
    SoftLabelSet.objects.filter(pk__in=old).delete()
    return len(old)
