"""Beginning a project, all on one page, with the annotation screen beside it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import founder
from annotate.errors import Refused
from annotate.models import Project
from annotate.services.founding import begin_project
from annotate.services.projects import COLOURS, ProjectDraft
from frontend.forms.annotating import AnswerForm
from frontend.forms.projects import LabelFormSet, LabelRows, NewProjectForm
from frontend.presenters.annotating import Choice, confidence_steps
from frontend.presenters.beginning import hard_to_see, previewed
from frontend.statuses import status_of
from frontend.views.pages import PageRequest

PREFIX = "labels"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: PageRequest) -> HttpResponse:
    founder(request.user)
    if request.method != "POST":
        return _page(request, NewProjectForm(), LabelRows(prefix=PREFIX))
    form, rows = NewProjectForm(request.POST), LabelRows(request.POST, prefix=PREFIX)
    if not (form.is_valid() and rows.is_valid()):
        return _page(request, form, rows, 422)
    try:
        project = _begin(request, form, rows)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, rows, status_of(refusal))
    messages.success(request, f"{project.name} is there. Bring items in, then invite people.")
    return redirect("data", slug=project.slug)


def _begin(request: PageRequest, form: NewProjectForm, rows: LabelFormSet) -> Project:
    fields = dict(form.cleaned_data)
    guideline = fields.pop("guideline")
    draft = ProjectDraft(labels=rows.drafts(), **fields)
    return begin_project(author=request.user, draft=draft, now=timezone.now(), guideline=guideline)


def _page(
    request: PageRequest, form: NewProjectForm, rows: LabelFormSet, status: int = 200
) -> HttpResponse:
    context = {"form": form, "rows": rows, "colours": COLOURS, **_preview(form, rows)}
    return render(request, "frontend/new_project.html", context, status=status)


@login_required
@require_POST
def preview(request: PageRequest) -> HttpResponse:
    """What annotators would see, of a form that need not be whole."""
    founder(request.user)
    form, rows = NewProjectForm(request.POST), LabelRows(request.POST, prefix=PREFIX)
    return render(request, "frontend/_preview.html", _preview(form, rows))


def _preview(form: NewProjectForm, rows: LabelFormSet) -> dict[str, object]:
    drafts = rows.drafts() if rows.is_bound and rows.is_valid() else []
    form.is_valid()
    cleaned = getattr(form, "cleaned_data", {})
    nothing = Choice.of(AnswerForm())
    return {
        "labels": previewed(drafts),
        "steps": confidence_steps(cleaned.get("confidence_scale") or 5, nothing),
        "guideline": cleaned.get("guideline", ""),
        "hard_to_see": hard_to_see(drafts),
    }
