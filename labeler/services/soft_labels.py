"""Turning answers into soft labels, stored with the reliability run and the digest they came from."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import IntegrityError, transaction

from annotate.errors import Conflict, Invalid
from annotate.models import Project
from labeler.answers import AnswerTable, load_answers
from labeler.models import ReliabilityRun, SoftLabel, SoftLabelSet
from labeler.numerics import VERSION, confidence, soft_labels
from labeler.numerics.arrays import Floats
from labeler.numerics.counts import label_counts
from labeler.services.reliability import ReliabilitySettings, run_on

BATCH = 2000
KEEP = 5  # sets that no dataset was frozen from


class BadSoftLabelSettings(Invalid):
    code = "bad-settings"


class NothingAnswered(Conflict):
    code = "nothing-answered"


@dataclass(frozen=True)
class SoftLabelSettings:
    method: str = "reliability"
    confidence: str = "linear"
    reliability: ReliabilitySettings = field(default_factory=ReliabilitySettings)

    def check(self) -> None:
        if self.method not in soft_labels.METHODS:
            raise BadSoftLabelSettings(f"method is one of {', '.join(soft_labels.METHODS)}.")
        if self.confidence not in confidence.METHODS:
            raise BadSoftLabelSettings(f"confidence is one of {', '.join(confidence.METHODS)}.")
        self.reliability.check()


def make_soft_labels(*, project: Project, settings: SoftLabelSettings, now: datetime) -> SoftLabelSet:
    """The stored set for exactly these answers and settings, worked out when it is not there yet. Raises NothingAnswered."""
    settings.check()
    table = load_answers(project, settings.reliability.selection)
    if len(table.answers) == 0:
        raise NothingAnswered("Nobody has answered yet, so there is nothing to make soft labels from.")
    own = {"method": settings.method, "confidence": settings.confidence, "reliability": settings.reliability.as_dict()}
    digest = table.digest({"soft_labels": own})
    stored = SoftLabelSet.objects.filter(project=project, digest=digest).first()
    if stored is not None:
        return stored
    run = run_on(project=project, table=table, settings=settings.reliability, now=now)
    p = confidence.probability_of_primary(table.answers, settings.confidence)
    made = soft_labels.soft_labels(table.answers, p, _reliability(run, table), settings.method)
    try:
        with transaction.atomic():
            return _store(project, settings, run, table, made, digest, now)
    except IntegrityError:  # somebody else worked out the same set at the same time
        return SoftLabelSet.objects.get(project=project, digest=digest)


def _reliability(run: ReliabilityRun, table: AnswerTable) -> Floats:
    by_name = {row["name"]: row["reliability"] for row in run.result["annotators"]}
    return np.array([by_name[name] for name in table.annotators])


def _store(
    project: Project,
    settings: SoftLabelSettings,
    run: ReliabilityRun,
    table: AnswerTable,
    made: soft_labels.SoftLabels,
    digest: str,
    now: datetime,
) -> SoftLabelSet:
    answered = np.flatnonzero(made.answered)
    soft_label_set = SoftLabelSet.objects.create(
        project=project,
        reliability_run=run,
        method=settings.method,
        confidence=settings.confidence,
        labels=list(table.labels),
        n_items=answered.size,
        n_annotations=int(made.n_annotations.sum()),
        digest=digest,
        code_version=VERSION,
        created_at=now,
    )
    hard, is_tie = soft_labels.hard_labels(made.distribution[answered])
    entropy = soft_labels.entropy(made.distribution[answered])
    votes = label_counts(table.answers)
    SoftLabel.objects.bulk_create(
        (
            SoftLabel(
                soft_label_set=soft_label_set,
                item_id=int(table.item_ids[i]),
                distribution=made.distribution[i].tolist(),
                votes=votes[i].tolist(),
                hard_label=table.labels[hard[place]],
                is_tie=bool(is_tie[place]),
                sample_weight=float(made.sample_weight[i]),
                n_annotations=int(made.n_annotations[i]),
                entropy=max(0.0, float(entropy[place])),
            )
            for place, i in enumerate(answered)
        ),
        batch_size=BATCH,
    )
    return soft_label_set


@transaction.atomic
def forget_old_sets(*, project: Project) -> int:
    """Delete all but the newest KEEP sets that no dataset came from: each is as large as the project and can be made again."""
    unused = SoftLabelSet.objects.filter(project=project, datasets__isnull=True).order_by("-pk").values_list("pk", flat=True)
    old = list(unused[KEEP:])
    SoftLabelSet.objects.filter(pk__in=old).delete()
    return len(old)
