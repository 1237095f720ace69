"""Items, how much people disagree about them, and one item with everything said about it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotate.access import Action, project_for
from annotate.errors import Missing
from annotate.selectors import items_with_answers, labels_of, newest_annotations
from annotate.services.viewings import note_viewing
from frontend.presenters.labels import soft_label_rows
from frontend.views.pages import PageRequest, show
from labeler.selectors import newest_soft_labels, soft_labels_by_entropy

A_PAGE = 40


@login_required
@require_safe
def items(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    made, labels = newest_soft_labels(seat.project), labels_of(seat.project)
    if made is None:
        plain = Paginator(items_with_answers(seat.project).order_by("pk"), A_PAGE).get_page(
            request.GET.get("page")
        )
        return show(request, "items.html", seat, page=plain, labels=labels, rows=None)
    page = Paginator(soft_labels_by_entropy(made), A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "items.html",
        seat,
        page=page,
        labels=labels,
        rows=soft_label_rows(page.object_list, labels, made.labels),
        made=made,
    )


@login_required
@require_safe
def item(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    found = items_with_answers(seat.project).filter(public_id=public_id).first()
    if found is None:
        raise Missing("There is no such item in this project.")
    note_viewing(member=seat.member, items=[found], now=timezone.now())
    made, labels = newest_soft_labels(seat.project), labels_of(seat.project)
    rows = (
        soft_label_rows(soft_labels_by_entropy(made).filter(item=found), labels, made.labels)
        if made
        else []
    )
    said = (
        newest_annotations(seat.project)
        .filter(assignment__item=found)
        .select_related("primary", "secondary", "annotator", "assignment")
    )
    return show(
        request,
        "item.html",
        seat,
        item=found,
        row=rows[0] if rows else None,
        said=said.order_by("annotator__name", "assignment__pass_number"),
    )
