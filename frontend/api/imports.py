"""Files that come in: looked at or brought in at once when small, else as jobs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, project_for, upload_for
from annotate.importing.accounting import AccountReport
from annotate.importing.problems import BadFile, Problem, Question
from annotate.jsonform import from_json
from annotate.models import Upload
from annotate.services.uploads import UploadSettings
from frontend.api.bodies.projects import ImportBody
from frontend.api.endpoint import endpoint
from worker.selectors import job_of_upload
from worker.services.uploads import bring_in, send

UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "format": {"type": "string"},
            "dry_run": {"type": "boolean"},
            "map": {"type": "array", "items": {"type": "string"}, "description": "FIELD=COLUMN"},
            "label": {"type": "array", "items": {"type": "string"}, "description": "SPELLING=KEY"},
            "choose": {"type": "array", "items": {"type": "string"}, "description": "NAME=OPTION"},
        },
        "required": ["file"],
    }
}
State = Upload.State


@endpoint("POST", gives=ImportBody, takes=UPLOAD, parsers=[MultiPartParser], also={202: ImportBody})
def new_import(request: Request, slug: str) -> Response:
    """Bring a file in: all of it or nothing. A large one is answered 202; ask its address for how
    far it is.
    """
    seat = project_for(request.user, slug, Action.MANAGE)
    if "file" not in request.FILES:
        raise ValidationError(
            {"file": ["Send the file as multipart form data, in a field called file."]}
        )
    wanted = UploadSettings(
        request.POST.get("format", "auto"),
        _pairs(request, "map"),
        _pairs(request, "label"),
        _pairs(request, "choose"),
    )
    file, now = request.FILES["file"], timezone.now()
    is_dry = request.POST.get("dry_run", "") in ("true", "1", "on")
    upload = send(
        project=seat.project,
        name=file.name or "upload",
        parts=file.chunks(),
        wanted=wanted,
        author=seat.user,
        now=now,
    )
    if upload.state == State.READY and not is_dry:
        upload = bring_in(upload=upload, now=now)
    return _answer(upload, is_dry=is_dry)


@endpoint("GET", gives=ImportBody)
def one_import(request: Request, slug: str, public_id: UUID) -> Response:
    """How far a file is, and what it brings or brought."""
    seat = project_for(request.user, slug, Action.MANAGE)
    return Response(import_body(upload_for(seat, public_id)))


@endpoint("POST", gives=ImportBody, also={202: ImportBody})
def store_import(request: Request, slug: str, public_id: UUID) -> Response:
    """Bring in a file that was looked at and leaves nothing open."""
    seat = project_for(request.user, slug, Action.MANAGE)
    return _answer(bring_in(upload=upload_for(seat, public_id), now=timezone.now()), is_dry=False)


def _answer(upload: Upload, *, is_dry: bool) -> Response:
    """Raises BadFile for what was refused, so that it is answered as every refusal is."""
    if upload.state == State.REFUSED:
        raise _refused(upload.outcome)
    status = 202 if upload.state in (State.LOOKING, State.STORING) else 200
    return Response(import_body(upload) | {"dry_run": is_dry}, status=status)


def _refused(outcome: Mapping[str, Any]) -> BadFile:
    problems = [Problem(**error) for error in outcome["errors"]]
    questions = [
        Question(one["name"], one["text"], [(o["option"], o["does"]) for o in one["options"]])
        for one in outcome["questions"]
    ]
    account = outcome.get("account")
    return BadFile(problems, questions, from_json(AccountReport, account) if account else None)


def import_body(upload: Upload) -> dict[str, object]:
    job = job_of_upload(upload)
    return {
        "id": upload.public_id,
        "file": upload.file_name,
        "state": upload.state,
        "progress": job.progress if job else {},
        **upload.outcome,
    }


def _pairs(request: Request, name: str) -> dict[str, str]:
    pairs = {}
    for word in request.POST.getlist(name):
        key, separator, value = word.partition("=")
        if not separator or not key or not value:
            raise ValidationError({name: [f"Write “{word}” as name=value."]})
        pairs[key] = value
    return pairs
