"""The people of a project, and the keys of one's own programs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import Action, Seat, member_for, project_for, token_for
from annotate.errors import Refused
from annotate.models import Member
from annotate.selectors.people import active_account, members_of, tokens_of
from annotate.services.members import Part, add_member, change_member, remove_member
from annotate.services.tokens import create_token, revoke_token
from frontend.charts.agreement import stated_confidence
from frontend.forms.people import ChangeMemberForm, MemberForm, TokenForm
from frontend.presenters.agreement import questions, top_confidence
from frontend.views.pages import PageRequest, show
from labeler.results import AnnotatorReliability
from labeler.selectors import newest_run


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: PageRequest, slug: str) -> HttpResponse:
    action = Action.MANAGE if request.method == "POST" else Action.REVIEW
    seat = project_for(request.user, slug, action)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = _add(seat, form)
        except Refused as refusal:
            form.add_error("username", refusal.message)
        else:
            messages.success(request, f"{added.name} is in the project now.")
            return redirect("people", slug=slug)
    return _page(request, seat, form)


def _add(seat: Seat, form: MemberForm) -> Member:
    part = Part(seat.project, form.cleaned_data["role"])
    return add_member(
        user=active_account(form.cleaned_data["username"]), part=part, now=timezone.now()
    )


def _page(request: PageRequest, seat: Seat, form: MemberForm) -> HttpResponse:
    run = newest_run(seat.project)
    by_name = {row.name: row for row in run.analysis.annotators} if run else {}
    everybody = list(members_of(seat.project))
    here = [member for member in everybody if member.removed_at is None]
    return show(
        request,
        "people.html",
        seat,
        status=422 if form.errors else 200,
        rows=[_person(member, by_name.get(member.name)) for member in here],
        removed=[member for member in everybody if member.removed_at is not None],
        run=run,
        form=form,
        confidence=stated_confidence(run.analysis.confidence.steps if run else []),
        questions=questions(list(by_name.values())),
    )


def _person(member: Member, rated: AnnotatorReliability | None) -> dict[str, object]:
    form = ChangeMemberForm(
        initial={"role": member.role, "annotates": member.annotates}, prefix=f"m{member.pk}"
    )
    surest = top_confidence(rated) if rated else None
    return {"member": member, "reliability": rated, "surest": surest, "form": form}


@login_required
@require_POST
def change(request: PageRequest, slug: str, pk: int) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    member = member_for(seat, pk)
    form = ChangeMemberForm(request.POST, prefix=f"m{pk}")
    if form.is_valid():
        change_member(member=member, **form.cleaned_data)
        messages.success(request, f"{member.name}: {member.get_role_display()} from now on.")
    else:
        messages.error(request, f"{member.name} is unchanged: choose one of the roles.")
    return redirect("people", slug=slug)


@login_required
@require_POST
def remove(request: PageRequest, slug: str, pk: int) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    member = remove_member(member=member_for(seat, pk), now=timezone.now())
    messages.success(request, f"{member.name} is out of the project. What they answered stays.")
    return redirect("people", slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: PageRequest) -> HttpResponse:
    form, key = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        key = create_token(user=request.user, now=timezone.now(), **form.cleaned_data)
    context = {"form": form, "key": key, "tokens": tokens_of(request.user), "now": timezone.now()}
    return render(request, "frontend/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_token(request: PageRequest, pk: int) -> HttpResponse:
    revoke_token(token=token_for(request.user, pk), now=timezone.now())
    messages.success(request, "That key opens nothing any more.")
    return redirect("tokens")
