from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, account_named
from annotate.services.tokens import revoke_tokens


class Command(JsonCommand):
    help = "End every key with which programs call in somebody's name."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        user = account_named(options["username"])
        return {"username": user.username, "revoked": revoke_tokens(user=user, now=timezone.now())}

    def describe(self, result: dict[str, Any]) -> str:
        return f"Revoked {result['revoked']} keys of “{result['username']}”."
