"""The annotation screen and one's own answers. Nothing here ever reads what somebody else said."""

import secrets
from datetime import timedelta
from random import SystemRandom
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from annotate.access import Action, Seat, assignment_for, project_for
from annotate.errors import Refused
from annotate.models import Annotation, Assignment
from annotate.selectors.answers import answers_of, newest_answer_to
from annotate.selectors.assignments import (
    is_blind,
    just_skipped,
    last_submitted,
    skipped_by,
    waiting_for,
)
from annotate.selectors.people import pace_of
from annotate.selectors.projects import guideline_of, labels_of
from annotate.services.annotations import submit
from annotate.services.assignments import skip, take_skip_back
from annotate.services.claiming import claim_next
from frontend.forms.annotating import AnswerForm
from frontend.presenters.annotating import Choice, confidence_steps, label_choices
from frontend.statuses import status_of
from frontend.views.pages import PROBLEM, RECEIPT, SCRIPT, PageRequest, show

A_PAGE = 50
LEASE = timedelta(minutes=settings.LEASE_MINUTES)
UNDO = timedelta(seconds=10)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def annotate(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.ANNOTATE)
    if request.method == "POST":
        return _take(request, seat)
    return _next(request, seat)


def _next(request: PageRequest, seat: Seat) -> HttpResponse:
    assignment = claim_next(
        project=seat.project,
        annotator=seat.annotator,
        now=timezone.now(),
        lease=LEASE,
        rng=SystemRandom(),
    )
    skipped = just_skipped(seat.annotator, since=timezone.now() - UNDO)
    if assignment is None:
        return show(
            request,
            "annotate_done.html",
            seat,
            waiting=waiting_for(seat.annotator),
            pace=_pace(seat),
            skipped=skipped,
        )
    return _screen(request, seat, assignment, AnswerForm(), skipped=skipped)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Look at one's own answer again and change it."""
    seat = project_for(request.user, slug, Action.ANNOTATE)
    if request.method == "POST":
        return _take(request, seat)
    assignment = assignment_for(request.user, public_id, slug)
    earlier = answers_of(seat.annotator).filter(assignment=assignment).first()
    if earlier is None:
        return redirect("answers", slug=slug)
    form = AnswerForm(initial=_initial(earlier))
    return _screen(request, seat, assignment, form, earlier=earlier)


def _initial(earlier: Annotation) -> dict[str, object]:
    secondary = earlier.secondary.key if earlier.secondary else ""
    return {
        "primary": earlier.primary.key,
        "secondary": secondary,
        "confidence": earlier.confidence,
        "rationale": earlier.rationale,
        "is_flagged": earlier.is_flagged,
    }


def _take(request: PageRequest, seat: Seat) -> HttpResponse:
    """An answer, a skip, or a skip taken back, of an item of this very project."""
    form = AnswerForm(request.POST)
    is_whole = form.is_valid()
    public_id = form.cleaned_data.get("assignment", UUID(int=0))
    assignment = assignment_for(request.user, public_id, seat.project.slug)
    action = request.POST.get("action")
    if action == "skip":
        skip(assignment=assignment, now=timezone.now())
    elif action == "take-back":
        take_skip_back(assignment=assignment, now=timezone.now(), lease=LEASE)
    elif not is_whole:
        return _refused(request, seat, assignment, form, 422, "incomplete")
    else:
        return _submit(request, seat, assignment, form)
    return _after(request, seat, form.data.get("key", ""))


def _submit(
    request: PageRequest, seat: Seat, assignment: Assignment, form: AnswerForm
) -> HttpResponse:
    key, seen = form.cleaned_data["key"], form.cleaned_data["revision"]
    try:
        submit(
            assignment=assignment,
            answer=form.answer(),
            key=key,
            now=timezone.now(),
            revision_seen=seen,
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _refused(request, seat, assignment, form, status_of(refusal), refusal.code)
    return _after(request, seat, key)


def _after(request: PageRequest, seat: Seat, key: str) -> HttpResponse:
    """The next item: at once for the script, which looks for the receipt; else by redirect, so
    that a reload sends nothing again.
    """
    if SCRIPT not in request.headers:
        return redirect("annotate", slug=seat.project.slug)
    response = _next(request, seat)
    response[RECEIPT] = key
    return response


def _refused(
    request: PageRequest,
    seat: Seat,
    assignment: Assignment,
    form: AnswerForm,
    status: int,
    code: str,
) -> HttpResponse:
    response = _screen(request, seat, assignment, form, status=status)
    response[PROBLEM] = code
    return response


def _screen(
    request: PageRequest,
    seat: Seat,
    assignment: Assignment,
    form: AnswerForm,
    earlier: Annotation | None = None,
    status: int = 200,
    skipped: Assignment | None = None,
) -> HttpResponse:
    chosen = Choice.of(form)
    newest = earlier or newest_answer_to(assignment)
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
        back=last_submitted(seat.annotator, before=assignment if earlier else None),
        is_edit=newest is not None,
        revision=newest.revision if newest else 0,
        key=form.data.get("key") or secrets.token_hex(16),
        skipped=skipped,
    )


def _pace(seat: Seat) -> object:
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return pace_of(seat.annotator, since=midnight)


@login_required
@require_safe
def answers(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.ANNOTATE)
    page = Paginator(answers_of(seat.annotator), A_PAGE).get_page(request.GET.get("page"))
    skipped = skipped_by(seat.annotator)
    return show(
        request,
        "answers.html",
        seat,
        page=page,
        pace=_pace(seat),
        skipped=skipped,
        is_blind=is_blind(seat.annotator),
    )
