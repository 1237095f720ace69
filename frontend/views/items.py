"""Items, how much people disagree about them, and one item with everything said about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from annotate.access import Action, Seat, item_for, member_for, project_for
from annotate.errors import Refused
from annotate.selectors.answers import said_about
from annotate.selectors.items import (
    ItemFilter,
    flagged_items,
    items_numbered,
    items_shown,
    skipped_items,
)
from annotate.selectors.plans import plannable_people
from annotate.selectors.projects import labels_of
from annotate.services.assignments import ask_again
from annotate.services.by_hand import Wanted
from annotate.services.by_hand import ask as hand_out
from annotate.services.viewings import note_viewing
from frontend.forms.items import ItemFilterForm
from frontend.forms.planning import AskForm
from frontend.presenters.items import item_rows
from frontend.presenters.labels import shares
from frontend.views.pages import PageRequest, show
from labeler.models import SoftLabelSet
from labeler.selectors import newest_soft_labels, soft_labels_by_disagreement, soft_labels_of

A_PAGE = 40
ASKED = {
    "one_more": "One more person is wanted for {n:,} items.",
    "same_again": "{n:,} answers will be asked for again, {gap_days} days after they came.",
    "give": "{member} is given {n:,} items; those they know already are left out.",
}


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
        ask=AskForm(people=plannable_people(seat.project)) if seat.may_manage else None,
    )


def _found(seat: Seat, wanted: ItemFilter, soft_label_set: SoftLabelSet | None) -> Any:
    if wanted.show == "disputed" and soft_label_set is not None:
        disputed = soft_labels_by_disagreement(soft_label_set)
        words = wanted.words
        return disputed.filter(item__text__icontains=words) if words else disputed
    return items_shown(seat.project, wanted)


@login_required
@require_POST
def ask(request: PageRequest, slug: str) -> HttpResponse:
    """Ask one more, the same people again, or one person, about the chosen items."""
    seat = project_for(request.user, slug, Action.MANAGE)
    form = AskForm(request.POST, people=plannable_people(seat.project))
    if form.is_valid():
        try:
            messages.success(request, _ask(seat, form, request.POST.getlist("items")))
        except Refused as refusal:
            messages.error(request, refusal.message)
    else:
        messages.error(request, "Nothing was asked: choose what to do, and a gap of 0 to 366 days.")
    return redirect(f"{reverse('items', args=[slug])}?{request.GET.urlencode()}")


def _ask(seat: Seat, form: AskForm, chosen: list[str]) -> str:
    fields, items = form.cleaned_data, items_numbered(seat.project, chosen)
    member = member_for(seat, fields["member"]) if fields["member"] is not None else None
    wanted = Wanted(fields["how"], items, member, fields["gap_days"])
    n = hand_out(project=seat.project, wanted=wanted, now=timezone.now())
    return ASKED[wanted.how].format(n=n, **fields | {"member": member})


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
