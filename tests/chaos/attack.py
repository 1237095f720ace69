"""One attacker of many: `python -m tests.chaos.attack SLUG NAME,NAME,… WAY`, one of CLAIMS.
Claims and submits until there is nothing left.

`unguarded` is how others do it, to show that the test can fail: count, then insert, with the unique
constraint taken away before. Prints one JSON line: what was accepted, and every error.
"""

import json
import random
import sys
from datetime import timedelta

import django

django.setup()

from django.db import Error  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotate.models import Assignment, Item, Member, Project  # noqa: E402
from annotate.services.annotations import LeaseExpired, submit  # noqa: E402
from annotate.services.claiming import claim_next  # noqa: E402
from annotate.validity import Answer  # noqa: E402

LEASE = timedelta(minutes=5)
RNG = random.Random()
RNG = random.Random()


def count_then_insert(project: Project, annotator: Member) -> Assignment | None:
    for item in Item.objects.filter(project=project).order_by("pk"):
        held = Assignment.objects.filter(item=item)
        if held.filter(annotator=annotator).exists() or held.count() >= project.annotators_per_item:
            continue
        now = timezone.now()
        return Assignment.objects.create(
            project=project,
            item=item,
            annotator=annotator,
            slot=held.count() + 1,
            created_at=now,
            lease_until=now + LEASE,
        )
    return None


def claim(project: Project, annotator: Member) -> Assignment | None:
    return claim_next(
        project=project, annotator=annotator, now=timezone.now(), lease=LEASE, rng=RNG
    )


def claim_late(project: Project, annotator: Member) -> Assignment | None:
    """With a lease that is over at once, so that every answer meets the sweeps of the others."""
    now = timezone.now()
    return claim_next(project=project, annotator=annotator, now=now, lease=-LEASE, rng=RNG)


CLAIMS = {"guarded": claim, "planned": claim, "unguarded": count_then_insert, "late": claim_late}


def main(slug: str, names: list[str], way: str) -> None:
    project = Project.objects.get(slug=slug)
    working = list(Member.objects.filter(project=project, name__in=names))
    accepted, errors = [], []
    while working:
        annotator = random.choice(working)
        try:
            assignment = CLAIMS[way](project, annotator)
            if assignment is None:
                working.remove(annotator)
                continue
            label = random.choice(["yes", "no"])
            submit(
                assignment=assignment,
                answer=Answer(label, 3),
                key=f"{annotator.pk}:{assignment.pk}",
                now=timezone.now(),
            )
            accepted.append([str(assignment.public_id), label])
        except LeaseExpired:
            continue
        except Error as error:
            errors.append(f"{type(error).__name__}: {error}")
            if len(errors) > 50:
                break
    print(json.dumps({"accepted": accepted, "errors": errors}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2].split(","), sys.argv[3])
