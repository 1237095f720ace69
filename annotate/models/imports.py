"""What came in, from which file, and what it added; and files that were sent and are not in yet."""

import uuid

from django.conf import settings
from django.db import models

from annotate.models.projects import Project


class Import(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=255)
    dialect = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file.")
    report = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )

    def __str__(self) -> str:
        return self.file_name


class Upload(models.Model):
    """A file that somebody sent: looked at, decided about, brought in. It lies in a private folder
    until it is in, or a day has gone by.
    """

    class State(models.TextChoices):
        LOOKING = "looking", "is being read"
        READY = "ready", "can be brought in"
        REFUSED = "refused", "cannot be brought in as it is"
        STORING = "storing", "is being brought in"
        DONE = "done", "is in"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=255)
    n_bytes = models.PositiveBigIntegerField()
    decisions = models.JSONField(help_text="Dialect, mapping, labels and choices.")
    state = models.CharField(max_length=10, choices=State, default=State.LOOKING)
    outcome = models.JSONField(default=dict, help_text="The report, or problems and questions.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )

    def __str__(self) -> str:
        return self.file_name
