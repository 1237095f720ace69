"""The annotation screen and one's own answers. Nothing here ever reads what somebody else said."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from annotate.access import Action, Seat, assignment_for, project_for
from annotate.errors import Refused
from annotate.models import Annotation, Assignment
from annotate.selectors import (
    answers_of,
    guideline_of,
    labels_of,
    last_submitted,
    newest_answer_to,
    pace_of,
    waiting_for,
)
from annotate.services.annotations import submit
from annotate.services.assignments import claim_next, skip
from frontend.api.problems import status_of
from frontend.forms import AnswerForm
from frontend.presenters.annotating import Choice, confidence_steps, label_choices
from frontend.views.pages import PageRequest, show

A_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def annotate(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.ANNOTATE)
    if request.method == "POST":
        return _take_answer(request, seat)
    lease = timedelta(minutes=settings.LEASE_MINUTES)
    assignment = claim_next(
        project=seat.project, annotator=seat.annotator, now=timezone.now(), lease=lease
    )
    if assignment is None:
        return show(
            request,
            "annotate_done.html",
            seat,
            waiting=waiting_for(seat.annotator),
            pace=_pace(seat),
        )
    return _screen(request, seat, assignment, AnswerForm())


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Look at one's own answer again and change it."""
    seat = project_for(request.user, slug, Action.ANNOTATE)
    if request.method == "POST":
        return _take_answer(request, seat)
    assignment = assignment_for(request.user, public_id)
    earlier = answers_of(seat.annotator).filter(assignment=assignment).first()
    if earlier is None:
        return redirect("answers", slug=slug)
    return _screen(
        request, seat, assignment, AnswerForm(initial=_initial(earlier)), earlier=earlier
    )


def _initial(earlier: Annotation) -> dict[str, object]:
    secondary = earlier.secondary.key if earlier.secondary else ""
    return {
        "primary": earlier.primary.key,
        "secondary": secondary,
        "confidence": earlier.confidence,
        "rationale": earlier.rationale,
        "is_flagged": earlier.is_flagged,
    }


def _take_answer(request: PageRequest, seat: Seat) -> HttpResponse:
    form = AnswerForm(request.POST)
    form.is_valid()
    assignment = assignment_for(request.user, form.cleaned_data.get("assignment", UUID(int=0)))
    if request.POST.get("action") == "skip":
        skip(assignment=assignment, now=timezone.now())
        return redirect("annotate", slug=seat.project.slug)
    if not form.is_valid():
        return _screen(request, seat, assignment, form, status=422)
    try:
        submit(
            assignment=assignment,
            answer=form.answer(),
            key=form.cleaned_data["key"],
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _screen(request, seat, assignment, form, status=status_of(refusal))
    return redirect("annotate", slug=seat.project.slug)


def _screen(
    request: PageRequest,
    seat: Seat,
    assignment: Assignment,
    form: AnswerForm,
    earlier: Annotation | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = Choice.of(form)
    back = last_submitted(seat.annotator, before=assignment if earlier else None)
    return show(
        request,
        "annotate.html",
        seat,
        status=status,
        assignment=assignment,
        form=form,
        chosen=chosen,
        labels=label_choices(labels_of(seat.project), chosen),
        steps=confidence_steps(seat.project.confidence_scale, chosen),
        guideline=guideline_of(seat.project),
        pace=_pace(seat),
        back=back,
        is_edit=earlier is not None or newest_answer_to(assignment) is not None,
        key=form.data.get("key") or secrets.token_hex(16),
    )


def _pace(seat: Seat) -> object:
    return pace_of(
        seat.annotator, since=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    )


@login_required
@require_GET
def answers(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.ANNOTATE)
    page = Paginator(answers_of(seat.annotator), A_PAGE).get_page(request.GET.get("page"))
    return show(request, "answers.html", seat, page=page, pace=_pace(seat))
