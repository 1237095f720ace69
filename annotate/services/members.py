"""Accounts, tokens, and who has which part in a project."""

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotate.access import digest_of_token
from annotate.errors import Conflict, Invalid
from annotate.models import ApiToken, Member, Project, User


class MemberExists(Conflict):
    code = "member-exists"


class BadAccount(Invalid):
    code = "bad-account"


class NobodyManages(Conflict):
    code = "nobody-manages"


@transaction.atomic
def create_account(*, username: str, password: str, is_superuser: bool = False) -> User:
    user = User(username=username, is_superuser=is_superuser, is_staff=is_superuser)
    user.set_password(password)
    try:
        user.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadAccount(f"{field}: {messages[0]}") from error
    user.save(force_insert=True)
    return user


def add_member(
    *, project: Project, user: User, role: str, annotates: bool, now: datetime
) -> Member:
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
    """The person loses the project; their answers stay."""
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


def create_token(*, user: User, name: str, now: datetime) -> str:
    """The key, shown this once. Only its digest is stored."""
    key = secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=digest_of_token(key), created_at=now)
    return key


def revoke_token(*, token: ApiToken, now: datetime) -> None:
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
