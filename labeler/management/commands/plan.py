from django.core.management.base import CommandParser

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.selectors.projects import labels_of
from labeler.management.settings import interval
from labeler.numerics.planning.resources import Resources
from labeler.services.plans import PlanReport, make_plan

NAMES = ("annotators", "hours", "rate", "items", "double", "repeat")


class Command(JsonCommand[PlanReport]):
    help = "What an annotation takes: give five of the six numbers and the sixth is worked out."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--annotators", type=float, metavar="N", help="people")
        parser.add_argument("--hours", type=float, metavar="T", help="hours of each person")
        parser.add_argument("--rate", type=float, metavar="R", help="answers an hour")
        parser.add_argument("--items", type=float, metavar="K")
        parser.add_argument(
            "--double",
            type=float,
            metavar="D",
            help="share of items that two people answer, 0 to 1",
        )
        parser.add_argument(
            "--repeat",
            type=float,
            metavar="P",
            help="share of the single items that the same person answers again, 0 to 1",
        )

    def run(self, options: Options) -> PlanReport:
        project = project_named(options["slug"])
        known = Resources(**{name: options[name] for name in NAMES})
        return make_plan(
            project=project, known=known, labels=tuple(label.key for label in labels_of(project))
        )

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
