"""Finding items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from annotate.errors import Missing
from annotate.models import (
    Assignment,
    Item,
    Project,
)
from annotate.selectors.answers import newest_annotations


def items_with_answers(project: Project) -> QuerySet[Any]:
    """Items with `n_answers`, their first answers."""
    return Item.objects.filter(project=project).annotate(
        n_answers=Count(
            "assignments",
            filter=Q(assignments__state=Assignment.State.SUBMITTED, assignments__pass_number=1),
        ),
    )


@dataclass(frozen=True)
class ItemFilter:
    """Which items a list shows. `show`: all, unanswered, skipped or flagged; `words`: in the text
    or the id; `by`: skipped or flagged by this member.
    """

    show: str = "all"
    words: str = ""
    by: int | None = None


def items_shown(project: Project, wanted: ItemFilter) -> QuerySet[Any]:
    """Items with `n_answers`, in the order in which they came."""
    items = items_with_answers(project).order_by("pk")
    if wanted.words:
        words = Q(text__icontains=wanted.words) | Q(external_id__icontains=wanted.words)
        items = items.filter(words)
    by = {} if wanted.by is None else {"annotator_id": wanted.by}
    here = Assignment.objects.filter(item=OuterRef("pk"), **by)
    if wanted.show == "unanswered":
        items = items.filter(~Exists(here.filter(state=Assignment.State.SUBMITTED)))
    elif wanted.show == "skipped":
        items = items.filter(Exists(here.filter(state=Assignment.State.SKIPPED)))
    elif wanted.show == "flagged":
        flagged = newest_annotations(project).filter(is_flagged=True, **by)
        items = items.filter(Exists(flagged.filter(assignment__item=OuterRef("pk"))))
    return items


def items_numbered(project: Project, public_ids: Sequence[str]) -> list[Item]:
    """Those of the project with these ids, in the order in which they came. Raises Missing."""
    try:
        wanted = {UUID(one) for one in public_ids}
    except ValueError as error:
        raise Missing("One of the items is not in this project.") from error
    items = list(Item.objects.filter(project=project, public_id__in=wanted).order_by("pk"))
    if len(items) != len(wanted):
        raise Missing("One of the items is not in this project.")
    return items


def items_called(project: Project, external_ids: Sequence[str]) -> list[Item]:
    """Those with these ids, in the order in which they came. Raises Missing."""
    items = list(Item.objects.filter(project=project, external_id__in=external_ids).order_by("pk"))
    unknown = sorted(set(external_ids) - {item.external_id for item in items})
    if unknown:
        raise Missing(f"There is no item “{unknown[0]}” in this project.")
    return items


def skipped_items(items: Sequence[Item]) -> dict[int, list[str]]:
    """Who skipped each item: names by the item's primary key. One query."""
    rows = Assignment.objects.filter(item__in=items, state=Assignment.State.SKIPPED).order_by(
        "closed_at"
    )
    return _grouped(rows.values_list("item_id", "annotator__name"))


def flagged_items(project: Project, items: Sequence[Item]) -> dict[int, list[str]]:
    """Who asked a manager to look at each item. One query."""
    rows = newest_annotations(project).filter(assignment__item__in=items, is_flagged=True)
    return _grouped(rows.order_by("pk").values_list("assignment__item_id", "annotator__name"))


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for item_id, name in rows:
        names.setdefault(item_id, []).append(name)
    return names
