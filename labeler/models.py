"""Results worked out from answers. Rows are written once and never changed; each carries the
digest of what it came from.
"""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotate.jsonform import from_json
from annotate.models import Item, Project
from labeler.results import Analysis


class ReliabilityRun(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reliability_runs")
    settings = models.JSONField()
    result = models.JSONField()
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of answers, settings and code version."
    )
    code_version = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="reliability_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.digest[:8]}"

    @cached_property
    def analysis(self) -> Analysis:
        return from_json(Analysis, self.result)


class SoftLabelSet(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="soft_label_sets")
    reliability_run = models.ForeignKey(
        ReliabilityRun, on_delete=models.PROTECT, related_name="soft_label_sets"
    )
    method = models.CharField(max_length=20)
    confidence = models.CharField(max_length=20)
    labels = models.JSONField(help_text="Label keys, in the order of every distribution.")
    n_items = models.PositiveIntegerField()
    n_annotations = models.PositiveIntegerField()
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of answers, settings and code version."
    )
    code_version = models.CharField(max_length=20)
    report = models.JSONField(
        default=dict,
        help_text=(
            "Convergence, ties, annotator quality and confusion matrices, as the method has them."
        ),
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="soft_label_set_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.method} {self.digest[:8]}"


class SoftLabel(models.Model):
    soft_label_set = models.ForeignKey(
        SoftLabelSet, on_delete=models.CASCADE, related_name="soft_labels", db_index=False
    )
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="soft_labels")
    distribution = models.JSONField(help_text="Probabilities in the order of the set's labels.")
    votes = models.JSONField(help_text="How many first answers named each label.")
    hard_label = models.CharField(max_length=100)
    is_tie = models.BooleanField()
    sample_weight = models.FloatField()
    n_annotations = models.PositiveIntegerField()
    entropy = models.FloatField(help_text="In nats.")
    disagreement = models.FloatField(
        default=0.0, help_text="Share of pairs of first answers that differ; 0 for one answer."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["soft_label_set", "item"], name="soft_label_once"),
            models.CheckConstraint(
                condition=Q(entropy__gte=0), name="soft_label_entropy_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["soft_label_set", "-disagreement", "-n_annotations", "item"],
                name="soft_label_disagreement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.soft_label_set_id}/{self.item_id}"


class Dataset(models.Model):
    """A frozen dataset. `payload` is the Parquet file itself, so that every machine that reaches
    the database has it.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="datasets")
    soft_label_set = models.ForeignKey(
        SoftLabelSet, on_delete=models.PROTECT, related_name="datasets"
    )
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    labels = models.JSONField()
    n_rows = models.PositiveIntegerField()
    splits = models.JSONField(help_text="Rows in each split.")
    recipe = models.JSONField(help_text="All that is needed to make it again.")
    card = models.TextField(help_text="What it is, in Markdown.")
    payload = models.BinaryField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="dataset_number_once"),
            models.UniqueConstraint(
                fields=["project", "content_hash"], name="dataset_content_once"
            ),
            models.CheckConstraint(condition=Q(n_rows__gt=0), name="dataset_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} dataset {self.number}"
