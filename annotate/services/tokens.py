"""Keys with which programs call in a person's name: shown once, ending by themselves."""

import secrets
from datetime import datetime, timedelta

from annotate.access import digest_of_token
from annotate.errors import Invalid
from annotate.models import ApiToken, User

USUAL_DAYS = 90
MOST_DAYS = 365


class BadToken(Invalid):
    code = "bad-token"


def create_token(*, user: User, name: str, now: datetime, days: int = USUAL_DAYS) -> str:
    """The key, shown this once. Only its digest is stored."""
    if not 1 <= days <= MOST_DAYS:
        raise BadToken(f"A key lives 1 to {MOST_DAYS} days, not {days}.")
    if not 1 <= len(name) <= 100:
        raise BadToken("Give the key a name of 1 to 100 characters, to know it by later.")
    key = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name,
        digest=digest_of_token(key),
        session=user.get_session_auth_hash(),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return key


def revoke_token(*, token: ApiToken, now: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def revoke_tokens(*, user: User, now: datetime) -> int:
    """All of one person. Returns how many worked until now."""
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
