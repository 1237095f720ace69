"""Who may sign in, who failed to, and the tokens programs use in people's name."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who can sign in. What they may do lives in Member, one row a project."""


class FailedSignIn(models.Model):
    """One wrong password. Counted by account and address, in the database, so that every process
    sees every attempt and none is forgotten when a cache goes.
    """

    account = models.CharField(max_length=64, help_text="SHA-256 of the name as it was typed.")
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=64, blank=True, help_text="Of a browser known before.")
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "failed_at"], name="failed_sign_in_account"),
            models.Index(fields=["address", "failed_at"], name="failed_sign_in_address"),
            models.Index(fields=["failed_at"], name="failed_sign_in_age"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} from {self.address}"


class ApiToken(models.Model):
    """A key for programs. Only its SHA-256 is kept: the key itself is shown once, when it is made.

    It ends at `expires_at`, when it is revoked, and when its owner's password changes: `session`
    is what the owner's sessions are checked by.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    session = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"
