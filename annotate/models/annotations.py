"""What one person said about one item: appended, never changed. The newest revision of an
assignment counts.
"""

from django.db import models
from django.db.models import F, Q

from annotate.models.assignments import Assignment
from annotate.models.projects import Guideline, Label, Member


class Annotation(models.Model):
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="annotations", db_index=False
    )
    annotator = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="annotations", db_index=False
    )
    revision = models.PositiveIntegerField()
    primary = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+", db_index=False)
    secondary = models.ForeignKey(
        Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    confidence_scale = models.PositiveSmallIntegerField(
        help_text="The scale the confidence was said on: 1 to this."
    )
    rationale = models.TextField(blank=True)
    is_flagged = models.BooleanField(
        default=False, help_text="The annotator asked a manager to look at this item."
    )
    seconds = models.FloatField(null=True, blank=True)
    guideline = models.ForeignKey(
        Guideline, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    idempotency_key = models.CharField(max_length=200)
    body_digest = models.CharField(
        max_length=64,
        help_text="SHA-256 of the answer, so that a key cannot be used for two answers.",
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "revision"], name="annotation_revision_once"
            ),
            models.UniqueConstraint(
                fields=["annotator", "idempotency_key"], name="annotation_key_once"
            ),
            models.CheckConstraint(
                condition=Q(secondary__isnull=True) | ~Q(secondary=F("primary")),
                name="annotation_secondary_differs",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True)
                | Q(confidence__gte=1, confidence__lte=F("confidence_scale")),
                name="annotation_confidence_within_scale",
            ),
            models.CheckConstraint(
                condition=Q(seconds__isnull=True) | Q(seconds__gte=0),
                name="annotation_seconds_not_negative",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="annotation_revision_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}.{self.revision}"
