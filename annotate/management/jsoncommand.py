"""The base of every command: `--json` for one object on stdout, refusals as one clear line on
stderr, exit code 0 only when all was done.
"""

import json
import sys
from typing import Any, Generic, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotate.errors import Missing, Refused
from annotate.importing.problems import BadFile
from annotate.jsonform import as_json
from annotate.models import Project, User

Options = dict[str, Any]  # as argparse gives them
Result = TypeVar("Result")


class JsonCommand(BaseCommand, Generic[Result]):
    requires_migrations_checks = False
    requires_system_checks: list[str] = []  # they load every page, .5 s; `make check` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
        self.add_own_arguments(parser)

    def add_own_arguments(self, parser: CommandParser) -> None:
        raise NotImplementedError

    def run(self, options: Options) -> Result:
        """Do the work; the fields of the result are what --json prints."""
        raise NotImplementedError

    def describe(self, result: Result) -> str:
        """The result for people."""
        raise NotImplementedError

    def is_good(self, result: Result) -> bool:
        """Whether the exit code is 0."""
        return True

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self.run(options)
        except Refused as refusal:
            if options["json"]:
                self.stdout.write(
                    json.dumps(
                        {"code": refusal.code, "detail": refusal.message, **refusal.details},
                        default=str,
                    )
                )
                sys.exit(1)
            raise CommandError(refusal_text(refusal)) from refusal
        self.stdout.write(
            json.dumps(as_json(result), allow_nan=False)
            if options["json"]
            else self.describe(result)
        )
        if not self.is_good(result):
            sys.exit(1)


def refusal_text(refusal: Refused) -> str:
    if not isinstance(refusal, BadFile):
        return refusal.message
    return "\n".join(map(str, [*refusal.problems, *refusal.questions]))


def project_named(slug: str) -> Project:
    project = Project.objects.filter(slug=slug, is_staging=False).first()
    if project is None:
        known = (
            ", ".join(
                Project.objects.filter(is_staging=False)
                .order_by("slug")
                .values_list("slug", flat=True)[:10]
            )
            or "none yet"
        )
        raise Missing(
            f"There is no project “{slug}”. Projects: {known}. Make one with: manage.py"
            f" create_project {slug} --labels first,second"
        )
    return project


def account_named(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Missing(f"There is no account “{username}”. Make it: manage.py create_account NAME")
    return user


def pairs(words: list[str], option: str) -> dict[str, str]:
    """`a=b` words of an option as a dictionary."""
    result = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator or not name or not value:
            raise CommandError(f"{option} {word}: write it as name=value.")
        result[name] = value
    return result
