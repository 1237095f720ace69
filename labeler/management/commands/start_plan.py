from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.selectors.plans import PlanProgress, members_named, plannable_people, progress_of
from annotate.services.plans import USUAL_GAP_DAYS, USUAL_GAP_ITEMS
from labeler.management.plan_progress import described
from labeler.management.resources import add_resources, resources_of
from labeler.services.planned_work import Wish, start_planned_work


class Command(JsonCommand[PlanProgress]):
    help = (
        "Draw who answers what, from items that nobody has been given yet, and begin. Give five of"
        " the six numbers, as for `plan`."
    )

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        add_resources(parser)
        parser.add_argument(
            "--people", metavar="A,B", help="names; otherwise everybody who annotates blindly"
        )
        parser.add_argument(
            "--gap-days",
            type=int,
            default=USUAL_GAP_DAYS,
            help="days between a first answer and its repeat",
        )
        parser.add_argument(
            "--gap-items",
            type=int,
            default=USUAL_GAP_ITEMS,
            help="answers of the same person in between",
        )
        parser.add_argument("--seed", type=int, default=0)

    def run(self, options: Options) -> PlanProgress:
        project = project_named(options["slug"])
        names = options["people"].split(",") if options["people"] else None
        people = members_named(project, names) if names else plannable_people(project)
        wish = Wish(
            known=resources_of(options),
            people=people,
            gap_days=options["gap_days"],
            gap_items=options["gap_items"],
            seed=options["seed"],
        )
        plan = start_planned_work(project=project, wish=wish, author=None, now=timezone.now())
        return progress_of(plan)

    def describe(self, result: PlanProgress) -> str:
        return described(result)
