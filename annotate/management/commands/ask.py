from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.selectors.items import items_called
from annotate.selectors.plans import members_named
from annotate.services.by_hand import Wanted, ask
from annotate.services.plans import USUAL_GAP_DAYS


@dataclass(frozen=True)
class Asked:
    how: str
    n: int


class Command(JsonCommand[Asked]):
    help = "Want one more person for items, ask the same people again, or give them to one person."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("how", choices=("one_more", "same_again", "give"))
        parser.add_argument("--items", required=True, metavar="A,B", help="item ids")
        parser.add_argument("--person", default="", help="for give: a name in the project")
        parser.add_argument(
            "--gap-days", type=int, default=USUAL_GAP_DAYS, help="for same_again: days after"
        )

    def run(self, options: Options) -> Asked:
        project = project_named(options["slug"])
        people = members_named(project, [options["person"]]) if options["person"] else [None]
        wanted = Wanted(
            how=options["how"],
            items=items_called(project, options["items"].split(",")),
            member=people[0],
            gap_days=options["gap_days"],
        )
        return Asked(wanted.how, ask(project=project, wanted=wanted, now=timezone.now()))

    def describe(self, result: Asked) -> str:
        unit = "answers to be repeated" if result.how == "same_again" else "items"
        return f"{result.how}: {result.n} {unit}."
