from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, account_named
from annotate.services.tokens import USUAL_DAYS, create_token


@dataclass(frozen=True)
class NewToken:
    username: str
    token: str
    days: int


class Command(JsonCommand[NewToken]):
    help = "Make a key with which a program calls the REST API in somebody's name."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=USUAL_DAYS, help="how long it works")

    def run(self, options: Options) -> NewToken:
        user, days = account_named(options["username"]), options["days"]
        key = create_token(user=user, name=options["name"], now=timezone.now(), days=days)
        return NewToken(user.username, key, days)

    def describe(self, result: NewToken) -> str:
        return (
            f"Send it as “Authorization: Bearer {result.token}”. It is shown this once and works"
            f" for {result.days} days, or until the password changes."
        )
