"""Freezing a dataset: rows, recipe, content hash, splits by item, and a card that says what it
is.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from annotate.jsonform import as_json
from annotate.models import Project, User
from labeler.datacard import write_card
from labeler.dataset_rows import DatasetRow, hash_of, parquet_of
from labeler.models import Dataset, SoftLabelSet
from labeler.numerics import VERSION
from labeler.recipe import Recipe
from labeler.services.soft_labels import SoftLabelSettings, make_soft_labels
from labeler.splits import SPLITS, SplitRule, assign_splits


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
    splits = {split: sum(row.split == split for row in rows) for split in SPLITS}
    content_hash = hash_of(rows, soft_label_set.labels)
    recipe = Recipe(
        method=soft_label_set.method,
        confidence=soft_label_set.confidence,
        reliability=soft_label_set.reliability_run.settings,
        labels=soft_label_set.labels,
        splits=rule,
        split_notes=notes,
        soft_labels_digest=soft_label_set.digest,
        code_version=VERSION,
    )
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
            recipe=as_json(recipe),
            payload=parquet_of(rows, soft_label_set.labels),
            created_at=now,
            created_by=author,
        )
        dataset.card = write_card(dataset, recipe, rows)
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
    soft_label_set = make_soft_labels(project=project, settings=settings, now=now)
    return freeze_dataset(
        project=project, soft_label_set=soft_label_set, rule=rule, author=author, now=now
    )


def _rows(soft_label_set: SoftLabelSet) -> list[DatasetRow]:
    stored = soft_label_set.soft_labels.select_related("item").order_by("item__external_id")
    return [
        DatasetRow(
            item_id=soft_label.item.external_id,
            text=soft_label.item.text,
            split=soft_label.item.split,
            soft_label=soft_label.distribution,
            hard_label=soft_label.hard_label,
            is_tie=soft_label.is_tie,
            sample_weight=soft_label.sample_weight,
            n_annotations=soft_label.n_annotations,
            entropy=soft_label.entropy,
            votes=soft_label.votes,
        )
        for soft_label in stored
    ]
