"""Accepting an answer once, whatever happens around it."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from annotate.models import Annotation, FreeSlot, LabelSet, Member, Project
from annotate.services.annotations import AnsweredMeanwhile, KeyReused, LeaseExpired, submit
from annotate.services.assignments import expire_leases
from annotate.services.integrity import check_people_and_answers
from annotate.validity import (
    Answer,
    BadAnswer,
    ConfidenceOutsideScale,
    SecondaryEqualsPrimary,
    UnknownLabel,
)
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now)


@pytest.fixture
def ada(project: Project, now: datetime) -> Member:
    return making.member(project, "ada", now)


def test_an_answer_is_stored_with_all_its_shades(ada: Member, now: datetime) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None

    submit(
        assignment=assignment,
        answer=Answer("yes", 2, "unclear", "the tone", 4.5, is_flagged=True),
        key="k1",
        now=now,
    )

    stored = Annotation.objects.get()
    assert (stored.primary.key, stored.secondary and stored.secondary.key, stored.confidence) == (
        "yes",
        "unclear",
        2,
    )
    assert (stored.rationale, stored.seconds, stored.is_flagged, stored.revision) == (
        "the tone",
        4.5,
        True,
        1,
    )


def test_sending_the_same_answer_again_gives_the_same_answer_back(
    ada: Member, now: datetime
) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None

    first = submit(assignment=assignment, answer=Answer("yes", 4, seconds=1.0), key="k1", now=now)
    second = submit(
        assignment=assignment,
        answer=Answer("yes", 4, seconds=9.0),
        key="k1",
        now=now + timedelta(minutes=1),
    )

    assert first.pk == second.pk
    assert Annotation.objects.count() == 1


def test_one_key_cannot_carry_two_answers(ada: Member, now: datetime) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None
    submit(assignment=assignment, answer=Answer("yes", 4), key="k1", now=now)

    with pytest.raises(KeyReused):
        submit(assignment=assignment, answer=Answer("no", 4), key="k1", now=now)
    assert Annotation.objects.get().primary.key == "yes"


def test_changing_ones_mind_adds_a_revision_and_keeps_the_first(ada: Member, now: datetime) -> None:
    assignment = making.answer(ada, now, "yes")

    submit(assignment=assignment, answer=Answer("no", 3), key="k2", now=now)

    assert [row.primary.key for row in Annotation.objects.order_by("revision")] == ["yes", "no"]


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (Answer("maybe", 3), UnknownLabel),
        (Answer("yes", 3, "perhaps"), UnknownLabel),
        (Answer("yes", 0), ConfidenceOutsideScale),
        (Answer("yes", 6), ConfidenceOutsideScale),
        (Answer("yes", 3, "yes"), SecondaryEqualsPrimary),
        (Answer("yes", 3, seconds=-1.0), BadAnswer),
        (Answer("yes", 3, seconds=float("nan")), BadAnswer),
        (Answer("yes", 3, rationale="\x00"), BadAnswer),
        (Answer("yes", 3, rationale="\ud800"), BadAnswer),
        (Answer("yes", 3, rationale="x" * 10_001), BadAnswer),
    ],
)
def test_a_wrong_answer_is_refused_and_leaves_nothing(
    ada: Member, now: datetime, answer: Answer, refusal: type[Exception]
) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None

    with pytest.raises(refusal):
        submit(assignment=assignment, answer=answer, key="k1", now=now)

    assignment.refresh_from_db()
    assert assignment.state == "open"
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_a_key_must_be_usable(ada: Member, now: datetime, key: str) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None

    with pytest.raises(BadAnswer):
        submit(assignment=assignment, answer=Answer("yes", 3), key=key, now=now)
    assert not Annotation.objects.exists()


def test_an_answer_after_the_lease_counts_while_nobody_swept_it(ada: Member, now: datetime) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None

    submit(assignment=assignment, answer=Answer("yes", 3), key="k1", now=now + making.LEASE)

    assignment.refresh_from_db()
    assert (assignment.state, Annotation.objects.count()) == ("submitted", 1)


def test_a_late_answer_takes_its_place_anew_while_one_is_free(
    project: Project, ada: Member, now: datetime
) -> None:
    assignment, late = making.claim(ada, now), now + 2 * making.LEASE
    assert assignment is not None
    with transaction.atomic():
        expire_leases(project=project, now=late)
    n_free = FreeSlot.objects.filter(item=assignment.item).count()

    submit(assignment=assignment, answer=Answer("yes", 3), key="k1", now=late)

    assignment.refresh_from_db()
    assert (assignment.state, assignment.slot) == ("submitted", 1)
    assert FreeSlot.objects.filter(item=assignment.item).count() == n_free - 1
    assert check_people_and_answers() == []


def test_a_late_answer_is_refused_only_where_others_have_every_place(
    project: Project, ada: Member, now: datetime
) -> None:
    assignment, late = making.claim(ada, now), now + 2 * making.LEASE
    assert assignment is not None
    with transaction.atomic():
        expire_leases(project=project, now=late)
    for name in ("ben", "cid"):
        making.answer(making.member(project, name, now), late)

    with pytest.raises(LeaseExpired, match="somebody else"):
        submit(assignment=assignment, answer=Answer("yes", 3), key="k1", now=late)
    assert not Annotation.objects.filter(annotator=ada).exists()
    assert check_people_and_answers() == []


def test_a_second_window_does_not_write_over_the_first(ada: Member, now: datetime) -> None:
    assignment = making.claim(ada, now)
    assert assignment is not None
    submit(assignment=assignment, answer=Answer("yes", 3), key="k1", now=now, revision_seen=0)

    with pytest.raises(AnsweredMeanwhile):
        submit(assignment=assignment, answer=Answer("no", 3), key="k2", now=now, revision_seen=0)
    submit(assignment=assignment, answer=Answer("no", 3), key="k3", now=now, revision_seen=1)

    assert [row.primary.key for row in Annotation.objects.order_by("revision")] == ["yes", "no"]


def test_the_first_answer_freezes_the_labels(project: Project, ada: Member, now: datetime) -> None:
    assert LabelSet.objects.get(project=project).frozen_at is None

    making.answer(ada, now)

    assert LabelSet.objects.get(project=project).frozen_at == now
