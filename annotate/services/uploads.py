"""Files that people send: kept in a private folder, looked at, then brought in as they decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from annotate.errors import Conflict, Refused
from annotate.importing.bounds import refuse
from annotate.importing.problems import BadFile
from annotate.jsonform import as_json
from annotate.models import Project, Upload, User
from annotate.progress import Progress
from annotate.services.import_plans import Source
from annotate.services.imports import import_file, try_import

KEEP = timedelta(days=1)
State = Upload.State


class NotReady(Conflict):
    code = "upload-not-ready"


@dataclass(frozen=True)
class UploadSettings:
    dialect: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


def folder_of_uploads() -> Path:
    folder = Path(settings.DATA_DIR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def path_of(upload: Upload) -> Path:
    return folder_of_uploads() / str(upload.public_id)


def keep_upload(
    *,
    project: Project,
    name: str,
    parts: Iterable[bytes],
    wanted: UploadSettings,
    author: User | None,
    now: datetime,
) -> Upload:
    """Write the file part by part. Raises BadFile past UPLOAD_LIMIT_MB, and keeps nothing then."""
    upload = Upload(
        project=project,
        file_name=name.replace("\x00", "")[-255:],
        n_bytes=0,
        decisions=as_json(wanted),
        created_by=author,
        created_at=now,
    )
    path, most = path_of(upload), settings.UPLOAD_LIMIT_MB * 1024**2
    kept = False
    try:
        with path.open("xb") as out:
            for part in parts:
                upload.n_bytes += out.write(part)
                if upload.n_bytes > most:
                    raise refuse(
                        f"The file is larger than {settings.UPLOAD_LIMIT_MB} MB. Split it, or ask"
                        " an admin to run import_data."
                    )
        upload.save(force_insert=True)
        kept = True
    finally:
        if not kept:
            path.unlink(missing_ok=True)
    return upload


def decide(*, upload: Upload, wanted: UploadSettings) -> Upload:
    """Read it again with other settings. Raises NotReady while it is being brought in."""
    looked = Upload.objects.filter(pk=upload.pk, state__in=(State.READY, State.REFUSED))
    if not looked.update(decisions=as_json(wanted), state=State.LOOKING, outcome={}):
        raise NotReady(f"“{upload.file_name}” {upload.get_state_display()}.")
    upload.refresh_from_db()
    return upload


def begin_storing(*, upload: Upload) -> Upload:
    """Raises NotReady unless it was looked at and nothing is open."""
    if not Upload.objects.filter(pk=upload.pk, state=State.READY).update(state=State.STORING):
        raise NotReady(f"“{upload.file_name}” {upload.get_state_display()}.")
    upload.refresh_from_db()
    return upload


def carry_out(*, upload: Upload, now: datetime, progress: Progress) -> Upload:
    """Look at the file or bring it in, as its state says. What is refused is its outcome."""
    source = _source(upload)
    try:
        if upload.state == State.STORING:
            report = import_file(
                project=upload.project,
                source=source,
                author=upload.created_by,
                now=now,
                progress=progress,
            )
            upload.state = State.DONE
        else:
            report = try_import(project=upload.project, source=source)
            upload.state = State.READY
        upload.outcome = as_json(report)
    except BadFile as refusal:
        upload.state, upload.outcome = State.REFUSED, {"code": refusal.code, **refusal.details}
    except Refused as refusal:
        errors = [{"reason": refusal.message, "row": None, "column": None, "value": None}]
        upload.outcome = {"code": refusal.code, "errors": errors, "questions": []}
        upload.state = State.REFUSED
    upload.save(update_fields=["state", "outcome"])
    if upload.state == State.DONE:
        path_of(upload).unlink(missing_ok=True)
    return upload


def _source(upload: Upload) -> Source:
    try:
        content = path_of(upload).read_bytes()
    except FileNotFoundError as error:
        raise NotReady(f"“{upload.file_name}” is not here any more. Send it again.") from error
    return Source(upload.file_name, content, **upload.decisions)


def sweep_uploads(*, now: datetime) -> int:
    """Delete files that nobody brought in, and what broken requests left in the folder."""
    old = Upload.objects.filter(created_at__lt=now - KEEP).exclude(state=State.DONE)
    n, _ = old.delete()
    known = {str(pk) for pk in Upload.objects.values_list("public_id", flat=True)}
    for path in folder_of_uploads().iterdir():
        is_old = path.stat().st_mtime < (now - KEEP).timestamp()
        if path.name not in known and is_old:
            path.unlink(missing_ok=True)
    return n
