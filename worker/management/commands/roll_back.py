from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, project_named
from worker.services.promotion import roll_back


class Command(JsonCommand):
    help = "Let the model answer again that served before the present one."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        promotion = roll_back(
            project=project_named(options["slug"]), author=None, now=timezone.now()
        )
        return {"model_version": promotion.model_version.number, "reason": promotion.reason}

    def describe(self, result: dict[str, Any]) -> str:
        return f"Model {result['model_version']} serves again. {result['reason']}"
