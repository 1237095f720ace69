"""Planning who answers what: worked out, begun, watched, handed over, stopped."""

from collections.abc import Sequence
from random import SystemRandom

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import Action, Seat, project_for
from annotate.errors import Refused
from annotate.models import Member, Plan
from annotate.selectors.plans import (
    members_numbered,
    plan_numbered,
    plannable_people,
    progress_of,
    running_plan,
    untouched_items,
)
from annotate.selectors.projects import labels_of
from annotate.services.plans import stop_plan
from frontend.forms.planning import PlanForm, StartPlanForm
from frontend.views.pages import PageRequest, show
from labeler.numerics.planning.resources import Resources
from labeler.services.handing_over import USUAL_SEED, Handover, hand_over, propose_handover
from labeler.services.planned_work import Wish, start_planned_work
from labeler.services.plans import Load, PlanReport, make_plan

SHOWN = 200
MOST_SEED = 2**31


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: PageRequest, slug: str) -> HttpResponse:
    """What is worked out is in the address and can be sent to somebody; only a POST begins it."""
    if request.method == "POST":
        return _start(request, project_for(request.user, slug, Action.MANAGE))
    return _page(
        request, project_for(request.user, slug, Action.REVIEW), PlanForm(request.GET or None)
    )


def _page(
    request: PageRequest, seat: Seat, form: PlanForm, start: StartPlanForm | None = None
) -> HttpResponse:
    report = _worked_out(seat, form) if form.is_bound and form.is_valid() else None
    running, people = running_plan(seat.project), plannable_people(seat.project)
    progress = progress_of(running) if running else None
    if report is not None and start is None and seat.may_manage:
        start = StartPlanForm.blank(people, int(report.annotators or 0))
    return show(
        request,
        "plan.html",
        seat,
        status=422 if form.errors or (start and start.errors) else 200,
        form=form,
        plan=report,
        loads=_named(report, people) if report else [],
        start=start,
        running=progress,
        handover=_proposed(running) if running and progress and progress.is_left else None,
        n_people=len(people),
        n_untouched=len(untouched_items(seat.project)),
    )


def _named(report: PlanReport, people: Sequence[Member]) -> list[tuple[str, Load]]:
    names = [one.name for one in people]
    if len(names) < len(report.per_annotator):
        names = [f"Person {n}" for n, _ in enumerate(report.per_annotator, start=1)]
    return list(zip(names, report.per_annotator))[:SHOWN]  # noqa: B905  more people than needed


def _worked_out(seat: Seat, form: PlanForm) -> PlanReport | None:
    labels = tuple(label.key for label in labels_of(seat.project))
    try:
        return make_plan(project=seat.project, known=Resources(**form.numbers()), labels=labels)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


def _proposed(running: Plan) -> Handover | None:
    try:
        return propose_handover(plan=running, seed=USUAL_SEED)
    except Refused:
        return None  # everybody left: the page says to stop the plan


def _start(request: PageRequest, seat: Seat) -> HttpResponse:
    form = PlanForm(request.POST)
    start = StartPlanForm(request.POST, people=plannable_people(seat.project))
    if not (form.is_valid() and start.is_valid()):
        return _page(request, seat, form, start)
    fields = start.cleaned_data
    try:
        people = members_numbered(seat.project, [int(pk) for pk in fields["people"]])
        wish = Wish(
            known=Resources(**form.numbers()),
            people=people,
            gap_days=fields["gap_days"],
            gap_items=fields["gap_items"],
            seed=SystemRandom().randrange(MOST_SEED),
        )
        start_planned_work(project=seat.project, wish=wish, author=seat.user, now=timezone.now())
    except Refused as refusal:
        start.add_error(None, refusal.message)
        return _page(request, seat, form, start)
    messages.success(request, "The plan is running. Everybody is given their own items now.")
    return redirect("plan", slug=seat.project.slug)


@login_required
@require_POST
def stop(request: PageRequest, slug: str, number: int) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    n = stop_plan(plan=plan_numbered(seat.project, number), now=timezone.now())
    messages.success(
        request,
        f"Plan {number} is stopped. What was answered stays; {n:,} places that nobody had taken are"
        " off it, and their items are in the open queue again.",
    )
    return redirect("plan", slug=slug)


@login_required
@require_POST
def hand_places_over(request: PageRequest, slug: str, number: int) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    done = hand_over(plan=plan_numbered(seat.project, number), seed=USUAL_SEED)
    messages.success(request, f"{done.n_items:,} items went to the others of the plan.")
    return redirect("plan", slug=slug)
