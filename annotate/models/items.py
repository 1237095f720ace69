"""The texts that people label."""

import uuid

from django.db import models

from annotate.models.projects import Label, Project


class Item(models.Model):
    class Split(models.TextChoices):
        NONE = "", "drawn when a dataset is frozen"
        TRAIN = "train", "train"
        VALIDATION = "validation", "validation"
        TEST = "test", "test"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text.")
    attributes = models.JSONField(
        default=dict, blank=True, help_text="Other columns of the import."
    )
    gold = models.ForeignKey(
        Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    split = models.CharField(max_length=10, choices=Split, default=Split.NONE, blank=True)
    priority = models.FloatField(default=0.0, help_text="Higher is asked sooner.")
    n_wanted = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Annotators, where it is not as many as the project says."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="item_external_id_once")
        ]
        indexes = [models.Index(fields=["project", "digest"], name="item_digest")]

    def __str__(self) -> str:
        return self.external_id
