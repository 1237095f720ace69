"""Inviting people by a link, and coming in by one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from annotate.access import digest_of_token
from annotate.errors import Conflict, Invalid, NotAllowed
from annotate.models import Invitation, Member, Project, User
from annotate.services.members import Part, add_member, create_account

USUAL_DAYS, MOST_DAYS, MOST_PLACES = 14, 365, 1000


class BadInvitation(Invalid):
    code = "bad-invitation"


class InvitationOver(Conflict):
    code = "invitation-over"


class WasRemoved(NotAllowed):
    code = "was-removed"


@dataclass(frozen=True)
class InvitationDraft:
    role: str = Member.Role.ANNOTATOR
    n_places: int = 1
    days: int = USUAL_DAYS


@dataclass(frozen=True)
class NewAccount:
    username: str
    password: str
    email: str = ""


def invite(
    *, project: Project, draft: InvitationDraft, author: User | None, now: datetime
) -> tuple[Invitation, str]:
    """The invitation and the key of its link, which is shown this once."""
    if not 1 <= draft.days <= MOST_DAYS:
        raise BadInvitation(f"An invitation lasts 1 to {MOST_DAYS} days, not {draft.days}.")
    if not 1 <= draft.n_places <= MOST_PLACES:
        raise BadInvitation(f"An invitation is for 1 to {MOST_PLACES} people.")
    key = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        project=project,
        digest=digest_of_token(key),
        role=draft.role,
        n_places=draft.n_places,
        created_at=now,
        created_by=author,
        expires_at=now + timedelta(days=draft.days),
    )
    return invitation, key


def revoke_invitation(*, invitation: Invitation, now: datetime) -> None:
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=now)


@transaction.atomic
def join(*, invitation: Invitation, user: User, now: datetime) -> Member:
    """Take one of its places. Raises InvitationOver, MemberExists, and WasRemoved: who was taken
    out of a project does not come back by a link.
    """
    project = invitation.project
    if Member.objects.filter(project=project, user=user, removed_at__isnull=False).exists():
        raise WasRemoved(f"You were taken out of “{project.name}”. Ask one of its managers.")
    _take_place(invitation, now)
    return add_member(user=user, part=Part(project, invitation.role), now=now)


@transaction.atomic
def join_as_new(*, invitation: Invitation, account: NewAccount, now: datetime) -> User:
    """Make the account and take one of the places: both or neither."""
    _take_place(invitation, now)
    return create_account(
        username=account.username,
        password=account.password,
        email=account.email,
        part=Part(invitation.project, invitation.role),
        now=now,
    )


def _take_place(invitation: Invitation, now: datetime) -> None:
    """The conditional update decides who gets the last one."""
    open_ones = Invitation.objects.filter(
        pk=invitation.pk, revoked_at=None, expires_at__gt=now, n_taken__lt=F("n_places")
    )
    if not open_ones.update(n_taken=F("n_taken") + 1):
        raise InvitationOver(
            "This invitation is over: its time has run out, it was withdrawn, or everybody it was"
            " for has come. Ask whoever sent it for a new one."
        )
