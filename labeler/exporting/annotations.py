"""Everything people gave, in the native long dialect: what `import_data --format long` reads back.
Items that nobody has answered come too, and so do the other columns that items came with.
"""

from collections.abc import Iterator

import pyarrow as pa
from django.db.models import Exists, OuterRef

from annotate.importing.long import FIELDS
from annotate.models import Annotation, Item, Project
from annotate.selectors.answers import newest_annotations
from labeler.exporting.writing import Record

SOURCES = {
    "item_id": "assignment__item__external_id",
    "text": "assignment__item__text",
    "annotator": "annotator__name",
    "label": "primary__key",
    "confidence": "confidence",
    "confidence_scale": "confidence_scale",
    "secondary": "secondary__key",
    "round": "assignment__pass_number",
    "split": "assignment__item__split",
    "gold": "assignment__item__gold__key",
    "seconds": "seconds",
    "rationale": "rationale",
    "flagged": "is_flagged",
    "created_at": "created_at",
}
NUMBERS = {"confidence": pa.int64(), "confidence_scale": pa.int64(), "round": pa.int64()}
TYPES = {**NUMBERS, "seconds": pa.float64(), "flagged": pa.bool_()}


def schema_of(project: Project) -> pa.Schema:
    """The fields of the dialect, then every other column that an item of the project has."""
    names: dict[str, None] = {}
    attributes = Item.objects.filter(project=project).exclude(attributes={})
    for own_columns in attributes.values_list("attributes", flat=True).iterator(chunk_size=5000):
        names.update(dict.fromkeys(own_columns))
    own = [(name, TYPES.get(name, pa.string())) for name in SOURCES]
    return pa.schema([*own, *((name, pa.string()) for name in names if name not in FIELDS)])


def rows(project: Project, schema: pa.Schema) -> Iterator[Record]:
    """One row an answer, in the order in which they came; then one an item without any."""
    answers = newest_annotations(project).order_by("pk")
    paths = (*SOURCES.values(), "assignment__item__attributes")
    for *values, attributes in answers.values_list(*paths).iterator(chunk_size=5000):
        row = dict(zip(SOURCES, values, strict=True))
        row["created_at"] = row["created_at"].isoformat()
        yield _whole(row, attributes, schema)
    answered = Annotation.objects.filter(assignment__item=OuterRef("pk"))
    silent = Item.objects.filter(~Exists(answered), project=project).order_by("pk")
    fields = ("external_id", "text", "split", "gold__key", "attributes")
    for item_id, text, split, gold, attributes in silent.values_list(*fields).iterator(5000):
        row = {"item_id": item_id, "text": text, "split": split, "gold": gold}
        yield _whole(row, attributes, schema)


def _whole(row: Record, attributes: dict[str, str], schema: pa.Schema) -> Record:
    return {name: row.get(name, attributes.get(name)) for name in schema.names}
