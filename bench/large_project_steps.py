"""The steps of bench.large_project, each in a process of its own, as the site's processes are."""

import json
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

import django
import numpy as np

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotate.models import Annotation, Assignment, Item, Member, Project, User  # noqa: E402
from annotate.selectors.projects import labels_of  # noqa: E402
from annotate.services.members import Part, add_member, create_account  # noqa: E402
from annotate.services.projects import LabelDraft, ProjectDraft, create_project  # noqa: E402
from labeler.selectors import newest_soft_labels  # noqa: E402
from worker.models import Job  # noqa: E402
from worker.services.jobs import Asked, enqueue  # noqa: E402
from worker.services.runner import run_job  # noqa: E402

PEOPLE, LABELS, EACH = 200, 5, 10
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SLUG = "large"
BATCH = 20_000
PAGES = ("", "agreement/", "people/", "items/", "datasets/")
T = TypeVar("T")


def record(**values: Any) -> None:
    print(json.dumps({"database": connection.vendor, **values}), flush=True)


def parts(source: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(source)
    while part := list(islice(rest, BATCH)):
        yield part


def write(n_answers: str, with_confidence: str) -> None:
    began = time.perf_counter()
    draft = ProjectDraft(
        SLUG, [LabelDraft(f"label-{k}") for k in range(LABELS)], annotators_per_item=EACH
    )
    project = create_project(draft=draft, now=NOW)
    manager = create_account(username="manager", password="correct-horse-battery", now=NOW)  # noqa: S106
    add_member(user=manager, part=Part(project, Member.Role.MANAGER), now=NOW)
    with transaction.atomic():
        fill(project, int(n_answers), bool(int(with_confidence)))
    record(step="write", answers=int(n_answers), seconds=round(time.perf_counter() - began, 1))


def fill(project: Project, n_answers: int, with_confidence: bool) -> None:
    common = {"project": project, "created_at": NOW}
    people = [
        Member(name=f"person-{n:03}", role="annotator", annotates=True, is_simulated=True, **common)
        for n in range(PEOPLE)
    ]
    Member.objects.bulk_create(people)
    texts = (
        Item(
            external_id=f"i{n}",
            text=f"The text of item {n}, some fifty characters in all.",
            digest="",
            **common,
        )
        for n in range(n_answers // EACH)
    )
    items = [item.pk for part in parts(texts) for item in Item.objects.bulk_create(part)]
    labels = [label.pk for label in labels_of(project)]
    for part in parts(simulated(n_answers)):
        held = [
            Assignment(
                item_id=items[i // EACH],
                annotator=people[who],
                slot=i % EACH + 1,
                state="submitted",
                closed_at=day,
                **common,
            )
            for i, who, _, _, _, day in part
        ]
        Assignment.objects.bulk_create(held)
        said = zip(held, part, strict=True)
        Annotation.objects.bulk_create(
            annotation(place, labels[label], confidence if with_confidence else None, seconds, day)
            for place, (_, _, label, confidence, seconds, day) in said
        )


def annotation(
    place: Assignment, label: int, confidence: int | None, seconds: float, day: datetime
) -> Annotation:
    return Annotation(
        assignment=place,
        annotator_id=place.annotator_id,
        revision=1,
        primary_id=label,
        confidence=confidence,
        confidence_scale=5,
        seconds=seconds,
        idempotency_key=uuid4().hex,
        body_digest="",
        created_at=day,
    )


def simulated(n_answers: int) -> Iterator[tuple[int, int, int, int, float, datetime]]:
    """(place, person, label, confidence, seconds, day): skills of 0.4 to 0.95, confidence that
    tells something.
    """
    rng = np.random.default_rng(0)
    n_items = n_answers // EACH
    truth, skill = rng.integers(0, LABELS, n_items), rng.uniform(0.4, 0.95, PEOPLE)
    groups = np.stack([np.sort(rng.permutation(PEOPLE)[:EACH]) for _ in range(500)])
    people = groups[rng.integers(0, len(groups), n_items)].ravel()
    knows = rng.random(n_answers) < skill[people]
    label = np.where(knows, np.repeat(truth, EACH), rng.integers(0, LABELS, n_answers))
    confidence = np.where(knows, rng.integers(3, 6, n_answers), rng.integers(1, 5, n_answers))
    seconds = rng.lognormal(2.5, 0.5, n_answers).round(1)
    for i in range(n_answers):
        yield (
            i,
            int(people[i]),
            int(label[i]),
            int(confidence[i]),
            float(seconds[i]),
            NOW - timedelta(minutes=(n_answers - i) / 50),
        )


def recompute() -> None:
    project = Project.objects.get(slug=SLUG)
    job = enqueue(
        project=project,
        kind=Job.Kind.LABELS,
        asked=Asked(f"bench:{timezone.now().isoformat()}"),
        now=timezone.now(),
    )
    seen: list[tuple[float, str]] = []
    began, over = time.perf_counter(), threading.Event()
    watcher = threading.Thread(target=watch, args=(job.pk, began, seen, over))
    watcher.start()
    run_job(job_id=job.pk, owner="bench", clock=timezone.now)
    seconds = time.perf_counter() - began
    over.set()
    watcher.join()
    job.refresh_from_db()
    made = newest_soft_labels(project)
    record(
        step="recompute",
        status=job.status,
        reason=job.reason,
        seconds=round(seconds, 1),
        peak_megabytes=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        method=made.method if made else None,
        items=made.n_items if made else 0,
        progress=seen,
    )


def watch(job_id: int, began: float, seen: list[tuple[float, str]], over: threading.Event) -> None:
    """What somebody looking at the page would have been told, and when."""
    while not over.wait(0.1):
        step = Job.objects.values_list("progress", flat=True).get(pk=job_id).get("step")
        if step and (not seen or seen[-1][1] != step):
            seen.append((round(time.perf_counter() - began, 1), step))
    connection.close()


def pages() -> None:
    client = Client()
    client.force_login(User.objects.get(username="manager"))
    for page in PAGES:
        times = []
        for _ in range(3):
            began = time.perf_counter()
            answer = client.get(f"/projects/{SLUG}/{page}")
            times.append(round(time.perf_counter() - began, 3))
        record(
            step="page",
            page=page or "overview",
            status=answer.status_code,
            kilobytes=round(len(answer.content) / 1024),
            first=times[0],
            best=min(times),
        )


STEPS: dict[str, Callable[..., None]] = {"write": write, "recompute": recompute, "pages": pages}

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
