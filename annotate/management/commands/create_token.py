from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand
from annotate.models import User
from annotate.services.members import create_token


class Command(JsonCommand):
    help = "Make a key with which a program calls the REST API in somebody's name."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        return {
            "username": user.username,
            "token": create_token(user=user, name=options["name"], now=timezone.now()),
        }

    def describe(self, result: dict[str, Any]) -> str:
        return f"Send it as “Authorization: Bearer {result['token']}”. It is shown this once."
