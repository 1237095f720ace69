"""Inviting people, and coming in by a link: the one place where an account makes itself."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.mail import send_mass_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotate.access import Action, Seat, invitation_for, invitation_of_key, project_for
from annotate.errors import Refused
from annotate.models import Invitation, User
from annotate.selectors.people import invitations_of
from annotate.services.invitations import (
    InvitationDraft,
    NewAccount,
    invite,
    join,
    join_as_new,
    revoke_invitation,
)
from frontend.forms.people import InvitationForm, JoinForm
from frontend.statuses import status_of
from frontend.views.pages import PageRequest, show

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: PageRequest, slug: str) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    form, link = InvitationForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        link = _invite(request, seat, form)
    return show(
        request,
        "invitations.html",
        seat,
        form=form,
        link=link,
        invitations=invitations_of(seat.project, timezone.now()),
        status=422 if form.errors else 200,
    )


def _invite(request: PageRequest, seat: Seat, form: InvitationForm) -> str:
    fields = dict(form.cleaned_data)
    emails = fields.pop("emails", [])
    _, key = invite(
        project=seat.project,
        draft=InvitationDraft(**fields),
        author=seat.user,
        now=timezone.now(),
    )
    link = request.build_absolute_uri(reverse("join", args=[key]))
    if emails:
        subject = " ".join(f"An invitation to “{seat.project.name}”".split())
        text = (
            f"{seat.user.username} invites you to “{seat.project.name}”:\n\n{link}\n\n"
            f"The link works for {fields['days']} days."
        )
        sender = settings.DEFAULT_FROM_EMAIL
        try:
            n_sent = send_mass_mail([(subject, text, sender, [address]) for address in emails])
        except (SMTPException, OSError) as error:
            messages.error(request, f"No mail went out: {error}. Send the link yourself.")
        else:
            messages.success(request, f"Sent to {n_sent} of {len(emails)} addresses.")
    return link


@login_required
@require_POST
def revoke(request: PageRequest, slug: str, pk: int) -> HttpResponse:
    seat = project_for(request.user, slug, Action.MANAGE)
    revoke_invitation(invitation=invitation_for(seat, pk), now=timezone.now())
    messages.success(request, "Nobody comes in by that link any more.")
    return redirect("invitations", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request: HttpRequest, key: str) -> HttpResponse:
    """For strangers a new account, for who is signed in one button."""
    invitation = invitation_of_key(key)
    form = JoinForm(request.POST or None)
    if request.method != "POST":
        return _door(request, invitation, form)
    try:
        return _join(request, invitation, form)
    except Refused as refusal:
        return _door(request, invitation, form, status_of(refusal), refusal.message)


def _join(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse:
    if isinstance(request.user, User):
        join(invitation=invitation, user=request.user, now=timezone.now())
        return redirect("overview", slug=invitation.project.slug)
    if not form.is_valid():
        return _door(request, invitation, form, 422)
    fields = form.cleaned_data
    account = NewAccount(fields["username"], fields["password1"], fields["email"])
    user = join_as_new(invitation=invitation, account=account, now=timezone.now())
    login(request, user, backend=BACKEND)
    return redirect("projects")


def _door(
    request: HttpRequest,
    invitation: Invitation,
    form: JoinForm,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    context = {"invitation": invitation, "form": form, "message": message}
    return render(request, "frontend/join.html", context, status=status)
