"""A key in the Authorization header. It comes first of the two ways, so that a stranger is
answered 401 and told how to sign in.
"""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from annotate.access import user_of_token
from annotate.models import User

SCHEME = b"bearer"


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, None] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME:
            return None
        user = (
            user_of_token(words[1].decode("latin-1"), timezone.now()) if len(words) == 2 else None
        )
        if user is None:
            raise AuthenticationFailed(
                "The token is not valid: it was mistyped, has ended or was revoked."
            )
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="halftone"'
