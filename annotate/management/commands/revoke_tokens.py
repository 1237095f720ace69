from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, account_named
from annotate.services.tokens import revoke_tokens


@dataclass(frozen=True)
class Revoked:
    username: str
    revoked: int


class Command(JsonCommand[Revoked]):
    help = "End every key with which programs call in somebody's name."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def run(self, options: Options) -> Revoked:
        user = account_named(options["username"])
        return Revoked(user.username, revoke_tokens(user=user, now=timezone.now()))

    def describe(self, result: Revoked) -> str:
        return f"Revoked {result.revoked} keys of “{result.username}”."
