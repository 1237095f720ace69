"""Items given by hand, and more or fewer people for each."""

from datetime import datetime, timedelta

import pytest

from annotate.models import Assignment, FreeSlot, Item, Member, PlannedAssignment, Project, User
from annotate.services.assignments import skip
from annotate.services.by_hand import BadSelection, ask_one_more, ask_the_same_again, give_to
from annotate.services.integrity import check_people_and_answers
from annotate.services.plans import NotBlind
from annotate.services.projects import Settings, change_settings
from tests import making

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, n_items=3, wanted=1)


@pytest.fixture
def ada(project: Project, now: datetime) -> Member:
    return making.member(project, "ada", now)


@pytest.fixture
def ben(project: Project, now: datetime) -> Member:
    return making.member(project, "ben", now)


def items(project: Project, *names: str) -> list[Item]:
    return list(project.items.filter(external_id__in=names).order_by("pk"))


def wanting(project: Project, n: int) -> None:
    change_settings(project=project, settings=Settings(project.name, "", project.status, n))


def test_one_more_person_is_wanted_for_what_was_answered(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    for _ in range(3):
        making.answer(ada, now)
    assert making.claim(ben, now) is None

    assert ask_one_more(project=project, items=items(project, "item-2")) == 1

    claimed = making.claim(ben, now)
    assert claimed is not None and claimed.item.external_id == "item-2"
    assert check_people_and_answers() == []


def test_one_more_is_one_more_than_there_are(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    wanting(project, 2)
    making.answer(ada, now)
    making.answer(ben, now)
    wanting(project, 1)
    cleo = making.member(project, "cleo", now)

    ask_one_more(project=project, items=items(project, "item-1"))

    claimed = making.claim(cleo, now)
    assert claimed is not None and claimed.item.external_id == "item-1"
    assert check_people_and_answers() == []


def test_items_are_given_to_one_person_before_anything_else(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    making.answer(ben, now)

    n = give_to(project=project, items=items(project, "item-1", "item-3"), member=ada)

    assert n == 2
    given = [making.answer(ada, now).item.external_id for _ in range(3)]
    assert given == ["item-1", "item-3", "item-2"]
    assert give_to(project=project, items=items(project, "item-1"), member=ada) == 0
    assert check_people_and_answers() == []


def test_the_same_people_are_asked_again_after_days_and_blindly(
    project: Project, ada: Member, now: datetime
) -> None:
    first = making.answer(ada, now)

    assert ask_the_same_again(items=[first.item], gap_days=5, now=now + DAY) == 1
    assert ask_the_same_again(items=[first.item], gap_days=5, now=now + DAY) == 0

    for _ in range(2):
        assert making.answer(ada, now + DAY).pass_number == 1
    assert making.claim(ada, now + 4 * DAY) is None
    again = making.claim(ada, now + 5 * DAY)
    assert again is not None and (again.item, again.pass_number) == (first.item, 2)


def test_who_sees_everything_is_not_asked_again(
    project: Project, ada: Member, now: datetime
) -> None:
    first = making.answer(ada, now)
    User.objects.filter(username="ada").update(is_superuser=True)

    assert ask_the_same_again(items=[first.item], gap_days=5, now=now) == 0


def test_what_cannot_be_given_is_refused(project: Project, ada: Member, now: datetime) -> None:
    mia = making.member(project, "mia", now, Member.Role.MANAGER)

    with pytest.raises(NotBlind, match="mia"):
        give_to(project=project, items=items(project, "item-1"), member=mia)
    with pytest.raises(BadSelection, match="at least one"):
        ask_one_more(project=project, items=[])
    with pytest.raises(BadSelection, match="0 to 366"):
        ask_the_same_again(items=items(project, "item-1"), gap_days=367, now=now)
    assert not PlannedAssignment.objects.exists()


def test_more_people_an_item_open_slots_and_fewer_close_them_without_losing_an_answer(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    making.answer(ada, now)
    wanting(project, 3)
    assert FreeSlot.objects.count() == 8
    making.answer(ben, now)
    held = making.claim(ben, now)
    assert held is not None

    wanting(project, 1)

    assert FreeSlot.objects.count() == 1
    assert Assignment.objects.filter(state="submitted").count() == 2
    assert check_people_and_answers() == []
    wanting(project, 2)
    wanting(project, 1)
    skip(assignment=held, now=now)
    assert check_people_and_answers() == []
    assert FreeSlot.objects.count() == 2


def test_a_skip_frees_no_place_that_is_not_wanted_any_more(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    wanting(project, 2)
    making.answer(ada, now)
    held = making.claim(ben, now)
    assert held is not None and held.item.external_id == "item-1"

    wanting(project, 1)
    skip(assignment=held, now=now)

    assert not FreeSlot.objects.filter(item=held.item).exists()
    assert check_people_and_answers() == []
