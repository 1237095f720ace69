"""Work to be done, what became of it, and the models that came out. The job row is the truth; a
Celery message only says “look now”.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotate.jsonform import from_json
from annotate.models import Project
from labeler.models import Dataset
from worker.results import Metrics

LIVE = ("queued", "running", "cancelling")


class Job(models.Model):
    """queued → running → succeeded | failed | cancelled. `attempt` is the fencing token: only
    its holder may write.
    """

    class Kind(models.TextChoices):
        TRAIN = "train", "train a model"
        LABELS = "labels", "work out agreement and soft labels"
        IMPORT = "import", "read a file or bring it in"
        PREDICT = "predict", "ask the model about many texts"
        COMPARE = "compare", "compare two models"

    class Status(models.TextChoices):
        QUEUED = "queued", "waiting"
        RUNNING = "running", "running"
        CANCELLING = "cancelling", "being cancelled"
        SUCCEEDED = "succeeded", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED)
    idempotency_key = models.CharField(max_length=200, unique=True)
    request_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what was asked for under this key."
    )
    attempt = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    lease_owner = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker was last told to look."
    )
    payload = models.JSONField(default=dict, help_text="What it works on.")
    result = models.JSONField(null=True, blank=True, help_text="What came of it, for a day.")
    progress = models.JSONField(default=dict, help_text="step, share and seconds_left.")
    reason = models.TextField(blank=True, help_text="Why it failed, in words.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attempt__lte=models.F("max_attempts")), name="job_attempts_bounded"
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVE, finished_at__isnull=True)
                | (~Q(status__in=LIVE) & Q(finished_at__isnull=False)),
                name="job_finished_when_over",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "created_at"], condition=Q(status__in=LIVE), name="job_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


class TrainingRun(models.Model):
    class Objective(models.TextChoices):
        SOFT = "soft", "soft labels"
        HARD = "hard", "hard labels"
        REPEATED = "repeated", "every annotation on its own"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="training_runs")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="training_run")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="training_runs")
    learner = models.CharField(max_length=20)
    objective = models.CharField(max_length=10, choices=Objective)
    weights = models.CharField(max_length=12)
    seed = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    history = models.JSONField(default=list, help_text="Loss by step, for the curves.")
    result = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.learner} {self.objective} on {self.dataset_id}"


class ModelVersion(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="model_versions")
    run = models.OneToOneField(TrainingRun, on_delete=models.PROTECT, related_name="model_version")
    number = models.PositiveIntegerField()
    folder = models.CharField(max_length=300, help_text="Below the data folder.")
    manifest = models.JSONField(help_text="SHA-256 of every file of the model.")
    labels = models.JSONField()
    temperature = models.FloatField(help_text="Of the distribution: fitted to people's shares.")
    decision_temperature = models.FloatField(
        help_text="Of the decision: fitted to the label most people chose."
    )
    metrics = models.JSONField()
    diagram = models.JSONField(help_text="How sure against how often right, on the test split.")
    people_diagram = models.JSONField(
        default=list, help_text="The top label's probability against people's share, there."
    )
    is_serving = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="model_version_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_serving=True), name="one_serving_model_a_project"
            ),
            models.CheckConstraint(
                condition=Q(temperature__gt=0), name="model_version_temperature_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} model {self.number}"

    @property
    def estimates(self) -> Metrics:
        return from_json(Metrics, self.metrics)


class Comparison(models.Model):
    """Two models on one test split; without a champion, against the class prior."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="comparisons")
    challenger = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="comparisons"
    )
    champion = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    metric = models.CharField(max_length=30)
    difference = models.FloatField(null=True, help_text="Challenger minus champion.")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    p_value = models.FloatField(null=True)
    n_items = models.PositiveIntegerField()
    n_texts = models.PositiveIntegerField(help_text="Distinct texts among them.")
    is_better = models.BooleanField()
    reason = models.TextField(blank=True, help_text="Why nothing can be said, or what to mind.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_better=False) | Q(high__isnull=False, high__lt=0, p_value__lt=0.05),
                name="comparison_better_beyond_noise",
            ),
        ]
        indexes = [models.Index(fields=["challenger", "champion"], name="comparison_of_models")]

    def __str__(self) -> str:
        return f"{self.challenger_id} against {self.champion_id or 'the class prior'}"

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def p_words(self) -> str:
        """Never “p = 0”: a resampled p value is no smaller than its resamples can show."""
        if self.p_value is None:
            return "p undefined"
        return f"p = {self.p_value:.3f}" if self.p_value >= 0.001 else "p < 0.001"


class Promotion(models.Model):
    """One change of the serving model. Rolling back is a promotion of the one before."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="promotions")
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="promotions"
    )
    replaced = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )

    def __str__(self) -> str:
        return f"{self.model_version_id} at {self.created_at:%Y-%m-%d %H:%M}"


class RetrainSchedule(models.Model):
    """Retrain when `every_hours` have gone by or `every_annotations` have come in; nothing
    happens when nothing changed.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="retrain_schedule"
    )
    is_on = models.BooleanField(default=False)
    every_hours = models.PositiveIntegerField(null=True, blank=True)
    every_annotations = models.PositiveIntegerField(null=True, blank=True)
    learner = models.CharField(max_length=20, default="baseline")
    last_look = models.JSONField(
        default=dict, help_text="When it last looked, and what it decided."
    )
    last_due_at = models.DateTimeField(null=True, blank=True)
    last_n_annotations = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False)
                | Q(every_hours__isnull=False, every_hours__gt=0)
                | Q(every_annotations__isnull=False, every_annotations__gt=0),
                name="retrain_schedule_has_a_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {'on' if self.is_on else 'off'}"
