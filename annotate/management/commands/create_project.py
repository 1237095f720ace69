from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options
from annotate.models import Project
from annotate.services.projects import LabelDraft, ProjectDraft, create_project


@dataclass(frozen=True)
class NewProject:
    slug: str
    name: str
    labels: list[str]


class Command(JsonCommand[NewProject]):
    help = "Make a project with its labels."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--labels",
            required=True,
            help="label keys, separated by commas; in order for an ordinal project",
        )
        parser.add_argument("--name", default="")
        parser.add_argument("--kind", default=Project.Kind.SINGLE, choices=Project.Kind.values)
        parser.add_argument("--confidence-scale", type=int, default=5)
        parser.add_argument("--annotators-per-item", type=int, default=3)

    def run(self, options: Options) -> NewProject:
        labels = [LabelDraft(key) for key in options["labels"].split(",")]
        draft = ProjectDraft(
            slug=options["slug"],
            labels=labels,
            name=options["name"],
            kind=options["kind"],
            confidence_scale=options["confidence_scale"],
            annotators_per_item=options["annotators_per_item"],
        )
        project = create_project(draft=draft, now=timezone.now())
        return NewProject(project.slug, project.name, [label.key.strip() for label in labels])

    def describe(self, result: NewProject) -> str:
        return (
            f"Made the project “{result.slug}” with {len(result.labels)} labels:"
            f" {', '.join(result.labels)}."
        )
