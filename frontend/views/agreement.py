"""How far people agree."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from annotate.access import Action, project_for
from annotate.selectors.projects import labels_of
from frontend.charts import agreement as charts
from frontend.presenters.agreement import (
    LabelRow,
    NamedMeasure,
    coefficient_rows,
    grid,
    label_rows,
    time_points,
)
from frontend.views.pages import PageRequest, show
from labeler.numerics.agreement.measure import Measure
from labeler.results import Analysis
from labeler.selectors import newest_run
from worker.selectors import live_jobs


@dataclass(frozen=True)
class Drawn:
    """The charts and tables of a run. `equal`: how often two answers to one item are the same."""

    coefficients: list[NamedMeasure]
    equal: Measure
    by_label: SafeString | None
    label_rows: list[LabelRow]
    over_time: SafeString | None
    pairs: SafeString | None
    n_in_grid: int
    saturation: SafeString | None


@login_required
@require_safe
def agreement(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    run, job = newest_run(seat.project), live_jobs(seat.project).filter(kind="labels").first()
    if request.headers.get("HX-Request"):
        return show(request, "_working.html", seat, job=job, is_update=True)
    names = {label.key: label.name for label in labels_of(seat.project)}
    drawn = _drawn(run.analysis, names) if run else None
    return show(
        request,
        "agreement.html",
        seat,
        run=run,
        result=run.analysis if run else None,
        job=job,
        drawn=drawn,
    )


def _drawn(analysis: Analysis, names_of: dict[str, str]) -> Drawn:
    names, cells = grid(analysis)
    labels = label_rows(analysis, names_of)
    return Drawn(
        coefficients=coefficient_rows(analysis),
        equal=next(one for one in analysis.coefficients if one.metric == "percent"),
        by_label=charts.by_label(labels),
        label_rows=labels,
        over_time=charts.over_time(time_points(analysis.over_time)),
        pairs=charts.pair_grid(names, cells),
        n_in_grid=len(names),
        saturation=charts.saturation(analysis.saturation),
    )
