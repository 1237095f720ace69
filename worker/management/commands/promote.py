from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from worker.results import PromotionReport
from worker.selectors import model_for, promotion_report
from worker.services.comparison import compare_with_serving, comparison_with, serving_of
from worker.services.promotion import promote


class Command(JsonCommand[PromotionReport]):
    help = "Let a model answer from now on, if it was shown to be better."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--model", type=int, required=True, metavar="NUMBER")

    def run(self, options: Options) -> PromotionReport:
        version = model_for(project_named(options["slug"]), options["model"])
        now = timezone.now()
        if comparison_with(version, serving_of(version.project_id)) is None:
            compare_with_serving(version=version, now=now)
        promotion = promote(version=version, author=None, now=now)
        return promotion_report(promotion)

    def describe(self, result: PromotionReport) -> str:
        return f"Model {result.model_version} serves now. {result.reason}"
