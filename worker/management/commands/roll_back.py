from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from worker.results import PromotionReport
from worker.selectors import promotion_report
from worker.services.promotion import roll_back


class Command(JsonCommand[PromotionReport]):
    help = "Let the model answer again that served before the present one."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def run(self, options: Options) -> PromotionReport:
        promotion = roll_back(
            project=project_named(options["slug"]), author=None, now=timezone.now()
        )
        return promotion_report(promotion)

    def describe(self, result: PromotionReport) -> str:
        return f"Model {result.model_version} serves again. {result.reason}"
