"""Links that let people into a project: with a role, an end, and as many times as was said."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotate.models.projects import Member, Project


class Invitation(models.Model):
    """Only the SHA-256 of the link's key is kept: the link is shown once, when it is made."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=10, choices=Member.Role)
    n_places = models.PositiveIntegerField(help_text="How many people may come in by it.")
    n_taken = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(n_taken__lte=F("n_places")), name="invitation_not_overfull"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} for {self.n_places} as {self.role}"
