"""Projects, their items, and what comes in and goes out."""

import tempfile
from pathlib import Path

from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, Seat, founder, project_for
from annotate.models import Project
from annotate.selectors.items import items_with_answers
from annotate.selectors.projects import labels_of, progress_of, projects_of
from annotate.services.founding import begin_project
from annotate.services.projects import LabelDraft, ProjectDraft
from frontend.api.bodies.projects import ItemPage, NewProjectBody, ProjectBody
from frontend.api.endpoint import endpoint, signed_in
from frontend.downloads import TYPES, export_response

PAGE = 100


def project_body(project: Project) -> dict[str, object]:
    return {
        **{
            name: getattr(project, name)
            for name in (
                "slug",
                "name",
                "description",
                "kind",
                "status",
                "confidence_scale",
                "annotators_per_item",
            )
        },
        "labels": [
            {
                name: getattr(label, name)
                for name in ("key", "name", "description", "colour", "hotkey")
            }
            for label in labels_of(project)
        ],
    }


@endpoint("GET", gives=ProjectBody(many=True))
def list_projects(request: Request) -> Response:
    """The projects that the asker is in."""
    return Response([project_body(project) for project in projects_of(signed_in(request))])


@endpoint("POST", gives=ProjectBody, takes=NewProjectBody, status=201)
def new_project(request: Request) -> Response:
    """Make a project; for superusers and people who manage one already."""
    author = founder(request.user)
    body = NewProjectBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = dict(body.validated_data)
    labels = [LabelDraft(key) for key in fields.pop("labels")]
    draft = ProjectDraft(labels=labels, **fields)
    project = begin_project(author=author, draft=draft, now=timezone.now())
    return Response(project_body(project), status=201)


@endpoint("GET", gives=ProjectBody)
def one_project(request: Request, slug: str) -> Response:
    """One project; its progress for those who may review it."""
    seat = project_for(request.user, slug)
    return Response(
        project_body(seat.project) | ({"progress": _progress(seat)} if seat.may_review else {})
    )


def _progress(seat: Seat) -> dict[str, float]:
    progress = progress_of(seat.project)
    return {
        name: getattr(progress, name)
        for name in ("n_items", "n_wanted", "n_annotations", "n_repeats", "n_on_loan", "share")
    }


@endpoint("GET", gives=ItemPage, parameters=[OpenApiParameter("after", OpenApiTypes.INT)])
def list_items(request: Request, slug: str) -> Response:
    """Items in order, 100 at a time; `after` is the next_after of the page before."""
    seat = project_for(request.user, slug, Action.REVIEW)
    word = request.query_params.get("after", "0")
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise ValidationError({"after": ["A whole number is needed."]})
    rows = list(items_with_answers(seat.project).filter(pk__gt=int(word)).order_by("pk")[:PAGE])
    items = [
        {
            "item_id": row.external_id,
            "public_id": row.public_id,
            "text": row.text,
            "n_answers": row.n_answers,
        }
        for row in rows
    ]
    return Response({"items": items, "next_after": rows[-1].pk if len(rows) == PAGE else None})


WHAT = OpenApiParameter("what", enum=["long", "soft_labels"])
TYPE = OpenApiParameter("type", enum=["jsonl", "csv", "parquet"])
DATASET = OpenApiParameter("dataset", OpenApiTypes.INT)
CELLS = OpenApiParameter(
    "cells", enum=["safe", "as-they-are"], description="In a CSV: safe to open in a spreadsheet."
)


@endpoint(
    "GET",
    gives=None,
    also={(200, media): OpenApiTypes.BINARY for media in TYPES.values()},
    parameters=[WHAT, TYPE, DATASET, CELLS],
)
def download(request: Request, slug: str) -> FileResponse:
    """A file of annotations or of a dataset's soft labels."""
    seat = project_for(request.user, slug, Action.MANAGE)
    with tempfile.TemporaryDirectory() as folder:
        return export_response(seat.project, request.query_params, Path(folder))
