"""Claiming, answering, skipping and giving back: what a program that annotates calls."""

from datetime import timedelta
from random import SystemRandom
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, assignment_for, project_for
from annotate.models import Annotation, Assignment
from annotate.selectors.assignments import waiting_for
from annotate.services.annotations import submit
from annotate.services.assignments import release, skip, take_skip_back
from annotate.services.claiming import claim_next
from annotate.validity import Answer
from frontend.api.bodies.annotating import AnnotationBody, AnswerBody, AssignmentBody, NextBody
from frontend.api.endpoint import endpoint
from frontend.api.problems import MissingKey

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)


@endpoint("POST", gives=NextBody)
def next_item(request: Request, slug: str) -> Response:
    """Claim the next item for the asker."""
    annotator = project_for(request.user, slug, Action.ANNOTATE).annotator
    lease = lease_of_an_item()
    assignment = claim_next(
        project=annotator.project,
        annotator=annotator,
        now=timezone.now(),
        lease=lease,
        rng=SystemRandom(),
    )
    if assignment is not None:
        return Response(
            {"assignment": assignment_body(assignment), "n_on_loan": 0, "back_at": None}
        )
    waiting = waiting_for(annotator)
    return Response(
        {"assignment": None, "n_on_loan": waiting.n_on_loan, "back_at": waiting.back_at}
    )


@endpoint("PUT", gives=AnnotationBody, takes=AnswerBody, parameters=[KEY])
def annotation(request: Request, public_id: UUID) -> Response:
    """Answer, or change one's answer."""
    body = AnswerBody(data=request.data)
    body.is_valid(raise_exception=True)
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise MissingKey
    assignment = assignment_for(request.user, public_id)
    stored = submit(
        assignment=assignment, answer=Answer(**body.validated_data), key=key, now=timezone.now()
    )
    return Response(annotation_body(assignment, stored))


@endpoint("POST", gives=AssignmentBody)
def skip_item(request: Request, public_id: UUID) -> Response:
    """Leave the item to somebody else."""
    return Response(
        assignment_body(
            skip(assignment=assignment_for(request.user, public_id), now=timezone.now())
        )
    )


@endpoint("POST", gives=AssignmentBody)
def take_back(request: Request, public_id: UUID) -> Response:
    """Have a skipped item back, while somebody is wanted for it."""
    mine, lease = assignment_for(request.user, public_id), lease_of_an_item()
    opened = take_skip_back(assignment=mine, now=timezone.now(), lease=lease)
    return Response(assignment_body(opened))


@endpoint("POST", gives=AssignmentBody)
def release_item(request: Request, public_id: UUID) -> Response:
    """Give the item back for now."""
    return Response(
        assignment_body(
            release(assignment=assignment_for(request.user, public_id), now=timezone.now())
        )
    )


def lease_of_an_item() -> timedelta:
    return timedelta(minutes=settings.LEASE_MINUTES)


def assignment_body(assignment: Assignment) -> dict[str, object]:
    return {
        "public_id": assignment.public_id,
        "item_id": assignment.item.external_id,
        "text": assignment.item.text,
        "lease_until": assignment.lease_until,
        "state": assignment.state,
    }


def annotation_body(assignment: Assignment, stored: Annotation) -> dict[str, object]:
    return {
        "assignment": assignment.public_id,
        "revision": stored.revision,
        "primary": stored.primary.key,
        "confidence": stored.confidence,
        "secondary": stored.secondary.key if stored.secondary else None,
        "rationale": stored.rationale,
        "seconds": stored.seconds,
        "is_flagged": stored.is_flagged,
        "created_at": stored.created_at,
    }
