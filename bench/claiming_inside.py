"""The process that bench.claiming measures: a project of its own, then claims and submits."""

import statistics
import time
from datetime import timedelta
from itertools import cycle, islice
from random import Random

from django.utils import timezone

from annotate.models import Item, Member, PlannedAssignment, Project, User
from annotate.services.annotations import submit
from annotate.services.claiming import claim_next
from annotate.services.members import Part, add_member
from annotate.services.projects import LabelDraft, ProjectDraft, create_project
from annotate.validity import Answer
from bench.claiming import CYCLES, N_PEOPLE
from tests.rows import write_items

LEASE = timedelta(minutes=30)
WARM = 100


def main(n_items: int, n_repeats: int) -> None:
    project, people = prepare(n_items, n_repeats)
    print(measured(project, people))


def prepare(n_items: int, n_repeats: int) -> tuple[Project, list[Member]]:
    now, slug = timezone.now(), f"c{n_items}-{n_repeats}"
    project = create_project(
        draft=ProjectDraft(slug, [LabelDraft("yes"), LabelDraft("no")], annotators_per_item=3),
        now=now,
    )
    write_items(project, {f"i{n}": f"Text number {n} of some length." for n in range(n_items)}, now)
    people = [
        add_member(
            user=User.objects.create(username=f"{slug}-{n}"),
            part=Part(project, Member.Role.ANNOTATOR),
            now=now,
        )
        for n in range(N_PEOPLE)
    ]
    each = n_repeats // N_PEOPLE
    items = list(Item.objects.filter(project=project).order_by("-pk")[:each])
    PlannedAssignment.objects.bulk_create(
        (
            PlannedAssignment(
                project=project, item=item, annotator=who, pass_number=2, position=0, due_at=now
            )
            for who in people
            for item in items
        ),
        batch_size=2000,
    )
    return project, people


def measured(project: Project, people: list[Member]) -> float:
    """Median milliseconds of a claim and its submit; the first ones warm up."""
    rng, took = Random(0), []
    for n, who in enumerate(islice(cycle(people), CYCLES)):
        began, now = time.perf_counter(), timezone.now()
        claimed = claim_next(project=project, annotator=who, now=now, lease=LEASE, rng=rng)
        if claimed is None:
            raise SystemExit("The project is too small for so many cycles.")
        submit(assignment=claimed, answer=Answer("yes", 3), key=str(n), now=now)
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took[WARM:])
