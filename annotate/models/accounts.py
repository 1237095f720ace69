"""Who may sign in, and the tokens programs use in their name."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who can sign in. What they may do lives in Member, one row a project."""


class ApiToken(models.Model):
    """A key for programs. Only its SHA-256 is kept: the key itself is shown once, when it is
    made.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"
