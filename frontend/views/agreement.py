"""How far people agree, and what more answers would take."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from annotate.access import Action, project_for
from annotate.errors import Refused
from annotate.selectors import labels_of
from frontend.charts import agreement as charts
from frontend.forms import PlanForm
from frontend.presenters.agreement import coefficient_rows, grid, label_rows, time_points
from frontend.views.pages import PageRequest, show
from labeler.numerics.planning.resources import Resources
from labeler.selectors import newest_run
from labeler.services.plans import make_plan
from worker.selectors import live_jobs


@login_required
@require_safe
def agreement(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    run, job = newest_run(seat.project), live_jobs(seat.project).filter(kind="labels").first()
    if request.headers.get("HX-Request"):
        return show(request, "_working.html", seat, job=job, is_update=True)
    names = {label.key: label.name for label in labels_of(seat.project)}
    drawn = _drawn(run.result, names) if run else {}
    return show(
        request,
        "agreement.html",
        seat,
        run=run,
        result=run.result if run else None,
        job=job,
        **drawn,
    )


def _drawn(result: dict[str, Any], names_of: dict[str, str]) -> dict[str, Any]:
    names, cells = grid(result)
    labels = label_rows(result, names_of)
    return {
        "coefficients": coefficient_rows(result),
        "equal": next(row for row in result["coefficients"] if row["metric"] == "percent"),
        "by_label": charts.by_label(labels),
        "label_rows": labels,
        "over_time": charts.over_time(time_points(result)),
        "pairs": charts.pair_grid(names, cells),
        "n_in_grid": len(names),
        "saturation": charts.saturation(result["saturation"]),
    }


@login_required
@require_safe
def plan(request: PageRequest, slug: str) -> HttpResponse:
    """A calculation that stores nothing, so its numbers stand in the address and can be sent to
    somebody.
    """
    seat = project_for(request.user, slug, Action.REVIEW)
    form = PlanForm(request.GET or None)
    found = None
    if request.GET and form.is_valid():
        labels = tuple(label.key for label in labels_of(seat.project))
        try:
            found = make_plan(
                project=seat.project, known=Resources(**form.numbers()), labels=labels
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return show(
        request, "plan.html", seat, form=form, plan=found, status=422 if form.errors else 200
    )
