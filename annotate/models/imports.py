"""What came in, from which file, and what it added."""

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
