from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand
from worker.services.integrity import check_everything


class Command(JsonCommand):
    help = "Compare the tables and files with each other; exit code 1 when something does not fit."

    def add_own_arguments(self, parser: CommandParser) -> None:
        pass

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        violations = [violation.as_dict() for violation in check_everything(now=timezone.now())]
        return {"ok": not violations, "violations": violations}

    def describe(self, result: dict[str, Any]) -> str:
        if result["ok"]:
            return "Everything fits together."
        return "\n".join(
            f"{row['rule']}: {row['object']}: {row['detail']}" for row in result["violations"]
        )
