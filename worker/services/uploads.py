"""Looking at sent files and bringing them in: small ones at once, larger ones as jobs."""

from collections.abc import Iterable
from datetime import datetime

from annotate.models import Project, Upload, User
from annotate.progress import nobody_listens
from annotate.services import uploads
from annotate.services.uploads import UploadSettings
from worker.models import Job
from worker.services.jobs import Asked, enqueue

LARGEST_AT_ONCE = 300_000  # bytes; a few thousand rows, about a second


def send(
    *,
    project: Project,
    name: str,
    parts: Iterable[bytes],
    wanted: UploadSettings,
    author: User | None,
    now: datetime,
) -> Upload:
    """Keep the file and look at it. Raises BadFile when it is too large."""
    upload = uploads.keep_upload(
        project=project, name=name, parts=parts, wanted=wanted, author=author, now=now
    )
    return _carry_on(upload, now)


def look_again(*, upload: Upload, wanted: UploadSettings, now: datetime) -> Upload:
    """Raises NotReady while it is being brought in."""
    return _carry_on(uploads.decide(upload=upload, wanted=wanted), now)


def bring_in(*, upload: Upload, now: datetime) -> Upload:
    """Raises NotReady unless it was looked at and nothing is open."""
    return _carry_on(uploads.begin_storing(upload=upload), now)


def _carry_on(upload: Upload, now: datetime) -> Upload:
    if upload.n_bytes <= LARGEST_AT_ONCE:
        return uploads.carry_out(upload=upload, now=now, progress=nobody_listens)
    payload = {"upload": str(upload.public_id)}
    key = f"upload:{upload.public_id}:{now.isoformat()}"
    asked = Asked(key, author=upload.created_by, payload=payload)
    enqueue(project=upload.project, kind=Job.Kind.IMPORT, asked=asked, now=now)
    return upload
