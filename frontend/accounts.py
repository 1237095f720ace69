"""The one door: accounts are made by managers and admins, nobody signs up, and wrong passwords are
counted. The admin pages sign in here too.
"""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from annotate.services.sign_in import TooManyAttempts, Visitor, check_attempts, note_failure

COOKIE = "halftone_device"
SALT = "halftone.device"
YEAR_SECONDS = 365 * 24 * 3600


class Door(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        visitor = self._visitor(request, str(credentials.get("username", "")))
        try:
            check_attempts(visitor=visitor, now=timezone.now())
        except TooManyAttempts as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        user = authenticate(request, **credentials)
        if user is None:
            note_failure(visitor=visitor, now=timezone.now())
        return user

    def _visitor(self, request: HttpRequest, name: str) -> Visitor:
        visitor = Visitor(name, self.get_client_ip(request))
        device = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=YEAR_SECONDS) or ""
        accounts = device.split(":") if device else []
        known = visitor.account[:16] in accounts
        own = hashlib.sha256(device.encode()).hexdigest()
        return Visitor(name, visitor.address, own) if known else visitor

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        """Remember in the browser, signed, which accounts have signed in there."""
        response: HttpResponse = super().post_login(request, user, **options)
        before = request.get_signed_cookie(COOKIE, "", salt=SALT) or ""
        account = Visitor(user.get_username(), None).account[:16]
        accounts = [account, *(one for one in before.split(":") if one not in ("", account))]
        response.set_signed_cookie(
            COOKIE,
            ":".join(accounts[:10]),
            salt=SALT,
            max_age=YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response
