"""What must always hold, looked up in the tables. Constraints guard one row or one index; this
compares tables with each other.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from annotate.models import Annotation, Assignment, FreeSlot, Item, Project
from annotate.models.assignments import HOLDING

AT_MOST = 1000


@dataclass(frozen=True)
class Violation:
    rule: str
    object: str
    detail: str


def check_people_and_answers() -> list[Violation]:
    """Empty when all is well."""
    return [*_slots(), *_answers(), *_labels()]


def _slots() -> list[Violation]:
    violations = []
    for project in Project.objects.all():
        held = Count(
            "assignments",
            filter=Q(assignments__pass_number=1, assignments__state__in=HOLDING),
            distinct=True,
        )
        kept = Count(
            "planned", filter=Q(planned__pass_number=1, planned__assignment=None), distinct=True
        )
        free = Count("free_slots", distinct=True)
        wanted = Coalesce("n_wanted", project.annotators_per_item)
        items = Item.objects.filter(project=project).annotate(
            n_held=held, n_kept=kept, n_free=free, n_asked=wanted
        )
        wrong = items.exclude(n_held__gte=F("n_asked"), n_free=0).exclude(
            n_held=F("n_asked") - F("n_free") - F("n_kept")
        )
        violations += [
            Violation(
                "slots add up",
                item.external_id,
                f"{item.n_held} held, {item.n_kept} planned and {item.n_free} free of"
                f" {item.n_asked} wanted",
            )
            for item in wrong[:AT_MOST]
        ]
    both = Assignment.objects.filter(
        Exists(FreeSlot.objects.filter(item=OuterRef("item"), slot=OuterRef("slot"))), pass_number=1
    )
    return violations + [
        Violation("a slot is free or held", str(assignment), "it is both")
        for assignment in both[:AT_MOST]
    ]


def _answers() -> list[Violation]:
    answered = Annotation.objects.filter(assignment=OuterRef("pk"))
    silent = Assignment.objects.filter(~Exists(answered), state=Assignment.State.SUBMITTED)
    spoken = Assignment.objects.filter(Exists(answered)).exclude(state=Assignment.State.SUBMITTED)
    return [
        Violation("submitted means answered", str(a), "no annotation") for a in silent[:AT_MOST]
    ] + [
        Violation("answered means submitted", str(a), f"its state is {a.state}")
        for a in spoken[:AT_MOST]
    ]


def _labels() -> list[Violation]:
    foreign = Annotation.objects.exclude(primary__label_set__project=F("assignment__project"))
    return [
        Violation(
            "labels belong to the project", str(a), "the first choice is another project's label"
        )
        for a in foreign[:AT_MOST]
    ]
