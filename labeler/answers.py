"""From rows to arrays: the one place where a project's answers become what labeler.numerics works on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from annotate.errors import Invalid
from annotate.models import Item, Member, Project
from annotate.selectors import labels_of, newest_annotations
from labeler.numerics import VERSION
from labeler.numerics.arrays import MISSING, Answers, Ints


class UnknownMerge(Invalid):
    code = "unknown-label"


@dataclass(frozen=True)
class Selection:
    """Which answers, in which label set: `merge` maps a label to the one it joins, `where` asks items for attribute values."""

    merge: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, dict[str, str]]:
        return {"merge": dict(sorted(self.merge.items())), "where": dict(sorted(self.where.items()))}


@dataclass(frozen=True)
class AnswerTable:
    """Answers with what their codes stand for: item_ids (N,) primary keys, annotators and member_ids (M,), labels (K,) keys."""

    answers: Answers
    item_ids: Ints
    annotators: tuple[str, ...]
    member_ids: tuple[int, ...]
    labels: tuple[str, ...]

    def digest(self, settings: object) -> str:
        """SHA-256 of the answers, their order taken out, with `settings` and the version of the arithmetic."""
        order = np.lexsort((self.answers.pass_number, self.answers.annotator, self.answers.item))
        names = {"settings": settings, "annotators": self.annotators, "labels": self.labels, "version": VERSION, "scale": self.answers.scale}
        digest = hashlib.sha256(json.dumps(names, sort_keys=True).encode())
        digest.update(self.item_ids.tobytes())
        for column in ("item", "annotator", "label", "confidence", "secondary", "pass_number"):
            digest.update(np.ascontiguousarray(getattr(self.answers, column)[order]).tobytes())
        return digest.hexdigest()


FIELDS = ("assignment__item_id", "annotator_id", "primary_id", "confidence", "secondary_id", "assignment__pass_number")


def load_answers(project: Project, selection: Selection) -> AnswerTable:
    """Every counting answer in the project's newest label set. Three queries. Raises UnknownMerge."""
    labels = labels_of(project)
    rows = newest_annotations(project).filter(primary__label_set=labels[0].label_set_id)
    if selection.where:
        rows = rows.filter(assignment__item__in=_items_where(project, selection.where))
    found = [tuple(MISSING if value is None else value for value in row) for row in rows.values_list(*FIELDS).iterator(chunk_size=5000)]
    columns = np.array(found, dtype=np.int64).reshape(-1, len(FIELDS)).T
    item_ids, item = np.unique(columns[0], return_inverse=True)
    members = dict(Member.objects.filter(project=project).order_by("pk").values_list("pk", "name"))
    annotator_ids, annotator = np.unique(columns[1], return_inverse=True)
    answers = Answers(
        item=item.astype(np.int64),
        annotator=annotator.astype(np.int64),
        label=_codes(columns[2], [label.pk for label in labels]),
        confidence=columns[3],
        secondary=_codes(columns[4], [label.pk for label in labels]),
        pass_number=columns[5],
        n_items=item_ids.size,
        n_annotators=annotator_ids.size,
        n_labels=len(labels),
        scale=project.confidence_scale,
    )
    names = tuple(members[int(pk)] for pk in annotator_ids)
    table = AnswerTable(answers, item_ids, names, tuple(int(pk) for pk in annotator_ids), tuple(label.key for label in labels))
    return _merged(table, selection.merge)


def _items_where(project: Project, where: Mapping[str, str]) -> list[int]:
    rows = Item.objects.filter(project=project).values_list("pk", "attributes")
    return [pk for pk, attributes in rows if all(attributes.get(name) == value for name, value in where.items())]


def _codes(ids: Ints, label_ids: list[int]) -> Ints:
    code_of = {pk: code for code, pk in enumerate(label_ids)}
    return np.array([code_of.get(int(pk), MISSING) for pk in ids], dtype=np.int64)


def _merged(table: AnswerTable, merge: Mapping[str, str]) -> AnswerTable:
    unknown = [label for pair in merge.items() for label in pair if label not in table.labels]
    if unknown:
        raise UnknownMerge(f"--merge names “{unknown[0]}”, which is not a label of the project. It has: {', '.join(table.labels)}.")
    chained = [label for label in merge.values() if label in merge]
    if chained:
        raise UnknownMerge(f"--merge sends a label to “{chained[0]}”, which is merged away itself. Name the final label.")
    if not merge:
        return table
    kept = tuple(label for label in table.labels if label not in merge)
    code_of = np.array([kept.index(merge.get(label, label)) for label in table.labels], dtype=np.int64)
    return AnswerTable(table.answers.merged(code_of, len(kept)), table.item_ids, table.annotators, table.member_ids, kept)
