"""Writing a dataset or the raw annotations to a file, with a manifest beside it that says what
the file holds.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from annotate.jsonform import as_json
from annotate.models import Project
from annotate.selectors.projects import labels_of
from labeler.exporting import annotations, soft_labels
from labeler.exporting.writing import SAFE, write_file
from labeler.models import Dataset


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a written file holds; it lies beside the file. `labels`: in their order."""

    what: str
    format: str
    project: str
    labels: list[str]
    n_rows: int
    sha256: str
    file: str
    written_at: str


@dataclass(frozen=True, kw_only=True)
class AnnotationsManifest(Manifest):
    """`cells`: how texts stand in a CSV."""

    confidence_scale: int
    cells: str


@dataclass(frozen=True, kw_only=True)
class DatasetManifest(Manifest):
    dataset: int
    content_hash: str
    recipe: dict[str, object]


def export_annotations(
    *, project: Project, path: Path, now: datetime, cells: str = SAFE
) -> AnnotationsManifest:
    schema = annotations.schema_of(project)
    written = write_file(path, schema, annotations.rows(project, schema), cells)
    manifest = AnnotationsManifest(
        what="annotations",
        format="long",
        project=project.slug,
        labels=[label.key for label in labels_of(project)],
        confidence_scale=project.confidence_scale,
        cells=cells,
        n_rows=written.n_rows,
        sha256=written.sha256,
        file=path.name,
        written_at=now.isoformat(timespec="seconds"),
    )
    _write_beside(path, manifest)
    return manifest


def export_dataset(
    *, dataset: Dataset, path: Path, now: datetime, cells: str = SAFE
) -> DatasetManifest:
    schema = soft_labels.SCHEMA.with_metadata(
        {"labels": json.dumps(dataset.labels), "content_hash": dataset.content_hash}
    )
    written = write_file(path, schema, soft_labels.rows(dataset), cells)
    path.with_name(f"{path.name}.card.md").write_text(dataset.card, encoding="utf-8")
    manifest = DatasetManifest(
        what="soft_labels",
        format="soft_labels",
        project=dataset.project.slug,
        dataset=dataset.number,
        content_hash=dataset.content_hash,
        labels=dataset.labels,
        recipe=dataset.recipe,
        n_rows=written.n_rows,
        sha256=written.sha256,
        file=path.name,
        written_at=now.isoformat(timespec="seconds"),
    )
    _write_beside(path, manifest)
    return manifest


def _write_beside(path: Path, manifest: Manifest) -> None:
    path.with_name(f"{path.name}.manifest.json").write_text(
        json.dumps(as_json(manifest), indent=1, ensure_ascii=False), encoding="utf-8"
    )
