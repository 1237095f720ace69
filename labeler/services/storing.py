"""Writing one soft label an item, hundreds of thousands at a time, in the caller's transaction."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection

from labeler.answers import AnswerTable
from labeler.models import SoftLabel, SoftLabelSet
from labeler.numerics.aggregation.registry import SoftLabels
from labeler.numerics.arrays import Ints, parts
from labeler.numerics.counts import differing_pairs, label_counts
from labeler.numerics.soft_labels import entropy, hard_labels

BATCH = 50_000
COLUMNS = (
    "soft_label_set_id",
    "item_id",
    "distribution",
    "votes",
    "hard_label",
    "is_tie",
    "sample_weight",
    "n_annotations",
    "entropy",
    "disagreement",
)


def store_soft_labels(
    *, soft_label_set: SoftLabelSet, table: AnswerTable, soft: SoftLabels
) -> None:
    """Raises IntegrityError as any insert does. Model instances would take five times as long
    (measured at 100,000 items).
    """
    quoted = connection.ops.quote_name
    target = f"{quoted(SoftLabel._meta.db_table)} ({', '.join(map(quoted, COLUMNS))})"
    rows = _rows(soft_label_set.pk, table, soft)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            insert = f"INSERT INTO {target} VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608  names of our own table
            while part := list(islice(rows, BATCH)):
                cursor.executemany(insert, part)


def _rows(set_pk: int, table: AnswerTable, soft: SoftLabels) -> Iterator[tuple[Any, ...]]:
    """Part by part, so that only some of the rows are Python objects at a time."""
    everybody, counts = np.flatnonzero(soft.answered), label_counts(table.answers)
    for part in parts(everybody.size, BATCH):
        yield from _part(set_pk, table, soft, everybody[part], counts)


def _part(
    set_pk: int, table: AnswerTable, soft: SoftLabels, answered: Ints, counts: Ints
) -> Iterator[tuple[Any, ...]]:
    distribution, votes = soft.distribution[answered], counts[answered]
    hard, is_tie = hard_labels(distribution)
    columns = (
        table.item_ids[answered].tolist(),
        map(json.dumps, distribution.tolist()),
        map(json.dumps, votes.tolist()),
        (table.labels[code] for code in hard),
        is_tie.tolist(),
        soft.sample_weight[answered].tolist(),
        soft.n_annotations[answered].tolist(),
        np.maximum(entropy(distribution), 0.0).tolist(),
        differing_pairs(votes).tolist(),
    )
    for row in zip(*columns, strict=True):
        yield (set_pk, *row)
