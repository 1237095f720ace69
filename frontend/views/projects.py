"""My projects, and one project at a glance."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotate.access import Seat, may_found, project_for
from annotate.models import Label
from annotate.selectors.answers import said_about
from annotate.selectors.projects import answers_by_day, labels_of, progress_of, projects_of
from annotate.services.viewings import note_viewing
from frontend.charts.people import answers_a_day as days_chart
from frontend.charts.people import reliability_dots
from frontend.presenters.labels import DisputedRow, disputed_rows, extremes
from frontend.views.pages import PageRequest, show
from labeler.models import SoftLabelSet
from labeler.selectors import newest_run, newest_soft_labels, soft_labels_by_disagreement
from worker.selectors import live_jobs, serving_model

MOST_DISPUTED = 6


@login_required
@require_safe
def projects(request: PageRequest) -> HttpResponse:
    rows = [
        {
            "project": project,
            "seat": project_for(request.user, project.slug),
            "progress": progress_of(project),
        }
        for project in projects_of(request.user)
    ]
    context = {"rows": rows, "may_found": may_found(request.user)}
    return render(request, "frontend/projects.html", context)


@login_required
@require_safe
def overview(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug)
    if not seat.may_review:
        return redirect("annotate", slug=slug)
    project, labels = seat.project, labels_of(seat.project)
    run, soft_label_set = newest_run(project), newest_soft_labels(project)
    disputed = _disputed(seat, soft_label_set, labels) if soft_label_set else []
    days = [
        {"day": day.day[5:], "n": day.n} for day in answers_by_day(project, until=timezone.now())
    ]
    return show(
        request,
        "overview.html",
        seat,
        progress=progress_of(project),
        result=run.analysis if run else None,
        run=run,
        chart=reliability_dots(extremes(run.analysis.annotators)) if run else None,
        days=days_chart(days),
        disputed=disputed,
        labels=labels,
        serving=serving_model(project),
        jobs=live_jobs(project),
    )


def _disputed(seat: Seat, soft_label_set: SoftLabelSet, labels: list[Label]) -> list[DisputedRow]:
    """The items that people differ about most, with who said what: who looks has seen it."""
    disputed = list(
        soft_labels_by_disagreement(soft_label_set).filter(disagreement__gt=0)[:MOST_DISPUTED]
    )
    items = [row.item for row in disputed]
    note_viewing(member=seat.member, items=items, now=timezone.now())
    return disputed_rows(disputed, list(said_about(seat.project, items)), labels)
