from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from worker.results import PromotionReport
from worker.selectors import model_for, promotion_report
from worker.services.promotion import compare_and_promote


class Command(JsonCommand[PromotionReport]):
    help = "Let a model answer from now on, if it was shown to be better."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--model", type=int, required=True, metavar="NUMBER")

    def run(self, options: Options) -> PromotionReport:
        version = model_for(project_named(options["slug"]), options["model"])
        promotion = compare_and_promote(version=version, now=timezone.now())
        return promotion_report(promotion)

    def describe(self, result: PromotionReport) -> str:
        return f"Model {result.model_version} serves now. {result.reason}"
