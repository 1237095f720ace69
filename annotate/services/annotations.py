"""Accepting an answer. Append-only: an edit is a new revision, and the same key always gives the
same answer back.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, Max, QuerySet, Subquery

from annotate.errors import Conflict, Invalid, Missing
from annotate.models import Annotation, Assignment, Guideline, Label, LabelSet, Project
from annotate.prepared import Prepared
from annotate.selectors.assignments import is_out_of_sight
from annotate.services.assignments import take_place_again
from annotate.services.plans import begin_gaps
from annotate.validity import Answer, BadAnswer, Question, findings

State = Assignment.State
LONGEST_KEY = 200
NO_SUCH = "There is no such assignment of yours."


class KeyReused(Invalid):
    code = "idempotency-key-reused"


class LeaseExpired(Conflict):
    code = "lease-expired"


class ProjectClosed(Conflict):
    code = "project-closed"


class AnsweredMeanwhile(Conflict):
    code = "answered-meanwhile"


class OutOfSight(Missing):
    """An answer that is to be given again blindly does not exist for the person who gave it."""


def submit(
    *,
    assignment: Assignment,
    answer: Answer,
    key: str,
    now: datetime,
    revision_seen: int | None = None,
) -> Annotation:
    """Store the answer, once per key. The first makes the assignment submitted; later ones with
    a new key are revisions.

    An answer that comes after its lease ran out takes its place anew, in the same transaction,
    while there is one. Raises LeaseExpired when somebody else has it, and AnsweredMeanwhile when
    the newest revision is another than `revision_seen` (0: none; None: whoever sends it says so).
    """
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise BadAnswer(f"Idempotency-Key must be 1 to {LONGEST_KEY} printable characters.")
    earlier = _earlier(assignment, key) if assignment.state != State.OPEN else None
    if earlier is not None:
        return _replay(earlier, assignment, answer)
    row = _row(assignment, answer, key, now)
    try:
        with transaction.atomic(durable=True):
            return _write(assignment, row, now, revision_seen)
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


def _write(
    assignment: Assignment, row: Annotation, now: datetime, revision_seen: int | None
) -> Annotation:
    # An open assignment holds its place whatever its lease says: only the sweep takes it away.
    held = Assignment.objects.filter(pk=assignment.pk, state=State.OPEN)
    submitted = {"state": State.SUBMITTED, "closed_at": now, "lease_until": None}
    if held.update(**submitted) or take_place_again(assignment=assignment, **submitted):
        row.revision = 1
        if row.primary.label_set.frozen_at is None:
            unfrozen = LabelSet.objects.filter(pk=row.primary.label_set_id, frozen_at=None)
            unfrozen.update(frozen_at=now)
        begin_gaps(assignment=assignment, now=now)
    else:
        if is_out_of_sight(assignment):
            raise OutOfSight(NO_SUCH)
        row.revision = _next_revision(assignment)
        if revision_seen is not None and row.revision != revision_seen + 1:
            raise AnsweredMeanwhile(
                "You answered this item in another window meanwhile, and that answer counts. Look"
                " at it under My answers if you want to change it."
            )
    row.save(force_insert=True)
    return row


def _next_revision(assignment: Assignment) -> int:
    current = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    if current.state != State.SUBMITTED:
        raise LeaseExpired(
            "This item is with somebody else now: its time ran out, or you gave it back. The"
            " answer was not stored; copy what you wrote if you need it.",
            state=current.state,
        )
    newest = Annotation.objects.filter(assignment=assignment).aggregate(newest=Max("revision"))
    return int(newest["newest"]) + 1


def _row(assignment: Assignment, answer: Answer, key: str, now: datetime) -> Annotation:
    project = assignment.project
    if project.status == Project.Status.CLOSED:
        raise ProjectClosed(
            f"“{project.name}” is closed and takes no more answers. Ask a manager to open it again."
        )
    known = current_labels(project)
    for finding in findings(answer, Question(tuple(known), project.confidence_scale)):
        raise finding.refusal
    if answer.confidence is None:
        raise BadAnswer("Say how sure you are: confidence is missing.")
    return Annotation(
        assignment=assignment,
        annotator_id=assignment.annotator_id,
        primary=known[answer.primary],
        secondary=known[answer.secondary] if answer.secondary is not None else None,
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


def current_labels(project: Project) -> dict[str, Any]:
    """The labels of the newest label set by key, in order, each with its set and the id of the
    newest `guideline`: one query.
    """
    return {label.key: label for label in LABELS.all(project=project.pk)}


def _labels(project: int) -> QuerySet[Any, Any]:
    guideline = Guideline.objects.filter(project=project).order_by("-version").values("pk")[:1]
    newest = LabelSet.objects.filter(project=project).order_by("-version").values("pk")[:1]
    rows = Label.objects.filter(label_set=Subquery(newest)).select_related("label_set")
    return rows.annotate(guideline=Subquery(guideline)).order_by("position")


LABELS = Prepared(_labels, project=BigIntegerField())
