"""Trainings with their curves, models with their calibration, and the box to try one."""

import secrets
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotate.access import Action, Seat, project_for
from annotate.errors import Refused
from annotate.selectors.projects import labels_of
from frontend.charts import learning as charts
from frontend.forms.learning import TrainForm, TryForm
from frontend.presenters.labels import shares_of_prediction
from frontend.presenters.learning import ModelRow, metric_rows, progress_share
from frontend.views.pages import PageRequest, show
from labeler.selectors import dataset_for, datasets_of
from worker.models import ModelVersion, Promotion, TrainingRun
from worker.selectors import (
    comparison_of,
    model_for,
    models_of,
    newest_comparisons,
    promotions_of,
    run_for,
    runs_of,
    serving_model,
)
from worker.services.jobs import cancel
from worker.services.prediction import predict
from worker.services.promotion import promote_or_compare, roll_back
from worker.services.training import TrainingDraft, start_training


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trainings(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(
        request.user, slug, Action.MANAGE if request.method == "POST" else Action.REVIEW
    )
    numbers = [dataset.number for dataset in datasets_of(seat.project)]
    form = TrainForm(request.POST or None, numbers=numbers)
    if request.method == "POST" and form.is_valid():
        try:
            run = _start(request, seat, form)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("training", slug=slug, public_id=run.job.public_id)
    rows = [{"run": run, "share": progress_share(run)} for run in runs_of(seat.project)[:100]]
    return show(
        request,
        "trainings.html",
        seat,
        rows=rows,
        form=form,
        numbers=numbers,
        key=secrets.token_hex(8),
        status=422 if form.errors else 200,
    )


def _start(request: PageRequest, seat: Seat, form: TrainForm) -> TrainingRun:
    fields = dict(form.cleaned_data)
    dataset = dataset_for(seat.project, fields.pop("dataset"))
    key, now = f"page:{request.POST.get('key') or secrets.token_hex(8)}", timezone.now()
    draft = TrainingDraft(**fields)
    return start_training(dataset=dataset, draft=draft, key=key, author=seat.user, now=now)


@login_required
@require_safe
def training(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    """The whole page, or for htmx only the part that moves."""
    seat = project_for(request.user, slug, Action.REVIEW)
    run = run_for(seat.project, public_id)
    version = getattr(run, "model_version", None)
    template = "_training.html" if request.headers.get("HX-Request") else "training.html"
    return show(
        request,
        template,
        seat,
        run=run,
        version=version,
        share=progress_share(run),
        curves=charts.training_curves(run.history),
        metrics=metric_rows(version.estimates) if version else [],
        comparison=comparison_of(version) if version else None,
    )


@login_required
@require_POST
def cancel_training(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    cancel(job=run_for(seat.project, public_id).job, now=timezone.now())
    return redirect("training", slug=slug, public_id=public_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def models(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    serving, form = serving_model(seat.project), TryForm(request.POST or None)
    tried = None
    if request.method == "POST" and form.is_valid():
        try:
            _, predictions = predict(project=seat.project, texts=[form.cleaned_data["text"]])
            tried = {
                "prediction": predictions[0],
                "shares": shares_of_prediction(
                    labels_of(seat.project), predictions[0].distribution
                ),
            }
        except Refused as refusal:
            form.add_error("text", refusal.message)
    rows = _model_rows(seat, serving)
    return show(
        request,
        "models.html",
        seat,
        serving=serving,
        metrics=metric_rows(serving.estimates) if serving else [],
        diagram=_diagram(serving) if serving else None,
        rows=rows,
        n_datasets=len({row.version.run.dataset_id for row in rows}),
        promotions=promotions_of(seat.project)[:20],
        form=form,
        tried=tried,
    )


def _diagram(serving: ModelVersion) -> SafeString:
    return charts.calibration_diagram(serving.diagram, serving.people_diagram)


def _model_rows(seat: Seat, serving: ModelVersion | None) -> list[ModelRow]:
    comparisons = newest_comparisons(seat.project)
    rows = []
    for version in models_of(seat.project):
        one = comparisons.get(version.pk)
        is_now = one is not None and one.champion_id == (serving.pk if serving else None)
        may_serve = one is not None and is_now and one.is_better
        rows.append(ModelRow(version, one, may_serve))
    return rows


@login_required
@require_POST
def promote_model(request: PageRequest, slug: str, number: int) -> HttpResponse:
    """Promote it, or have it compared with the one that serves now, if it was not yet."""
    seat = project_for(request.user, slug, Action.MANAGE)
    version = model_for(seat.project, number)
    done = promote_or_compare(version=version, author=seat.user, now=timezone.now())
    if isinstance(done, Promotion):
        messages.success(request, f"Model {number} answers from now on.")
    else:
        words = "is being compared with whoever serves now. Look again in a minute."
        messages.info(request, f"Model {number} {words}")
    return redirect("models", slug=slug)


@login_required
@require_POST
def roll_back_model(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    promotion = roll_back(project=seat.project, author=seat.user, now=timezone.now())
    messages.success(request, f"Model {promotion.model_version.number} answers again.")
    return redirect("models", slug=slug)
