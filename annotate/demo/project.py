"""Making the demo project through the same services that everything else uses."""

import csv
import io
from datetime import datetime

from annotate.demo.simulation import answer_rows
from annotate.demo.texts import GUIDELINE, LABELS
from annotate.models import Member, Project, User
from annotate.services.import_plans import Source
from annotate.services.imports import import_file
from annotate.services.members import Part, add_member
from annotate.services.projects import LabelDraft, ProjectDraft, create_project, write_guideline

SLUG = "library-notes"
SEED = 20261121
DESCRIPTION = (
    "Notes left for a town library, written for this demo. Six simulated people have answered most"
    " of them twice over; the third place on every note is free for you."
)


def make_demo_project(*, manager: User, annotator: User, now: datetime) -> Project:
    labels = [LabelDraft(key, name, description) for key, (name, description) in LABELS.items()]
    draft = ProjectDraft(
        slug=SLUG,
        labels=labels,
        name="Library notes",
        description=DESCRIPTION,
        annotators_per_item=3,
        is_simulated=True,
    )
    project = create_project(draft=draft, now=now)
    write_guideline(project=project, markdown=GUIDELINE, author=manager, now=now)
    add_member(user=manager, part=Part(project, Member.Role.MANAGER, annotates=True), now=now)
    add_member(user=annotator, part=Part(project, Member.Role.ANNOTATOR), now=now)
    import_file(
        project=project,
        source=Source("simulated-answers.csv", _csv(), is_simulated=True),
        author=None,
        now=now,
    )
    return project


def _csv() -> bytes:
    rows = answer_rows(SEED)
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
