from dataclasses import dataclass
from datetime import datetime

from django.core.management.base import CommandParser
from django.urls import reverse
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.models import Member
from annotate.services.invitations import USUAL_DAYS, InvitationDraft, invite


@dataclass(frozen=True)
class NewInvitation:
    path: str
    role: str
    n_places: int
    expires_at: datetime


class Command(JsonCommand[NewInvitation]):
    help = "Make a link by which people come into a project, with an account that they make."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--role", default=Member.Role.ANNOTATOR, choices=Member.Role.values)
        parser.add_argument("--people", type=int, default=1, help="how many may come in")
        parser.add_argument("--days", type=int, default=USUAL_DAYS, help="how long it works")

    def run(self, options: Options) -> NewInvitation:
        draft = InvitationDraft(options["role"], options["people"], options["days"])
        made, key = invite(
            project=project_named(options["slug"]), draft=draft, author=None, now=timezone.now()
        )
        return NewInvitation(reverse("join", args=[key]), made.role, made.n_places, made.expires_at)

    def describe(self, result: NewInvitation) -> str:
        return (
            f"Send the address of your site followed by {result.path}\nIt is shown this once, lets"
            f" {result.n_places} in as {result.role}, and works until"
            f" {result.expires_at:%d %B %Y, %H:%M} UTC."
        )
