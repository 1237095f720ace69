from django.core.management.base import CommandParser

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.selectors.projects import labels_of
from labeler.management.resources import add_resources, resources_of
from labeler.management.settings import interval
from labeler.services.plans import PlanReport, make_plan


class Command(JsonCommand[PlanReport]):
    help = "What an annotation takes: give five of the six numbers and the sixth is worked out."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        add_resources(parser)

    def run(self, options: Options) -> PlanReport:
        project = project_named(options["slug"])
        labels = tuple(label.key for label in labels_of(project))
        return make_plan(project=project, known=resources_of(options), labels=labels)

    def describe(self, result: PlanReport) -> str:
        head = (
            f"{result.annotators:g} people, {result.hours:.3g} hours each at"
            f" {result.rate:.3g} answers an hour: {result.items_used} of {result.items:g}"
            f" items, {result.n_double} of them answered by two people."
        )
        rows = [
            f"  person {n:<3} {row.single:>6} single {row.double:>6} double"
            f" {row.repeat:>6} repeats   {row.load:>6} answers"
            for n, row in enumerate(result.per_annotator, start=1)
        ]
        expected = result.forecast
        joined = (
            "Everybody is joined by shared items."
            if result.connected
            else "Not everybody shares items."
        )
        bounds = interval(expected.overall) or "unknown: no item is shared"
        end = f"  {result.slack} answers of time are left over. {joined}"
        width = (
            f"  At an agreement of {expected.expected_agreement:.2f}, its 95 % interval will be"
            f" about {bounds}."
        )
        return "\n".join([head, *rows, end, width])
