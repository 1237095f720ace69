"""`python -m tests.chaos.prepare SLUG N_ITEMS WANTED N_ANNOTATORS [unguarded]`: a project to
attack; prints the annotators' tokens by name.
"""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotate.models import Assignment, Member, User  # noqa: E402
from annotate.services.members import Part, add_member  # noqa: E402
from annotate.services.projects import LabelDraft, ProjectDraft, create_project  # noqa: E402
from annotate.services.tokens import create_token  # noqa: E402
from tests.rows import write_items  # noqa: E402


def main(slug: str, n_items: int, wanted: int, n_annotators: int, *, guarded: bool) -> None:
    now = timezone.now()
    project = create_project(
        draft=ProjectDraft(slug, [LabelDraft("yes"), LabelDraft("no")], annotators_per_item=wanted),
        now=now,
    )
    texts = {f"i{n}": f"Text number {n} of some length." for n in range(n_items)}
    write_items(project, texts, now)
    tokens = {}
    for n in range(n_annotators):
        user = User.objects.create(username=f"{slug}-{n}")
        add_member(user=user, part=Part(project, Member.Role.ANNOTATOR), now=now)
        tokens[user.username] = create_token(user=user, name="attack", now=now)
    if not guarded:
        constraint = next(
            found for found in Assignment._meta.constraints if found.name == "assignment_slot_once"
        )
        with connection.schema_editor() as editor:
            editor.remove_constraint(Assignment, constraint)
    print(json.dumps(tokens))


if __name__ == "__main__":
    main(
        sys.argv[1],
        int(sys.argv[2]),
        int(sys.argv[3]),
        int(sys.argv[4]),
        guarded="unguarded" not in sys.argv,
    )
