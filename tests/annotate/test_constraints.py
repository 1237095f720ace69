"""The database holds the promise: each row below is one that must never exist, and the database
itself refuses it.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from annotate.models import Annotation, Assignment, FreeSlot, Item, Label, LabelSet, Member, Project
from tests import making
from worker.models import Job, RetrainSchedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now)


@pytest.fixture
def ada(project: Project, now: datetime) -> Member:
    return making.member(project, "ada", now)


def refused(make: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**fields)


def assignment_fields(
    project: Project, ada: Member, now: datetime, **changes: Any
) -> dict[str, Any]:
    item = project.items.first()
    fields = {
        "project": project,
        "item": item,
        "annotator": ada,
        "slot": 1,
        "state": "open",
        "created_at": now,
        "lease_until": now,
    }
    return fields | changes


def annotation_fields(ada: Member, now: datetime, **changes: Any) -> dict[str, Any]:
    assignment = making.claim(ada, now)
    label = Label.objects.filter(label_set__project=ada.project).first()
    fields = {
        "assignment": assignment,
        "annotator": ada,
        "revision": 1,
        "primary": label,
        "confidence": 3,
        "confidence_scale": 5,
    }
    return (
        fields
        | {"seconds": 1.0, "idempotency_key": "k", "body_digest": "d", "created_at": now}
        | changes
    )


def test_a_slot_is_held_once(project: Project, ada: Member, now: datetime) -> None:
    Assignment.objects.create(**assignment_fields(project, ada, now))
    ben = making.member(project, "ben", now)

    refused(Assignment.objects.create, **assignment_fields(project, ben, now))


def test_a_person_answers_an_item_once_a_pass(project: Project, ada: Member, now: datetime) -> None:
    Assignment.objects.create(**assignment_fields(project, ada, now))

    refused(Assignment.objects.create, **assignment_fields(project, ada, now, slot=2))
    Assignment.objects.create(**assignment_fields(project, ada, now, slot=None, pass_number=2))


@pytest.mark.parametrize(
    "changes",
    [
        {"slot": None},
        {"state": "expired"},
        {"state": "skipped"},
        {"state": "submitted", "slot": None},
        {"pass_number": 2},
        {"pass_number": 0},
        {"lease_until": None},
    ],
)
def test_a_slot_belongs_to_held_first_passes_and_to_nothing_else(
    project: Project, ada: Member, now: datetime, changes: dict[str, Any]
) -> None:
    refused(Assignment.objects.create, **assignment_fields(project, ada, now, **changes))


@pytest.mark.parametrize(
    "changes", [{"confidence": 0}, {"confidence": 6}, {"seconds": -1.0}, {"revision": 0}]
)
def test_an_answer_outside_its_bounds_is_not_stored(
    ada: Member, now: datetime, changes: dict[str, Any]
) -> None:
    refused(Annotation.objects.create, **annotation_fields(ada, now, **changes))


def test_a_second_choice_differs_from_the_first(ada: Member, now: datetime) -> None:
    fields = annotation_fields(ada, now)

    refused(Annotation.objects.create, **fields | {"secondary": fields["primary"]})


def test_a_revision_and_a_key_are_used_once(ada: Member, now: datetime) -> None:
    fields = annotation_fields(ada, now)
    Annotation.objects.create(**fields)

    refused(Annotation.objects.create, **fields | {"idempotency_key": "other"})
    refused(Annotation.objects.create, **fields | {"revision": 2})


def test_labels_and_items_are_named_once(project: Project, now: datetime) -> None:
    label_set = LabelSet.objects.get(project=project)
    item = project.items.first()
    assert item is not None

    refused(Label.objects.create, label_set=label_set, key="yes", position=9, colour="#000000")
    refused(Label.objects.create, label_set=label_set, key="new", position=0, colour="#000000")
    refused(
        Label.objects.create,
        label_set=label_set,
        key="new",
        position=9,
        hotkey="1",
        colour="#000000",
    )
    refused(
        Item.objects.create,
        project=project,
        external_id=item.external_id,
        text="t",
        digest="d",
        created_at=now,
    )
    refused(FreeSlot.objects.create, project=project, item=item, slot=1)


def test_a_job_is_over_exactly_when_it_says_when(project: Project, now: datetime) -> None:
    refused(
        Job.objects.create,
        project=project,
        kind="train",
        idempotency_key="a",
        created_at=now,
        status="failed",
    )
    refused(
        Job.objects.create,
        project=project,
        kind="train",
        idempotency_key="a",
        created_at=now,
        finished_at=now,
    )
    refused(
        Job.objects.create,
        project=project,
        kind="train",
        idempotency_key="a",
        created_at=now,
        attempt=9,
        max_attempts=5,
    )
    Job.objects.create(project=project, kind="train", idempotency_key="a", created_at=now)
    refused(
        Job.objects.create,
        project=project,
        kind="train",
        idempotency_key="a",
        created_at=now + timedelta(1),
    )


def test_a_schedule_that_is_on_says_when(project: Project) -> None:
    refused(RetrainSchedule.objects.create, project=project, is_on=True)
