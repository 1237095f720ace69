"""Who gets which item, and when it comes back."""

from datetime import datetime, timedelta

import pytest

from annotate.models import Assignment, FreeSlot, Item, Member, Project
from annotate.selectors.assignments import waiting_for
from annotate.services.assignments import (
    NotHeld,
    ask_again,
    release,
    skip,
    take_skip_back,
)
from annotate.services.claiming import ProjectNotOpen
from annotate.services.integrity import check_people_and_answers
from annotate.services.projects import Settings, change_settings
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, n_items=3, wanted=2)


@pytest.fixture
def ada(project: Project, now: datetime) -> Member:
    return making.member(project, "ada", now)


@pytest.fixture
def ben(project: Project, now: datetime) -> Member:
    return making.member(project, "ben", now)


def test_asking_twice_gives_the_same_item(ada: Member, now: datetime) -> None:
    assert making.claim(ada, now) == making.claim(ada, now)


def test_an_item_is_finished_before_the_next_is_begun(
    ada: Member, ben: Member, now: datetime
) -> None:
    first, second = making.claim(ada, now), making.claim(ben, now)

    assert first is not None and second is not None
    assert first.item == second.item
    assert {first.slot, second.slot} == {1, 2}


def test_nobody_gets_an_item_twice_and_the_end_is_said_plainly(ada: Member, now: datetime) -> None:
    seen = [making.answer(ada, now).item.external_id for _ in range(3)]

    assert sorted(seen) == ["item-1", "item-2", "item-3"]
    assert making.claim(ada, now) is None


def test_the_item_of_highest_priority_comes_first(
    project: Project, ada: Member, now: datetime
) -> None:
    last = Item.objects.get(project=project, external_id="item-3")

    FreeSlot.objects.filter(item=last).update(priority=5.0)

    claimed = making.claim(ada, now)
    assert claimed is not None and claimed.item == last


def test_a_lease_that_ran_out_goes_to_whoever_asks_next(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    Item.objects.filter(external_id__in=("item-2", "item-3")).delete()
    cid = making.member(project, "cid", now)
    held = making.claim(ada, now)
    making.answer(cid, now)
    later = now + making.LEASE + timedelta(seconds=1)
    assert held is not None

    taken = making.claim(ben, later)

    held.refresh_from_db()
    assert taken is not None and taken.item == held.item
    assert (held.state, held.slot) == ("expired", None)
    assert not FreeSlot.objects.exists()


def test_a_person_can_take_up_again_what_they_let_go(ada: Member, now: datetime) -> None:
    held = making.claim(ada, now)
    assert held is not None
    release(assignment=held, now=now)

    again = making.claim(ada, now)

    assert again is not None and again.pk == held.pk
    assert Assignment.objects.count() == 1


def test_a_skipped_item_is_asked_of_others_only(ada: Member, ben: Member, now: datetime) -> None:
    held = making.claim(ada, now)
    assert held is not None
    skip(assignment=held, now=now)

    mine, theirs = making.claim(ada, now), making.claim(ben, now)

    assert mine is not None and mine.item != held.item
    assert theirs is not None and theirs.item == held.item


def test_a_skip_can_be_taken_back_and_comes_first_then(
    project: Project, ada: Member, now: datetime
) -> None:
    held = making.claim(ada, now)
    assert held is not None
    skip(assignment=held, now=now)
    making.claim(ada, now)

    take_skip_back(assignment=held, now=now, lease=making.LEASE)

    assert making.claim(ada, now) == held
    assert check_people_and_answers() == []


def test_a_skip_cannot_be_taken_back_once_others_have_the_item(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    held = making.claim(ada, now)
    assert held is not None
    skip(assignment=held, now=now)
    for one in (ben, making.member(project, "cid", now)):
        making.answer(one, now)

    with pytest.raises(NotHeld, match="Somebody else"):
        take_skip_back(assignment=held, now=now, lease=making.LEASE)
    held.refresh_from_db()
    assert (held.state, held.slot) == ("skipped", None)


def test_a_manager_can_have_a_skipped_item_asked_again(ada: Member, now: datetime) -> None:
    held = making.claim(ada, now)
    assert held is not None
    skip(assignment=held, now=now)
    assert making.claim(ada, now) != held

    release(assignment=Assignment.objects.get(annotator=ada, state="open"), now=now)
    assert ask_again(item=held.item) == 1

    assert making.claim(ada, now) == held


def test_what_is_over_cannot_be_given_back(ada: Member, now: datetime) -> None:
    done = making.answer(ada, now)

    with pytest.raises(NotHeld):
        release(assignment=done, now=now)
    done.refresh_from_db()
    assert done.state == "submitted"


def test_an_empty_queue_says_when_something_may_come_back(project: Project, now: datetime) -> None:
    people = [making.member(project, name, now) for name in ("a", "b", "c")]
    Item.objects.exclude(external_id="item-1").delete()
    for person in people[:2]:
        making.claim(person, now)

    assert making.claim(people[2], now) is None
    waiting = waiting_for(people[2])
    assert (waiting.n_on_loan, waiting.back_at) == (1, now + making.LEASE)


def test_a_paused_project_gives_out_nothing_new(
    project: Project, ada: Member, now: datetime
) -> None:
    change_settings(project=project, settings=Settings("n", "", "paused", 2))
    ada.refresh_from_db()

    with pytest.raises(ProjectNotOpen, match="paused"):
        making.claim(ada, now)
    assert not Assignment.objects.exists()
