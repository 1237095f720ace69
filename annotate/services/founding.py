"""A project begun by somebody, who manages it from then on."""

from datetime import datetime

from django.db import transaction

from annotate.models import Member, Project, User
from annotate.services.members import Part, add_member
from annotate.services.projects import ProjectDraft, create_project, write_guideline


@transaction.atomic
def begin_project(
    *, author: User, draft: ProjectDraft, now: datetime, guideline: str = ""
) -> Project:
    project = create_project(draft=draft, now=now)
    add_member(user=author, part=Part(project, Member.Role.MANAGER), now=now)
    if guideline.strip():
        write_guideline(project=project, markdown=guideline, author=author, now=now)
    return project
