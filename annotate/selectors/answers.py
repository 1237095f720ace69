"""Reading annotations: the newest revision of each counts."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from annotate.models import (
    Annotation,
    Assignment,
    Item,
    Member,
    Project,
)
from annotate.selectors.assignments import out_of_sight


def newest_annotations(project: Project) -> QuerySet[Annotation]:
    """Every counting answer: the newest revision of each submitted assignment."""
    later = Annotation.objects.filter(
        assignment=OuterRef("assignment"), revision__gt=OuterRef("revision")
    )
    return Annotation.objects.filter(
        ~Exists(later), assignment__project=project, assignment__state=Assignment.State.SUBMITTED
    )


def answers_of(annotator: Member) -> QuerySet[Annotation]:
    """The person's own newest answers, newest first; not those that are out of their sight."""
    seen = Assignment.objects.filter(~out_of_sight(), pk=OuterRef("assignment"))
    return (
        newest_annotations(annotator.project)
        .filter(Exists(seen), annotator=annotator)
        .select_related("assignment__item", "primary", "secondary")
        .order_by("-pk")
    )


def newest_answer_to(assignment: Assignment) -> Annotation | None:
    return (
        Annotation.objects.select_related("primary", "secondary")
        .filter(assignment=assignment)
        .order_by("-revision")
        .first()
    )


def said_about(project: Project, items: Sequence[Item]) -> QuerySet[Annotation]:
    """Everybody's newest answers to these items, repeats too."""
    said = newest_annotations(project).filter(assignment__item__in=items)
    related = ("primary", "secondary", "annotator", "assignment")
    return said.select_related(*related).order_by("annotator__name", "assignment__pass_number")
