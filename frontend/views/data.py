"""What comes in, what goes out, and frozen datasets."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from annotate.access import Action, project_for
from annotate.errors import Refused
from annotate.importing.problems import BadFile
from annotate.selectors import recent_imports
from annotate.services.imports import import_file, try_import
from frontend.downloads import export_response
from frontend.forms import FreezeForm, ImportForm
from frontend.uploads import uploaded_source
from frontend.views.pages import PageRequest, show
from labeler.selectors import dataset_for, datasets_of
from labeler.services.datasets import SplitRule, freeze_answers
from labeler.services.soft_labels import SoftLabelSettings
from worker.selectors import runs_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    form = ImportForm(request.POST or None, request.FILES or None)
    problems, report = [], None
    if request.method == "POST" and form.is_valid():
        try:
            source = uploaded_source(form.cleaned_data["file"], form.cleaned_data["dialect"])
            if form.cleaned_data["is_dry_run"]:
                report = try_import(project=seat.project, source=source, now=timezone.now())
            else:
                done = import_file(
                    project=seat.project, source=source, author=seat.user, now=timezone.now()
                )
                messages.success(
                    request,
                    f"Added {done.items_added} items and {done.annotations_added} annotations;"
                    f" {done.unchanged} were there already.",
                )
                return redirect("data", slug=slug)
        except BadFile as refusal:
            problems = refusal.problems
        except Refused as refusal:
            form.add_error("file", refusal.message)
    status = 422 if problems or form.errors else 200
    context = {
        "form": form,
        "problems": problems,
        "report": report,
        "imports": recent_imports(seat.project),
        "datasets": datasets_of(seat.project),
    }
    return show(request, "data.html", seat, status=status, **context)


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
            rule = SplitRule(fields["validation_share"], fields["test_share"])
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
    found = dataset_for(seat.project, number)
    return show(
        request,
        "dataset.html",
        seat,
        dataset=found,
        runs=runs_of(seat.project).filter(dataset=found),
    )
