"""Links that let people in."""

from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, invitation_for, invitation_of_key, project_for
from annotate.models import Invitation
from annotate.selectors.people import invitations_of
from annotate.services.invitations import InvitationDraft, invite, join, revoke_invitation
from frontend.api.bodies.people import (
    InvitationBody,
    InvitationMadeBody,
    MemberBody,
    NewInvitationBody,
)
from frontend.api.endpoint import endpoint, signed_in
from frontend.api.people import member_body

FIELDS = ("role", "n_places", "n_taken", "created_at", "expires_at", "revoked_at")


@endpoint("GET", gives=InvitationBody(many=True))
def list_invitations(request: Request, slug: str) -> Response:
    """The invitations by which somebody can still come in."""
    seat = project_for(request.user, slug, Action.MANAGE)
    return Response([_body(one) for one in invitations_of(seat.project, timezone.now())])


@endpoint("POST", gives=InvitationMadeBody, takes=NewInvitationBody, status=201)
def new_invitation(request: Request, slug: str) -> Response:
    """Make a link by which people come in."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = NewInvitationBody(data=request.data)
    body.is_valid(raise_exception=True)
    draft = InvitationDraft(**body.validated_data)
    made, key = invite(project=seat.project, draft=draft, author=seat.user, now=timezone.now())
    return Response(_body(made) | {"path": reverse("join", args=[key])}, status=201)


@endpoint("DELETE", gives=InvitationBody)
def revoked_invitation(request: Request, slug: str, pk: int) -> Response:
    """Withdraw a link; who came in stays."""
    invitation = invitation_for(project_for(request.user, slug, Action.MANAGE), pk)
    revoke_invitation(invitation=invitation, now=timezone.now())
    invitation.refresh_from_db()
    return Response(_body(invitation))


@endpoint("POST", gives=MemberBody, status=201)
def joined(request: Request, key: str) -> Response:
    """Come in by a link, with the account that asks."""
    user, invitation = signed_in(request), invitation_of_key(key)
    member = join(invitation=invitation, user=user, now=timezone.now())
    return Response(member_body(member, 0), status=201)


def _body(invitation: Invitation) -> dict[str, object]:
    return {"id": invitation.pk, **{name: getattr(invitation, name) for name in FIELDS}}
