"""Accounts, and who has which part in a project."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotate.errors import Conflict, Invalid, Missing
from annotate.models import Assignment, Member, Project, User
from annotate.services.assignments import release
from annotate.services.plans import give_up_by_hand


class MemberExists(Conflict):
    code = "member-exists"


class BadAccount(Invalid):
    code = "bad-account"


class NobodyManages(Conflict):
    code = "nobody-manages"


class NotAMember(Missing):
    code = "not-a-member"


@dataclass(frozen=True)
class Part:
    """What somebody is to be in a project; unless `annotates` says, as the role usually does."""

    project: Project
    role: str
    annotates: bool | None = None

    @property
    def does_annotate(self) -> bool:
        usual = self.role == Member.Role.ANNOTATOR
        return usual if self.annotates is None else self.annotates


@transaction.atomic
def create_account(
    *,
    username: str,
    password: str,
    now: datetime,
    email: str = "",
    is_superuser: bool = False,
    part: Part | None = None,
) -> User:
    """The account, and its part in a project if it is to have one: both or neither."""
    if is_superuser and part is not None:
        raise BadAccount(
            "A superuser sees every project and has no part in one. Leave the part out, or make an"
            " ordinary account."
        )
    user = User(username=username, email=email, is_superuser=is_superuser, is_staff=is_superuser)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadAccount(f"{field}: {messages[0]}") from error
    user.save(force_insert=True)
    if part is not None:
        add_member(user=user, part=part, now=now)
    return user


@transaction.atomic
def add_member(*, user: User, part: Part, now: datetime) -> Member:
    """Give the account a part in the project. Who was removed is back with the answers that are
    theirs.
    """
    project, role, annotates = part.project, part.role, part.does_annotate
    removed = Member.objects.filter(project=project, user=user, removed_at__isnull=False).first()
    if removed is not None:
        removed.role, removed.annotates, removed.removed_at = role, annotates, None
        removed.save(update_fields=["role", "annotates", "removed_at"])
        return removed
    try:
        with transaction.atomic():
            return Member.objects.create(
                project=project,
                user=user,
                name=user.username,
                role=role,
                annotates=annotates,
                created_at=now,
            )
    except IntegrityError as error:
        raise MemberExists(
            f"“{user.username}” is in this project already, or somebody of that name was imported."
        ) from error


@transaction.atomic
def change_member(*, member: Member, role: str, annotates: bool) -> Member:
    member.role, member.annotates = role, annotates
    member.save(update_fields=["role", "annotates"])
    if role != Member.Role.ANNOTATOR or not annotates:
        give_up_by_hand(member=member)
    _keep_a_manager(member.project)
    return member


@transaction.atomic
def set_part(*, user: User, part: Part, now: datetime) -> Member:
    """Add the account to the project, or give it another part there."""
    member = Member.objects.filter(project=part.project, user=user, removed_at=None).first()
    if member is None:
        return add_member(user=user, part=part, now=now)
    return change_member(member=member, role=part.role, annotates=part.does_annotate)


def remove_account(*, user: User, project: Project, now: datetime) -> Member:
    """Raises NotAMember."""
    member = Member.objects.filter(project=project, user=user, removed_at=None).first()
    if member is None:
        raise NotAMember(f"“{user.username}” is not in “{project.slug}”.")
    return remove_member(member=member, now=now)


@transaction.atomic
def remove_member(*, member: Member, now: datetime) -> Member:
    """The person loses the project and gives back what they hold; their answers stay."""
    for held in Assignment.objects.filter(annotator=member, state=Assignment.State.OPEN):
        release(assignment=held, now=now)
    member.removed_at = now
    member.save(update_fields=["removed_at"])
    give_up_by_hand(member=member)
    _keep_a_manager(member.project)
    return member


def _keep_a_manager(project: Project) -> None:
    if not project.members.filter(
        role=Member.Role.MANAGER, removed_at=None, user__isnull=False
    ).exists():
        raise NobodyManages(
            "That would leave the project without a manager. Make somebody else a manager first."
        )
