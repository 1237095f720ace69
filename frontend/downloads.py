"""An export as a download: written whole to a file first, so that half a file is never offered."""

from collections.abc import Mapping
from pathlib import Path

from django.http import FileResponse
from django.utils import timezone

from annotate.errors import Invalid
from annotate.models import Project
from labeler.exporting.writing import CELLS, CONTAINERS, SAFE
from labeler.selectors import dataset_for
from labeler.services.exports import export_annotations, export_dataset

TYPES = {one.suffix.removeprefix("."): one.media_type for one in CONTAINERS}


class BadExport(Invalid):
    code = "bad-export"


def export_response(project: Project, wanted: Mapping[str, str], folder: Path) -> FileResponse:
    what, kind = wanted.get("what", "soft_labels"), wanted.get("type", "jsonl")
    number, cells = wanted.get("dataset", ""), wanted.get("cells", SAFE)
    if kind not in TYPES or what not in ("long", "soft_labels"):
        raise BadExport(f"what is long or soft_labels, and type one of {', '.join(TYPES)}.")
    if cells not in CELLS:
        raise BadExport(f"cells is one of {', '.join(CELLS)}.")
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise BadExport("dataset is the number of a dataset.")
    if what == "long":
        path = folder / f"{project.slug}-annotations.{kind}"
        export_annotations(project=project, path=path, now=timezone.now(), cells=cells)
    else:
        dataset = dataset_for(project, int(number) if number else None)
        path = folder / f"{project.slug}-dataset-{dataset.number}.{kind}"
        export_dataset(dataset=dataset, path=path, now=timezone.now(), cells=cells)
    stream = path.open("rb")  # stays readable after the folder is gone
    return FileResponse(stream, as_attachment=True, filename=path.name, content_type=TYPES[kind])
