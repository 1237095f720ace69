"""Raw annotations in the native long dialect: what `import_data --format long` reads back."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from annotate.models import Project
from annotate.selectors import newest_annotations

SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        ("text", pa.string()),
        ("annotator", pa.string()),
        ("label", pa.string()),
        ("confidence", pa.int64()),
        ("secondary", pa.string()),
        ("round", pa.int64()),
        ("split", pa.string()),
        ("gold", pa.string()),
        ("seconds", pa.float64()),
    ]
)
SOURCES = (
    "assignment__item__external_id",
    "assignment__item__text",
    "annotator__name",
    "primary__key",
    "confidence",
    "secondary__key",
    "assignment__pass_number",
    "assignment__item__split",
    "assignment__item__gold__key",
    "seconds",
)


def rows(project: Project) -> Iterator[dict[str, Any]]:
    found = newest_annotations(project).order_by("pk").values_list(*SOURCES)
    for values in found.iterator(chunk_size=5000):
        yield dict(zip(SCHEMA.names, values, strict=True))
