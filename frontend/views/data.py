"""What goes out, and frozen datasets."""

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from annotate.access import Action, project_for
from annotate.errors import Refused
from frontend.downloads import export_response
from frontend.forms.data import FreezeForm
from frontend.views.pages import PageRequest, show
from labeler.selectors import dataset_for, datasets_of
from labeler.services.datasets import freeze_answers
from labeler.services.soft_labels import SoftLabelSettings
from labeler.splits import SplitRule
from worker.selectors import runs_of


@login_required
@require_safe
def download(request: PageRequest, slug: str) -> FileResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    with tempfile.TemporaryDirectory() as folder:
        return export_response(seat.project, request.GET, Path(folder))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def datasets(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(
        request.user, slug, Action.MANAGE if request.method == "POST" else Action.REVIEW
    )
    form = FreezeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            settings = SoftLabelSettings(fields["method"], fields["confidence"])
            rule = SplitRule(
                fields["validation_share"],
                fields["test_share"],
                contradictions=fields["contradictions"],
            )
            dataset = freeze_answers(
                project=seat.project,
                settings=settings,
                rule=rule,
                author=seat.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("dataset", slug=slug, number=dataset.number)
    return show(
        request,
        "datasets.html",
        seat,
        form=form,
        datasets=datasets_of(seat.project),
        status=422 if form.errors else 200,
    )


@login_required
@require_safe
def dataset(request: PageRequest, slug: str, number: int) -> HttpResponse:
    seat = project_for(request.user, slug, Action.REVIEW)
    frozen = dataset_for(seat.project, number)
    return show(
        request,
        "dataset.html",
        seat,
        dataset=frozen,
        runs=runs_of(seat.project).filter(dataset=frozen),
    )
