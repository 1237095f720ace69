import secrets
from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.models import Member
from annotate.services.members import Part, create_account


@dataclass(frozen=True)
class NewAccount:
    username: str
    password: str


class Command(JsonCommand[NewAccount]):
    help = "Make an account with a random password, and give it a part in a project."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--superuser", action="store_true", help="may see and change everything"
        )
        parser.add_argument("--project", default="", metavar="SLUG")
        parser.add_argument("--email", default="", help="for setting a new password by mail")
        parser.add_argument("--role", default=Member.Role.ANNOTATOR, choices=Member.Role.values)

    def run(self, options: Options) -> NewAccount:
        project = project_named(options["project"]) if options["project"] else None
        password = secrets.token_urlsafe(15)
        user = create_account(
            username=options["username"],
            password=password,
            email=options["email"],
            is_superuser=options["superuser"],
            part=Part(project, options["role"]) if project else None,
            now=timezone.now(),
        )
        return NewAccount(user.username, password)

    def describe(self, result: NewAccount) -> str:
        return (
            f"Made the account “{result.username}”. Its password, shown this once:"
            f" {result.password}"
        )
