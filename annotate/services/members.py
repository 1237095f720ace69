"""Accounts, and who has which part in a project."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotate.errors import Conflict, Invalid
from annotate.models import Assignment, Member, Project, User
from annotate.services.assignments import release


class MemberExists(Conflict):
    code = "member-exists"


class BadAccount(Invalid):
    code = "bad-account"


class NobodyManages(Conflict):
    code = "nobody-manages"


@transaction.atomic
def create_account(
    *, username: str, password: str, email: str = "", is_superuser: bool = False
) -> User:
    user = User(username=username, email=email, is_superuser=is_superuser, is_staff=is_superuser)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadAccount(f"{field}: {messages[0]}") from error
    user.save(force_insert=True)
    return user


@transaction.atomic
def add_member(
    *, project: Project, user: User, role: str, annotates: bool, now: datetime
) -> Member:
    """Give the account a part in the project. Who was removed gets the old part back, with the
    answers that belong to it.
    """
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
    _keep_a_manager(member.project)
    return member


@transaction.atomic
def remove_member(*, member: Member, now: datetime) -> Member:
    """The person loses the project and gives back what they hold; their answers stay."""
    for held in Assignment.objects.filter(annotator=member, state=Assignment.State.OPEN):
        release(assignment=held, now=now)
    member.removed_at = now
    member.save(update_fields=["removed_at"])
    _keep_a_manager(member.project)
    return member


def _keep_a_manager(project: Project) -> None:
    if not project.members.filter(
        role=Member.Role.MANAGER, removed_at=None, user__isnull=False
    ).exists():
        raise NobodyManages(
            "That would leave the project without a manager. Make somebody else a manager first."
        )
