"""An uploaded file as an import source, refused by size before it is read into memory."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from annotate.importing.problems import BadFile, Problem
from annotate.services.imports import Source


def uploaded_source(upload: "UploadedFile[bytes]", dialect: str) -> Source:
    limit = settings.UPLOAD_LIMIT_MB
    if (upload.size or 0) > limit * 1024**2:
        raise BadFile(
            [
                Problem(
                    f"The file is larger than {limit} MB. Split it, or ask an admin to run"
                    " import_data."
                )
            ]
        )
    return Source((upload.name or "upload").replace("\x00", ""), upload.read(), dialect)
