"""Writing a dataset or the raw annotations to a file, with a manifest beside it that says what
the file holds.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from annotate.models import Project
from annotate.selectors import labels_of
from labeler.exporting import annotations, soft_labels
from labeler.exporting.writing import SAFE, write_file
from labeler.models import Dataset


def export_annotations(
    *, project: Project, path: Path, now: datetime, cells: str = SAFE
) -> dict[str, Any]:
    schema = annotations.schema_of(project)
    written = write_file(path, schema, annotations.rows(project, schema), cells)
    labels = [label.key for label in labels_of(project)]
    return _with_manifest(
        path,
        {
            "what": "annotations",
            "format": "long",
            "project": project.slug,
            "labels": labels,
            "confidence_scale": project.confidence_scale,
            "cells": cells,
            **written,
        },
        now,
    )


def export_dataset(
    *, dataset: Dataset, path: Path, now: datetime, cells: str = SAFE
) -> dict[str, Any]:
    schema = soft_labels.SCHEMA.with_metadata(
        {"labels": json.dumps(dataset.labels), "content_hash": dataset.content_hash}
    )
    written = write_file(path, schema, soft_labels.rows(dataset), cells)
    about = {
        "what": "soft_labels",
        "format": "soft_labels",
        "project": dataset.project.slug,
        "dataset": dataset.number,
        "content_hash": dataset.content_hash,
        "labels": dataset.labels,
        "recipe": dataset.recipe,
    }
    path.with_name(f"{path.name}.card.md").write_text(dataset.card, encoding="utf-8")
    return _with_manifest(path, {**about, **written}, now)


def _with_manifest(path: Path, manifest: dict[str, Any], now: datetime) -> dict[str, Any]:
    manifest = {**manifest, "file": path.name, "written_at": now.isoformat(timespec="seconds")}
    path.with_name(f"{path.name}.manifest.json").write_text(
        json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8"
    )
    return manifest
