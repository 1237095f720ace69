"""Freezing a dataset: rows, recipe, content hash, splits by item, and a card that says what it
is.
"""

import hashlib
import io
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import Max

from annotate.models import Project, User
from labeler.datacard import write_card
from labeler.models import Dataset, SoftLabelSet
from labeler.numerics import VERSION
from labeler.services.soft_labels import SoftLabelSettings, make_soft_labels
from labeler.services.splits import SPLITS, SplitNotes, SplitRule, assign_splits

SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        ("text", pa.string()),
        ("split", pa.string()),
        ("soft_label", pa.list_(pa.float64())),
        ("hard_label", pa.string()),
        ("is_tie", pa.bool_()),
        ("sample_weight", pa.float64()),
        ("n_annotations", pa.int64()),
        ("entropy", pa.float64()),
        ("votes", pa.list_(pa.int64())),
    ]
)


def freeze_dataset(
    *,
    project: Project,
    soft_label_set: SoftLabelSet,
    rule: SplitRule,
    author: User | None,
    now: datetime,
) -> Dataset:
    """The dataset of this content, frozen when it is not there yet. Raises BadSplits when a
    split would be empty.
    """
    rows = _rows(soft_label_set)
    notes = assign_splits(rows, rule, soft_label_set.labels)
    splits = {split: sum(row["split"] == split for row in rows) for split in SPLITS}
    content_hash = _hash(rows, soft_label_set.labels)
    recipe = _recipe(soft_label_set, rule, notes)
    with transaction.atomic():
        # so that numbers are given out one at a time
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        stored = Dataset.objects.filter(project=project, content_hash=content_hash).first()
        if stored is not None:
            return stored
        number = (project.datasets.aggregate(newest=Max("number"))["newest"] or 0) + 1
        dataset = Dataset(
            project=project,
            soft_label_set=soft_label_set,
            number=number,
            content_hash=content_hash,
            labels=soft_label_set.labels,
            n_rows=len(rows),
            splits=splits,
            recipe=recipe,
            payload=_parquet(rows, soft_label_set.labels),
            created_at=now,
            created_by=author,
        )
        dataset.card = write_card(dataset, rows)
        dataset.save(force_insert=True)
    return dataset


def freeze_answers(
    *,
    project: Project,
    settings: SoftLabelSettings,
    rule: SplitRule,
    author: User | None,
    now: datetime,
) -> Dataset:
    """Make soft labels of the answers as they are now, and freeze those."""
    made = make_soft_labels(project=project, settings=settings, now=now)
    return freeze_dataset(project=project, soft_label_set=made, rule=rule, author=author, now=now)


def _rows(soft_label_set: SoftLabelSet) -> list[dict[str, Any]]:
    found = soft_label_set.soft_labels.select_related("item").order_by("item__external_id")
    return [
        {
            "item_id": soft_label.item.external_id,
            "text": soft_label.item.text,
            "split": soft_label.item.split,
            "soft_label": soft_label.distribution,
            "hard_label": soft_label.hard_label,
            "is_tie": soft_label.is_tie,
            "sample_weight": soft_label.sample_weight,
            "n_annotations": soft_label.n_annotations,
            "entropy": soft_label.entropy,
            "votes": soft_label.votes,
        }
        for soft_label in found
    ]


def _hash(rows: list[dict[str, Any]], labels: list[str]) -> str:
    digest = hashlib.sha256(json.dumps(labels).encode())
    for row in rows:
        digest.update(json.dumps(row, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def _recipe(soft_label_set: SoftLabelSet, rule: SplitRule, notes: SplitNotes) -> dict[str, Any]:
    return {
        "method": soft_label_set.method,
        "confidence": soft_label_set.confidence,
        "reliability": soft_label_set.reliability_run.settings,
        "labels": soft_label_set.labels,
        "splits": asdict(rule),
        "split_notes": notes.as_dict(),
        "soft_labels_digest": soft_label_set.digest,
        "code_version": VERSION,
    }


def _parquet(rows: list[dict[str, Any]], labels: list[str]) -> bytes:
    table = pa.Table.from_pylist(rows, schema=SCHEMA.with_metadata({"labels": json.dumps(labels)}))
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def rows_of(dataset: Dataset) -> list[dict[str, Any]]:
    return list(pq.read_table(io.BytesIO(bytes(dataset.payload))).to_pylist())


def content_hash_of(dataset: Dataset) -> str:
    """The hash of the rows as they are stored, which must be the dataset's `content_hash`."""
    return _hash(rows_of(dataset), dataset.labels)
