"""Items, how much people disagree about them, and one item with everything said about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from annotate.access import Action, Seat, item_for, project_for
from annotate.selectors.answers import said_about
from annotate.selectors.items import ItemFilter, flagged_items, items_shown, skipped_items
from annotate.selectors.projects import labels_of
from annotate.services.assignments import ask_again
from annotate.services.viewings import note_viewing
from frontend.forms import ItemFilterForm
from frontend.presenters.items import item_rows
from frontend.presenters.labels import shares
from frontend.views.pages import PageRequest, show
from labeler.models import SoftLabelSet
from labeler.selectors import newest_soft_labels, soft_labels_by_disagreement, soft_labels_of

A_PAGE = 40


@login_required
@require_safe
def items(request: PageRequest, slug: str) -> HttpResponse:
    """Every item can be found here; without a filter the most disputed come first."""
    seat = project_for(request.user, slug, Action.REVIEW)
    soft_label_set = newest_soft_labels(seat.project)
    form = ItemFilterForm(request.GET)
    wanted = form.wanted() if form.is_valid() else ItemFilter()
    page = Paginator(_found(seat, wanted, soft_label_set), A_PAGE).get_page(request.GET.get("page"))
    shown = [getattr(row, "item", row) for row in page.object_list]
    labels = labels_of(seat.project)
    rows = item_rows(
        shown,
        soft_labels_of(soft_label_set, shown),
        skipped_items(shown),
        flagged_items(seat.project, shown),
        labels,
        soft_label_set.labels if soft_label_set else [],
    )
    return show(
        request,
        "items.html",
        seat,
        page=page,
        rows=rows,
        labels=labels,
        soft_label_set=soft_label_set,
        form=form,
        wanted=wanted,
    )


def _found(seat: Seat, wanted: ItemFilter, soft_label_set: SoftLabelSet | None) -> Any:
    if wanted.show == "disputed" and soft_label_set is not None:
        disputed = soft_labels_by_disagreement(soft_label_set)
        words = wanted.words
        return disputed.filter(item__text__icontains=words) if words else disputed
    return items_shown(seat.project, wanted)


@login_required
@require_safe
def item(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    shown = item_for(seat, public_id)
    note_viewing(member=seat.member, items=[shown], now=timezone.now())
    soft_label_set = newest_soft_labels(seat.project)
    soft = soft_labels_of(soft_label_set, [shown]).get(shown.pk)
    labels = labels_of(seat.project)
    return show(
        request,
        "item.html",
        seat,
        item=shown,
        shares=shares(labels, soft_label_set.labels, soft.distribution)
        if soft_label_set and soft
        else None,
        said=said_about(seat.project, [shown]),
        skipped=skipped_items([shown]).get(shown.pk, []),
    )


@login_required
@require_POST
def hand_out_again(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Ask those who skipped the item once more."""
    seat = project_for(request.user, slug, Action.MANAGE)
    n = ask_again(item=item_for(seat, public_id))
    messages.success(request, f"{n} people who skipped it may be asked about it again.")
    return redirect("item", slug=slug, public_id=public_id)
