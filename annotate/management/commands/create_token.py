from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, account_named
from annotate.services.tokens import USUAL_DAYS, create_token


class Command(JsonCommand):
    help = "Make a key with which a program calls the REST API in somebody's name."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=USUAL_DAYS, help="how long it works")

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        user, days = account_named(options["username"]), options["days"]
        key = create_token(user=user, name=options["name"], now=timezone.now(), days=days)
        return {"username": user.username, "token": key, "days": days}

    def describe(self, result: dict[str, Any]) -> str:
        return (
            f"Send it as “Authorization: Bearer {result['token']}”. It is shown this once and works"
            f" for {result['days']} days, or until the password changes."
        )
