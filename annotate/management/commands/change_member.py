from dataclasses import dataclass

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, account_named, project_named
from annotate.models import Member
from annotate.services.members import Part, remove_account, set_part

REMOVED = "removed"
CHOICES = (*Member.Role.values, REMOVED)


@dataclass(frozen=True)
class ChangedMember:
    username: str
    role: str
    annotates: bool


class Command(JsonCommand[ChangedMember]):
    help = "Give an account another part in a project, add it, or remove it; its answers stay."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=CHOICES)
        parser.add_argument("--annotates", choices=["yes", "no"], help="yes for annotators")

    def run(self, options: Options) -> ChangedMember:
        project, user = project_named(options["slug"]), account_named(options["username"])
        role, now = options["role"], timezone.now()
        if role == REMOVED:
            remove_account(user=user, project=project, now=now)
            return ChangedMember(user.username, role, annotates=False)
        annotates = None if options["annotates"] is None else options["annotates"] == "yes"
        member = set_part(user=user, part=Part(project, role, annotates), now=now)
        return ChangedMember(user.username, member.role, member.annotates)

    def describe(self, result: ChangedMember) -> str:
        return f"“{result.username}”: {result.role}."
