"""Who is in a project with which part; oneself, and the keys of one's programs."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from annotate.access import Action, member_for, project_for, token_for
from annotate.models import ApiToken, Member
from annotate.selectors.people import active_account, members_of, seats_of, tokens_of
from annotate.services.members import Part, add_member, change_member, remove_member
from annotate.services.tokens import create_token, revoke_token
from frontend.api.bodies.people import (
    ChangedMemberBody,
    MeBody,
    MemberBody,
    NewMemberBody,
    NewTokenBody,
    TokenBody,
    TokenMadeBody,
)
from frontend.api.endpoint import endpoint, signed_in


@endpoint("GET", gives=MemberBody(many=True))
def list_members(request: Request, slug: str) -> Response:
    """Who is in the project, and who was."""
    seat = project_for(request.user, slug, Action.MANAGE)
    return Response([member_body(member, member.n_answers) for member in members_of(seat.project)])


@endpoint("POST", gives=MemberBody, takes=NewMemberBody, status=201)
def new_member(request: Request, slug: str) -> Response:
    """Give an account a part in the project, or give it back to who was removed."""
    seat = project_for(request.user, slug, Action.MANAGE)
    body = NewMemberBody(data=request.data)
    body.is_valid(raise_exception=True)
    fields = dict(body.validated_data)
    user = active_account(fields.pop("username"))
    member = add_member(user=user, part=Part(seat.project, **fields), now=timezone.now())
    return Response(member_body(member, 0), status=201)


@endpoint("PATCH", gives=MemberBody, takes=ChangedMemberBody)
def changed_member(request: Request, slug: str, pk: int) -> Response:
    """Give somebody another part; it holds from their next request."""
    member = member_for(project_for(request.user, slug, Action.MANAGE), pk)
    body = ChangedMemberBody(data=request.data)
    body.is_valid(raise_exception=True)
    change_member(member=member, **body.validated_data)
    return Response(member_body(member, 0))


@endpoint("DELETE", gives=MemberBody)
def removed_member(request: Request, slug: str, pk: int) -> Response:
    """Take somebody out; what they answered stays."""
    member = member_for(project_for(request.user, slug, Action.MANAGE), pk)
    return Response(member_body(remove_member(member=member, now=timezone.now()), 0))


def member_body(member: Member, n_answers: int) -> dict[str, object]:
    names = ("name", "role", "annotates", "is_simulated", "removed_at")
    own = {name: getattr(member, name) for name in names}
    return {"id": member.pk, **own, "n_answers": n_answers}


@endpoint("GET", gives=MeBody)
def me(request: Request) -> Response:
    """Who the asker is, and where."""
    user = signed_in(request)
    projects = [
        {"slug": seat.project.slug, "role": seat.role, "annotates": seat.annotates}
        for seat in seats_of(user)
    ]
    return Response(
        {"username": user.username, "is_superuser": user.is_superuser, "projects": projects}
    )


@endpoint("GET", gives=TokenBody(many=True))
def list_tokens(request: Request) -> Response:
    """The asker's keys, without what they open."""
    return Response([token_body(token) for token in tokens_of(signed_in(request))])


@endpoint("POST", gives=TokenMadeBody, takes=NewTokenBody, status=201)
def new_token(request: Request) -> Response:
    """A new key, shown this once."""
    body = NewTokenBody(data=request.data)
    body.is_valid(raise_exception=True)
    key = create_token(user=signed_in(request), now=timezone.now(), **body.validated_data)
    return Response({"token": key, "days": body.validated_data["days"]}, status=201)


@endpoint("DELETE", gives=TokenBody)
def revoked_token(request: Request, pk: int) -> Response:
    """End a key at once."""
    token = token_for(signed_in(request), pk)
    revoke_token(token=token, now=timezone.now())
    token.refresh_from_db()
    return Response(token_body(token))


def token_body(token: ApiToken) -> dict[str, object]:
    names = ("name", "created_at", "expires_at", "revoked_at")
    return {"id": token.pk, **{name: getattr(token, name) for name in names}}
