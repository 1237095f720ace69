"""The only way from a request to a project, an assignment or a person's part in them.

Not allowed to know: Missing (404). May know but not do: NotAllowed (403). Views and API never look
these up themselves.
"""

import enum
import hashlib
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, CharField, DateTimeField, SlugField, UUIDField

from annotate.errors import Missing, NotAllowed
from annotate.models import ApiToken, Assignment, Invitation, Item, Member, Project, Upload, User
from annotate.prepared import Prepared

MEMBER = Prepared(
    lambda slug, user: Member.objects.select_related("project").filter(
        project__slug=slug, user=user, removed_at=None
    )[:1],
    slug=SlugField(),
    user=BigIntegerField(),
)
ASSIGNMENT = Prepared(
    lambda public_id, user: Assignment.objects.select_related(
        "project", "item", "annotator"
    ).filter(
        annotator__user_id=user,
        annotator__removed_at=None,
        public_id=public_id,
    )[:1],
    public_id=UUIDField(),
    user=BigIntegerField(),
)
TOKEN = Prepared(
    lambda digest, now: ApiToken.objects.select_related("user").filter(
        digest=digest, revoked_at=None, expires_at__gt=now, user__is_active=True
    )[:1],
    digest=CharField(),
    now=DateTimeField(),
)


class Action(enum.Enum):
    SEE = "see this project"
    ANNOTATE = "annotate in this project"
    REVIEW = "see other people's answers in this project"
    MANAGE = "manage this project"


@dataclass(frozen=True)
class Seat:
    """A user's place in a project. `member` is None for a superuser who is not in it."""

    user: User
    project: Project
    member: Member | None

    @property
    def allowed(self) -> frozenset[Action]:
        actions = {Action.SEE}
        if self.user.is_superuser:
            actions |= {Action.REVIEW, Action.MANAGE}
        if self.member is None:
            return frozenset(actions)
        if self.member.annotates:
            actions.add(Action.ANNOTATE)
        if self.member.role in (Member.Role.REVIEWER, Member.Role.MANAGER):
            actions.add(Action.REVIEW)
        if self.member.role == Member.Role.MANAGER:
            actions.add(Action.MANAGE)
        return frozenset(actions)

    @property
    def may_annotate(self) -> bool:
        return Action.ANNOTATE in self.allowed

    @property
    def may_review(self) -> bool:
        return Action.REVIEW in self.allowed

    @property
    def may_manage(self) -> bool:
        return Action.MANAGE in self.allowed

    @property
    def annotator(self) -> Member:
        if self.member is None or not self.may_annotate:
            raise NotAllowed(f"Your account may not {Action.ANNOTATE.value}.")
        return self.member


def project_for(user: User | AnonymousUser, slug: str, action: Action = Action.SEE) -> Seat:
    seat = _seat(user, slug)
    if action not in seat.allowed:
        raise NotAllowed(f"Your account may not {action.value}. Ask one of its managers.")
    return seat


def _seat(user: User | AnonymousUser, slug: str) -> Seat:
    missing = Missing(f"There is no project “{slug}” that you can see.")
    if isinstance(user, AnonymousUser):
        raise missing
    member = MEMBER.first(slug=slug, user=user.pk)
    if member is not None:
        return Seat(user, member.project, member)
    if not user.is_superuser:
        raise missing
    project = Project.objects.filter(slug=slug, is_staging=False).first()
    if project is None:
        raise missing
    return Seat(user, project, None)


def assignment_for(
    user: User | AnonymousUser, public_id: UUID, slug: str | None = None
) -> Assignment:
    """The asker's own assignment, in the project of this slug if one is named, with its item,
    project and annotator loaded: one query.

    Raises NotAllowed for somebody who does not annotate there any more.
    """
    missing = Missing("There is no such assignment of yours.")
    if isinstance(user, AnonymousUser):
        raise missing
    assignment = ASSIGNMENT.first(public_id=public_id, user=user.pk)
    if assignment is None or slug not in (None, assignment.project.slug):
        raise missing
    if not assignment.annotator.annotates:
        raise NotAllowed(f"Your account may no longer {Action.ANNOTATE.value}.")
    return assignment


def user_of_token(key: str, now: datetime) -> User | None:
    """Whose key it is, while it is neither revoked nor over, and their password is the same."""
    token = TOKEN.first(digest=digest_of_token(key), now=now)
    if token is None or not compare_digest(token.session, token.user.get_session_auth_hash()):
        return None
    return token.user


def founder(user: User | AnonymousUser) -> User:
    """Who may begin a project: superusers, and people who manage one already."""
    if isinstance(user, AnonymousUser):
        raise NotAllowed("Sign in first.")
    if not may_found(user):
        raise NotAllowed("Only managers and admins make projects.")
    return user


def may_found(user: User) -> bool:
    manages = Member.objects.filter(user=user, role=Member.Role.MANAGER, removed_at=None)
    return user.is_superuser or manages.exists()


def member_for(seat: Seat, pk: int) -> Member:
    """Somebody of the seat's project, removed people too."""
    member = seat.project.members.filter(pk=pk).first()
    if member is None:
        raise Missing("There is no such person in this project.")
    return member


def item_for(seat: Seat, public_id: UUID) -> Item:
    item = Item.objects.filter(project=seat.project, public_id=public_id).first()
    if item is None:
        raise Missing("There is no such item in this project.")
    return item


def upload_for(seat: Seat, public_id: UUID) -> Upload:
    upload = Upload.objects.filter(project=seat.project, public_id=public_id).first()
    if upload is None:
        raise Missing("There is no such file in this project. It is kept for a day.")
    return upload


def token_for(user: User, pk: int) -> ApiToken:
    token = ApiToken.objects.filter(user=user, pk=pk).first()
    if token is None:
        raise Missing("You have no such key.")
    return token


def invitation_for(seat: Seat, pk: int) -> Invitation:
    invitation = seat.project.invitations.filter(pk=pk).first()
    if invitation is None:
        raise Missing("There is no such invitation in this project.")
    return invitation


def invitation_of_key(key: str) -> Invitation:
    """Whoever has the link may see what it is an invitation to, also when it is over."""
    found = Invitation.objects.select_related("project").filter(digest=digest_of_token(key))
    invitation = found.first()
    if invitation is None:
        raise Missing("There is no such invitation. Copy the whole link, or ask for a new one.")
    return invitation


def digest_of_token(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
