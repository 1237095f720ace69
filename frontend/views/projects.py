"""My projects, and one project at a glance."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from annotate.access import Action, project_for
from annotate.errors import Missing, Refused
from annotate.models import Member, User
from annotate.selectors import answers_by_day, labels_of, members_of, progress_of, projects_of
from annotate.services.members import add_member
from frontend.charts.agreement import stated_confidence
from frontend.charts.people import answers_a_day as days_chart
from frontend.charts.people import reliability_dots
from frontend.forms import MemberForm
from frontend.presenters.agreement import questions, top_confidence
from frontend.presenters.labels import extremes, soft_label_rows
from frontend.views.pages import PageRequest, show
from labeler.selectors import newest_run, newest_soft_labels, soft_labels_by_entropy
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
    return render(request, "frontend/projects.html", {"rows": rows})


@login_required
@require_safe
def overview(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug)
    if not seat.may_review:
        return redirect("annotate", slug=slug)
    project, labels = seat.project, labels_of(seat.project)
    run, made = newest_run(project), newest_soft_labels(project)
    disputed = (
        soft_label_rows(soft_labels_by_entropy(made)[:MOST_DISPUTED], labels, made.labels)
        if made
        else []
    )
    days = [
        {"day": day.day[5:], "n": day.n} for day in answers_by_day(project, until=timezone.now())
    ]
    return show(
        request,
        "overview.html",
        seat,
        progress=progress_of(project),
        result=run.result if run else None,
        run=run,
        chart=reliability_dots(extremes(run.result["annotators"])) if run else None,
        days=days_chart(days),
        disputed=disputed,
        labels=labels,
        serving=serving_model(project),
        jobs=live_jobs(project),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(
        request.user, slug, Action.MANAGE if request.method == "POST" else Action.REVIEW
    )
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = User.objects.filter(
                username=form.cleaned_data["username"], is_active=True
            ).first()
            if user is None:
                raise Missing(
                    "There is no account of this name. An admin makes one with: manage.py"
                    " create_account NAME"
                )
            role = form.cleaned_data["role"]
            add_member(
                project=seat.project,
                user=user,
                role=role,
                annotates=role == Member.Role.ANNOTATOR,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("username", refusal.message)
        else:
            messages.success(request, f"{user.username} is in the project now.")
            return redirect("people", slug=slug)
    run = newest_run(seat.project)
    by_name = {row["name"]: row for row in run.result["annotators"]} if run else {}
    rows = [_person(member, by_name.get(member.name)) for member in members_of(seat.project)]
    people = list(by_name.values())
    context = {
        "confidence": stated_confidence(run.result["confidence"]["steps"] if run else []),
        "questions": questions(people),
    }
    return show(
        request,
        "people.html",
        seat,
        rows=rows,
        run=run,
        form=form,
        **context,
        status=422 if form.errors else 200,
    )


def _person(member: Member, found: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "member": member,
        "reliability": found,
        "surest": top_confidence(found) if found else None,
    }
