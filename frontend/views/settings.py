"""What a manager can change: the project, its guidelines, and when it retrains by itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import Action, project_for
from annotate.errors import Refused
from annotate.selectors.projects import guideline_of, labels_of
from annotate.services.projects import Settings, change_settings, write_guideline
from frontend.forms.learning import ScheduleForm
from frontend.forms.projects import GuidelineForm, SettingsForm
from frontend.views.pages import PageRequest, show
from worker.models import RetrainSchedule
from worker.selectors import schedule_of
from worker.services.schedules import ScheduleDraft, set_schedule


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    project = seat.project
    form = SettingsForm(
        request.POST or None,
        initial={
            "name": project.name,
            "description": project.description,
            "status": project.status,
            "annotators_per_item": project.annotators_per_item,
        },
    )
    if request.method == "POST" and form.is_valid():
        change_settings(project=project, settings=Settings(**form.cleaned_data))
        messages.success(request, "Saved.")
        return redirect("settings", slug=slug)
    retraining = schedule_of(project)
    return show(
        request,
        "settings.html",
        seat,
        form=form,
        schedule=retraining,
        schedule_form=ScheduleForm(initial=_initial(retraining)),
        status=422 if form.errors else 200,
    )


def _initial(schedule: RetrainSchedule | None) -> dict[str, object]:
    if schedule is None:
        return {"every_annotations": 100}
    return {
        name: getattr(schedule, name)
        for name in ("is_on", "every_hours", "every_annotations", "learner")
    }


@login_required
@require_POST
def schedule(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            set_schedule(project=seat.project, draft=ScheduleDraft(**form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Saved.")
            return redirect("settings", slug=slug)
    project = seat.project
    plain = SettingsForm(
        initial={
            name: getattr(project, name)
            for name in ("name", "description", "status", "annotators_per_item")
        }
    )
    return show(
        request,
        "settings.html",
        seat,
        form=plain,
        schedule=schedule_of(project),
        schedule_form=form,
        status=422,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guidelines(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(
        request.user, slug, Action.MANAGE if request.method == "POST" else Action.SEE
    )
    newest = guideline_of(seat.project)
    form = GuidelineForm(
        request.POST or None, initial={"markdown": newest.markdown if newest else ""}
    )
    if request.method == "POST" and form.is_valid():
        written = write_guideline(
            project=seat.project,
            markdown=form.cleaned_data["markdown"],
            author=seat.user,
            now=timezone.now(),
        )
        messages.success(request, f"Version {written.version} is what annotators see now.")
        return redirect("guidelines", slug=slug)
    return show(
        request,
        "guidelines.html",
        seat,
        guideline=newest,
        form=form,
        labels=labels_of(seat.project),
    )
