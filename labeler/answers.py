"""From rows to arrays: the one place where a project's answers become what labeler.numerics
works on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.functions import Coalesce, Length
from numpy.typing import NDArray

from annotate.errors import Invalid
from annotate.models import Item, Label, Member, Project
from annotate.selectors.answers import newest_annotations
from annotate.selectors.projects import labels_of
from labeler.columns import Days, read_columns
from labeler.numerics import VERSION
from labeler.numerics.arrays import COLUMNS, MISSING, Answers, Ints, answers
from labeler.settings import Selection

KIND_OF_ANSWERS = {Project.Kind.SINGLE: "nominal", Project.Kind.ORDINAL: "ordinal"}


class UnknownMerge(Invalid):
    code = "unknown-label"


class UnmeasuredKind(Invalid):
    code = "unmeasured-kind"


@dataclass(frozen=True)
class AnswerTable:
    """Answers with what their codes stand for: item_ids (N,) primary keys, annotators and
    member_ids (M,), labels (K,) keys; and guidelines (n_answers,), the primary key of the
    guideline each was given under, and gold (N,), the code of an item's gold label, MISSING
    where there is none.
    """

    answers: Answers
    item_ids: Ints
    annotators: tuple[str, ...]
    member_ids: tuple[int, ...]
    labels: tuple[str, ...]
    guidelines: Ints
    gold: Ints

    def digest(self, settings: object) -> str:
        """SHA-256 of the answers, their order taken out, with `settings` and the version of the
        arithmetic.
        """
        order = np.lexsort((self.answers.pass_number, self.answers.annotator, self.answers.item))
        names = {
            "settings": settings,
            "annotators": self.annotators,
            "labels": self.labels,
            "version": VERSION,
        }
        names |= {"scale": self.answers.scale, "kind": self.answers.kind}
        digest = hashlib.sha256(json.dumps(names, sort_keys=True).encode())
        digest.update(self.item_ids.tobytes())
        for column in COLUMNS:
            digest.update(np.ascontiguousarray(getattr(self.answers, column)[order]).tobytes())
        digest.update(np.ascontiguousarray(self.guidelines[order]).tobytes())
        digest.update(self.gold.tobytes())
        return digest.hexdigest()


ROW = {
    "item": F("assignment__item_id"),
    "annotator_pk": F("annotator_id"),
    "label": F("primary_id"),
    "said": Coalesce("confidence", MISSING),
    "second": Coalesce("secondary_id", MISSING),
    "pass_number": F("assignment__pass_number"),
    "spent": Coalesce("seconds", -1.0),
    "day": Days("created_at"),
    "under": Coalesce("guideline_id", MISSING),
}


def load_answers(project: Project, selection: Selection) -> AnswerTable:
    """Every counting answer in the project's newest label set. Five queries at most. Raises
    UnknownMerge, UnmeasuredKind.
    """
    labels = labels_of(project)
    if not labels:
        return _table(project, {name: np.empty(0, dtype=np.int64) for name in ROW}, labels)
    rows = newest_annotations(project).filter(primary__label_set=labels[0].label_set_id)
    columns = read_columns(rows.annotate(**ROW), ROW)
    if selection.where:
        kept = np.isin(columns["item"], _items_where(project, selection.where))
        columns = {name: column[kept] for name, column in columns.items()}
    return _merged(_table(project, columns, labels), selection.merge)


def _table(project: Project, columns: dict[str, NDArray[Any]], labels: list[Label]) -> AnswerTable:
    item_ids, item = np.unique(columns["item"], return_inverse=True)
    annotator_ids, annotator = np.unique(columns["annotator_pk"], return_inverse=True)
    keys = np.array([label.pk for label in labels], dtype=np.int64)
    table = answers(
        item,
        annotator,
        _codes(columns["label"], keys),
        n_labels=max(1, len(labels)),
        confidence=columns["said"],
        secondary=_codes(columns["second"], keys),
        pass_number=columns["pass_number"],
        seconds=np.where(columns["spent"] < 0, np.nan, columns["spent"]),
        day=columns["day"],
        scale=project.confidence_scale,
        kind=_kind_of_answers(project),
    )
    members = dict(Member.objects.filter(project=project).values_list("pk", "name"))
    names = tuple(members[int(pk)] for pk in annotator_ids)
    guidelines = np.asarray(columns["under"], dtype=np.int64)
    return AnswerTable(
        table,
        item_ids.astype(np.int64),
        names,
        tuple(map(int, annotator_ids)),
        tuple(label.key for label in labels),
        guidelines,
        _gold(project, item_ids, keys),
    )


def _kind_of_answers(project: Project) -> str:
    """Raises UnmeasuredKind: a kind of labels that nothing here measures is never taken for
    another one.
    """
    kind = KIND_OF_ANSWERS.get(Project.Kind(project.kind))
    if kind is None:
        raise UnmeasuredKind(
            f"“{project.slug}” collects {project.get_kind_display()}, and agreement on those is not"
            " measured yet."
        )
    return kind


def _gold(project: Project, item_ids: NDArray[Any], keys: Ints) -> Ints:
    gold = dict(Item.objects.filter(project=project, gold__isnull=False).values_list("pk", "gold"))
    return _codes(
        np.array([gold.get(pk, MISSING) for pk in item_ids.tolist()], dtype=np.int64), keys
    )


def text_lengths(project: Project, table: AnswerTable) -> Ints:
    """(N,) characters of each item's text. One query."""
    columns = read_columns(
        Item.objects.filter(project=project).annotate(n=Length("text")), ("pk", "n")
    )
    order = np.argsort(columns["pk"])
    return np.asarray(
        columns["n"][order][np.searchsorted(columns["pk"][order], table.item_ids)], dtype=np.int64
    )


def _items_where(project: Project, where: Mapping[str, str]) -> list[int]:
    rows = Item.objects.filter(project=project).values_list("pk", "attributes")
    return [
        pk
        for pk, attributes in rows
        if all(attributes.get(name) == value for name, value in where.items())
    ]


def _codes(ids: NDArray[Any], keys: Ints) -> Ints:
    """Positions of primary keys among `keys`, MISSING where they are not."""
    order = np.argsort(keys)
    position = (
        order[np.minimum(np.searchsorted(keys[order], ids), keys.size - 1)]
        if keys.size
        else np.zeros(ids.size, dtype=np.int64)
    )
    return np.where(keys[position] == ids, position, MISSING) if keys.size else position


def _merged(table: AnswerTable, merge: Mapping[str, str]) -> AnswerTable:
    unknown = [label for pair in merge.items() for label in pair if label not in table.labels]
    if unknown:
        raise UnknownMerge(
            f"--merge names “{unknown[0]}”, which is not a label of the project. It has:"
            f" {', '.join(table.labels)}."
        )
    chained = [label for label in merge.values() if label in merge]
    if chained:
        raise UnknownMerge(
            f"--merge sends a label to “{chained[0]}”, which is merged away itself. Name the final"
            " label."
        )
    if not merge:
        return table
    kept = tuple(label for label in table.labels if label not in merge)
    code_of = np.array(
        [kept.index(merge.get(label, label)) for label in table.labels], dtype=np.int64
    )
    return AnswerTable(
        table.answers.merged(code_of, len(kept)),
        table.item_ids,
        table.annotators,
        table.member_ids,
        kept,
        table.guidelines,
        np.where(table.gold == MISSING, MISSING, code_of[table.gold]),
    )
