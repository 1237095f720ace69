"""Files that come in: sent, looked at, decided about, brought in."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import Action, Seat, project_for, upload_for
from annotate.errors import Refused
from annotate.models import Upload
from annotate.selectors.projects import labels_of, recent_imports
from annotate.services.uploads import UploadSettings
from frontend.forms.data import ImportForm
from frontend.presenters.imports import looked_at
from frontend.views.pages import PageRequest, show
from labeler.selectors import datasets_of
from worker.selectors import job_of_upload
from worker.services.uploads import bring_in, look_again, send


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: PageRequest, slug: str) -> HttpResponse:
    """What came in and what can be taken out; a file that is sent is looked at first."""
    seat = project_for(request.user, slug, Action.MANAGE)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = _send(seat, form)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("import", slug=slug, public_id=upload.public_id)
    return show(
        request,
        "data.html",
        seat,
        status=422 if form.errors else 200,
        form=form,
        imports=recent_imports(seat.project),
        datasets=datasets_of(seat.project),
    )


def _send(seat: Seat, form: ImportForm) -> Upload:
    file = form.cleaned_data["file"]
    return send(
        project=seat.project,
        name=file.name or "upload",
        parts=file.chunks(),
        wanted=UploadSettings(dialect=form.cleaned_data["dialect"]),
        author=seat.user,
        now=timezone.now(),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_import(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    """What the file would bring; sent again with other decisions it is looked at again."""
    seat = project_for(request.user, slug, Action.MANAGE)
    upload = upload_for(seat, public_id)
    if request.method == "POST":
        look_again(upload=upload, wanted=_wanted(request, upload), now=timezone.now())
        return redirect("import", slug=slug, public_id=public_id)
    job = job_of_upload(upload)
    template = "_import.html" if request.headers.get("HX-Request") else "import.html"
    labels = labels_of(seat.project)
    seen = looked_at(upload, [label.key for label in labels])
    return show(request, template, seat, upload=upload, job=job, seen=seen, labels=labels)


@login_required
@require_POST
def store_import(request: PageRequest, slug: str, public_id: UUID) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    bring_in(upload=upload_for(seat, public_id), now=timezone.now())
    return redirect("import", slug=slug, public_id=public_id)


def _wanted(request: PageRequest, upload: Upload) -> UploadSettings:
    """From fields map:COLUMN=field, choose:NAME=option, label:SPELLING=key."""
    given = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    columns = {name[4:]: field for name, field in given.items() if name.startswith("map:")}
    return UploadSettings(
        dialect=upload.decisions["dialect"],
        mapping={field: column for column, field in columns.items() if field},
        choices={k[7:]: v for k, v in given.items() if k.startswith("choose:") and v},
        labels={k[6:]: v for k, v in given.items() if k.startswith("label:") and v},
    )
