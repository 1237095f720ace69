"""Who is to answer what: a place kept for one person, of a plan or given by hand.

A planned first answer keeps a slot of its item, which is then neither free nor held; a planned
repeat keeps none, and is due only after its gap.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotate.models.assignments import Assignment
from annotate.models.items import Item
from annotate.models.projects import Member, Project


class Plan(models.Model):
    """Who answers what, drawn at once and from then on as rows. One runs at a time."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField()
    gap_days = models.PositiveSmallIntegerField(
        help_text="Days between a first answer and its repeat."
    )
    gap_items = models.PositiveSmallIntegerField(
        help_text="Answers of the same person between a first answer and its repeat."
    )
    seed = models.PositiveBigIntegerField(help_text="Of the draw.")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="plan_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(stopped_at=None), name="plan_runs_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} plan {self.number}"


class PlannedAssignment(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(
        Plan,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="places",
        help_text="None: given by hand.",
    )
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="planned", db_index=False)
    annotator = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="planned", db_index=False
    )
    pass_number = models.PositiveSmallIntegerField()
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(help_text="The person's first answers go in this order.")
    gap_days = models.PositiveSmallIntegerField(default=0)
    gap_items = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a repeat, once its first answer is given."
    )
    # no index over the empty ones: SQLite takes a unique one for the narrowest way to IS NULL, and
    # walks along every place that waits
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="planned",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "annotator", "pass_number"], name="planned_pass_once"
            ),
            models.UniqueConstraint(
                fields=["item", "slot"],
                condition=Q(slot__isnull=False, assignment=None),
                name="planned_slot_once",
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(assignment__isnull=False),
                name="planned_assignment_once",
            ),
            models.CheckConstraint(
                condition=Q(pass_number=1, slot__isnull=False)
                | Q(pass_number__gt=1, slot__isnull=True),
                name="planned_first_has_slot",
            ),
        ]
        # Partial by what is written IS NULL only: of a bound value SQLite cannot tell that the
        # condition of an index holds.
        indexes = [
            models.Index(
                fields=["annotator", "pass_number", "position"],
                condition=Q(assignment=None),
                name="planned_next",
            ),
            models.Index(
                fields=["annotator", "due_at"], condition=Q(assignment=None), name="planned_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annotator_id} on {self.item_id}, pass {self.pass_number}"
