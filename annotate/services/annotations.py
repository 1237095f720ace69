"""Accepting an answer. Append-only: an edit is a new revision, and the same key always gives the
same answer back.
"""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Subquery

from annotate.errors import Conflict, Invalid
from annotate.models import Annotation, Assignment, Guideline, Label, LabelSet, Project

State = Assignment.State
LONGEST_RATIONALE = 10_000
LONGEST_KEY = 200


class UnknownLabel(Invalid):
    code = "unknown-label"


class ConfidenceOutsideScale(Invalid):
    code = "confidence-outside-scale"


class SecondaryEqualsPrimary(Invalid):
    code = "secondary-equals-primary"


class BadAnswer(Invalid):
    code = "bad-answer"


class KeyReused(Invalid):
    code = "idempotency-key-reused"


class LeaseExpired(Conflict):
    code = "lease-expired"


class ProjectClosed(Conflict):
    code = "project-closed"


@dataclass(frozen=True)
class Answer:
    """What a person says: label keys, a confidence of 1..S, and how long they looked, in
    seconds.
    """

    primary: str
    confidence: int
    secondary: str | None = None
    rationale: str = ""
    seconds: float | None = None
    is_flagged: bool = False

    @property
    def digest(self) -> str:
        """Of everything but the time, which may differ between two sendings of one answer."""
        body = {name: value for name, value in asdict(self).items() if name != "seconds"}
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def submit(*, assignment: Assignment, answer: Answer, key: str, now: datetime) -> Annotation:
    """Store the answer, once per key. The first makes the assignment submitted; later ones with
    a new key are revisions.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadAnswer(f"Idempotency-Key must be 1 to {LONGEST_KEY} printable characters.")
    earlier = _earlier(assignment, key) if assignment.state != State.OPEN else None
    if earlier is not None:
        return _replay(earlier, assignment, answer)
    row = _row(assignment, answer, key, now)
    try:
        with transaction.atomic(durable=True):
            return _write(assignment, row, now)
    except IntegrityError:
        # The same key, or the same revision, was written by another request between our look and
        # our insert.
        earlier = _earlier(assignment, key)
        if earlier is None:
            raise
        return _replay(earlier, assignment, answer)


def _earlier(assignment: Assignment, key: str) -> Annotation | None:
    return Annotation.objects.filter(annotator=assignment.annotator_id, idempotency_key=key).first()


def _replay(earlier: Annotation, assignment: Assignment, answer: Answer) -> Annotation:
    if earlier.assignment_id != assignment.pk or earlier.body_digest != answer.digest:
        raise KeyReused(
            "This Idempotency-Key was used for another answer. Use a new key for a new answer."
        )
    return earlier


def _write(assignment: Assignment, row: Annotation, now: datetime) -> Annotation:
    opened = Assignment.objects.filter(pk=assignment.pk, state=State.OPEN, lease_until__gt=now)
    if opened.update(state=State.SUBMITTED, closed_at=now, lease_until=None):
        row.revision = 1
        if row.primary.label_set.frozen_at is None:
            LabelSet.objects.filter(pk=row.primary.label_set_id, frozen_at=None).update(
                frozen_at=now
            )
    else:
        row.revision = _next_revision(assignment)
    row.save(force_insert=True)
    return row


def _next_revision(assignment: Assignment) -> int:
    current = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    if current.state != State.SUBMITTED:
        raise LeaseExpired(
            "Your time on this item ran out or you gave it back, so the answer was not stored. Ask"
            " for the next item; it may be this one.",
            state=current.state,
        )
    newest = Annotation.objects.filter(assignment=assignment).aggregate(newest=Max("revision"))[
        "newest"
    ]
    return int(newest) + 1


def _row(assignment: Assignment, answer: Answer, key: str, now: datetime) -> Annotation:
    project = assignment.project
    if project.status == Project.Status.CLOSED:
        raise ProjectClosed(
            f"“{project.name}” is closed and takes no more answers. Ask a manager to open it again."
        )
    known = current_labels(project)
    primary, secondary = _labels(known, answer)
    _check(project, answer)
    return Annotation(
        assignment=assignment,
        annotator_id=assignment.annotator_id,
        primary=primary,
        secondary=secondary,
        confidence=answer.confidence,
        confidence_scale=project.confidence_scale,
        rationale=answer.rationale,
        is_flagged=answer.is_flagged,
        seconds=answer.seconds,
        guideline_id=known[answer.primary].guideline,
        idempotency_key=key,
        body_digest=answer.digest,
        created_at=now,
    )


def _labels(known: dict[str, Any], answer: Answer) -> tuple[Label, Label | None]:
    for key in (answer.primary, answer.secondary):
        if key is not None and key not in known:
            raise UnknownLabel(
                f"“{key}” is not a label of this project. It has: {', '.join(known)}.",
                labels=list(known),
            )
    if answer.secondary == answer.primary:
        raise SecondaryEqualsPrimary(
            "The second choice is the same as the first. Leave it out, or choose another."
        )
    return known[answer.primary], known[answer.secondary] if answer.secondary is not None else None


def current_labels(project: Project) -> dict[str, Any]:
    """The labels of the newest label set by key, in order, each with its set and the id of the
    newest `guideline`: one query.
    """
    guideline = Guideline.objects.filter(project=project).order_by("-version").values("pk")[:1]
    newest = LabelSet.objects.filter(project=project).order_by("-version").values("pk")[:1]
    rows = (
        Label.objects.filter(label_set=Subquery(newest))
        .select_related("label_set")
        .annotate(guideline=Subquery(guideline))
    )
    return {label.key: label for label in rows.order_by("position")}


def _check(project: Project, answer: Answer) -> None:
    scale = project.confidence_scale
    if not 1 <= answer.confidence <= scale:
        raise ConfidenceOutsideScale(
            f"Confidence {answer.confidence} is outside this project's scale of 1 to {scale}.",
            scale=scale,
        )
    if answer.seconds is not None and not (math.isfinite(answer.seconds) and answer.seconds >= 0):
        raise BadAnswer("seconds must be a number of 0 or more.")
    if len(answer.rationale) > LONGEST_RATIONALE:
        raise BadAnswer(
            f"The rationale has {len(answer.rationale)} characters; {LONGEST_RATIONALE} is the"
            " most."
        )
    if any("\ud800" <= letter <= "\udfff" or letter == "\x00" for letter in answer.rationale):
        raise BadAnswer(
            "The rationale contains a character that no database can store (NUL or half a surrogate"
            " pair)."
        )
