"""A project, the people in it, what they choose between, and what they are told."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q


class Project(models.Model):
    class Kind(models.TextChoices):
        SINGLE = "single", "one label an item"
        ORDINAL = "ordinal", "one label on an ordered scale"
        MULTI = "multi", "any number of labels an item"

    class Status(models.TextChoices):
        OPEN = "open", "open"
        PAUSED = "paused", "paused"
        CLOSED = "closed", "closed"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SINGLE)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    confidence_scale = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(2), MaxValueValidator(9)]
    )
    annotators_per_item = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    is_simulated = models.BooleanField(
        default=False, help_text="Its answers come from a simulation, not from people."
    )
    is_staging = models.BooleanField(
        default=False, help_text="Holds what an import is writing; nobody sees it."
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence_scale__gte=2, confidence_scale__lte=9),
                name="project_confidence_scale_2_to_9",
            ),
            models.CheckConstraint(
                condition=Q(annotators_per_item__gte=1), name="project_wants_an_annotator"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class LabelSet(models.Model):
    """The labels of a project at one time. It freezes at the first annotation; a change after
    that is a new version.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="label_sets")
    version = models.PositiveIntegerField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="label_set_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.version}"


class Label(models.Model):
    label_set = models.ForeignKey(LabelSet, on_delete=models.CASCADE, related_name="labels")
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    colour = models.CharField(
        max_length=7, validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", "Write a colour as #rrggbb.")]
    )
    hotkey = models.CharField(max_length=1, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label_set", "key"], name="label_key_once"),
            models.UniqueConstraint(fields=["label_set", "position"], name="label_position_once"),
            models.UniqueConstraint(
                fields=["label_set", "hotkey"], condition=~Q(hotkey=""), name="label_hotkey_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Guideline(models.Model):
    """One version of what annotators are told, in Markdown. Answers point at the version they
    were given under.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="guidelines")
    version = models.PositiveIntegerField()
    markdown = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="guideline_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} v{self.version}"


class Member(models.Model):
    """A person's part in one project. Imported annotators have a name here and no account."""

    class Role(models.TextChoices):
        ANNOTATOR = "annotator", "annotator"
        REVIEWER = "reviewer", "reviewer"
        MANAGER = "manager", "manager"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
    )
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=10, choices=Role)
    annotates = models.BooleanField(
        help_text=(
            "Is given items to label. A manager who annotates can also see what others answered."
        )
    )
    is_simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "user"], name="member_once"),
            models.UniqueConstraint(fields=["project", "name"], name="member_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
