from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.selectors.plans import PlanProgress, progress_of, the_running_plan
from annotate.services.plans import stop_plan
from labeler.management.plan_progress import described


class Command(JsonCommand[PlanProgress]):
    help = "Stop the running plan: places that nobody took go back to the open queue."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def run(self, options: Options) -> PlanProgress:
        plan = the_running_plan(project_named(options["slug"]))
        stop_plan(plan=plan, now=timezone.now())
        return progress_of(plan)

    def describe(self, result: PlanProgress) -> str:
        return described(result)
