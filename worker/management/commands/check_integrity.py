from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options
from annotate.services.integrity import Violation
from worker.services.integrity import check_everything


@dataclass(frozen=True)
class Findings:
    ok: bool
    violations: list[Violation]


class Command(JsonCommand[Findings]):
    help = "Compare the tables and files with each other; exit code 1 when something does not fit."

    def add_own_arguments(self, parser: CommandParser) -> None:
        pass

    def run(self, options: Options) -> Findings:
        violations = check_everything(now=timezone.now())
        return Findings(not violations, violations)

    def describe(self, result: Findings) -> str:
        if result.ok:
            return "Everything fits together."
        return "\n".join(f"{row.rule}: {row.object}: {row.detail}" for row in result.violations)

    def is_good(self, result: Findings) -> bool:
        return result.ok
