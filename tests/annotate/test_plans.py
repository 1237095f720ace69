"""Places kept for people: who gets what, when a repeat is due, and what comes of the rest."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest

from annotate.models import (
    Annotation,
    Assignment,
    FreeSlot,
    Item,
    Member,
    Plan,
    PlannedAssignment,
    Project,
)
from annotate.selectors.answers import answers_of
from annotate.selectors.assignments import last_submitted, waiting_for
from annotate.selectors.plans import progress_of, running_plan
from annotate.selectors.projects import progress_of as project_progress
from annotate.services.annotations import OutOfSight, submit
from annotate.services.assignments import (
    NotHeld,
    expire_leases,
    release,
    skip,
    take_skip_back,
)
from annotate.services.by_hand import give_to
from annotate.services.claiming import claim_next
from annotate.services.import_plans import Source
from annotate.services.imports import import_file
from annotate.services.integrity import check_people_and_answers
from annotate.services.members import change_member, remove_member
from annotate.services.plans import (
    ItemsTaken,
    NoPlanRuns,
    NotBlind,
    Place,
    PlanDraft,
    PlanRuns,
    start_plan,
    stop_plan,
)
from annotate.validity import Answer
from labeler.services.handing_over import hand_over
from tests import making

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, n_items=6, wanted=3)


@pytest.fixture
def ada(project: Project, now: datetime) -> Member:
    return making.member(project, "ada", now)


@pytest.fixture
def ben(project: Project, now: datetime) -> Member:
    return making.member(project, "ben", now)


def start(
    project: Project,
    now: datetime,
    firsts: Sequence[tuple[Member, str]],
    repeats: Sequence[tuple[Member, str]] = (),
    gap_items: int = 1,
) -> Plan:
    """A plan of these (person, item) places; repeats come three days after."""
    items = dict(project.items.values_list("external_id", "pk"))
    places = [Place(items[item], who.pk, 1, n) for n, (who, item) in enumerate(firsts)]
    places += [Place(items[item], who.pk, 2, 0) for who, item in repeats]
    draft = PlanDraft(places, gap_days=3, gap_items=gap_items, seed=0)
    return start_plan(project=project, draft=draft, author=None, now=now)


def answer(who: Member, now: datetime, primary: str = "yes") -> str:
    """Which item they were given and have answered."""
    return making.answer(who, now, primary).item.external_id


def test_everybody_is_given_their_places_in_order_and_then_the_open_queue(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-5"), (ada, "item-3"), (ben, "item-3")])

    assert [answer(ada, now) for _ in range(3)] == ["item-5", "item-3", "item-1"]
    assert [answer(ben, now) for _ in range(2)] == ["item-3", "item-1"]
    assert check_people_and_answers() == []


def test_a_planned_item_is_nobody_elses(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    start(project, now, [(ada, f"item-{n}") for n in range(1, 7)])

    assert making.claim(ben, now) is None
    assert [answer(ada, now) for _ in range(6)] == [f"item-{n}" for n in range(1, 7)]
    assert making.claim(ada, now) is None


def test_a_repeat_is_due_after_its_days_and_after_its_answers(
    project: Project, ada: Member, now: datetime
) -> None:
    firsts = [(ada, f"item-{n}") for n in range(1, 7)]
    start(project, now, firsts, [(ada, "item-1")], gap_items=4)

    assert answer(ada, now) == "item-1"
    for minutes in range(1, 4):
        answer(ada, now + minutes * MINUTE)
    too_few_answers = [answer(ada, now + 10 * DAY) for _ in range(2)]
    too_early = making.claim(ada, now + 3 * DAY - MINUTE)

    assert too_few_answers == ["item-5", "item-6"]
    assert too_early is None
    again = making.claim(ada, now + 3 * DAY)
    assert again is not None
    assert (again.item.external_id, again.pass_number) == ("item-1", 2)


def test_a_repeat_whose_gap_nothing_can_fill_any_more_comes_after_its_days(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    everything = [(ben, f"item-{n}") for n in range(3, 7)]
    firsts = [(ada, "item-1"), (ada, "item-2"), *everything]
    start(project, now, firsts, [(ada, "item-1")], gap_items=2)

    assert [answer(ada, now + n * MINUTE) for n in range(2)] == ["item-1", "item-2"]

    assert making.claim(ada, now + 3 * DAY - MINUTE) is None
    assert waiting_for(ada).back_at == now + 3 * DAY
    assert answer(ada, now + 3 * DAY) == "item-1"


def test_whoever_waits_for_a_repeat_is_told_when_to_come_back(
    project: Project, ada: Member, now: datetime
) -> None:
    start(project, now, [(ada, f"item-{n}") for n in range(1, 7)], [(ada, "item-1")])
    for _ in range(6):
        answer(ada, now)

    assert making.claim(ada, now) is None
    assert waiting_for(ada).back_at == now + 3 * DAY


def test_repeats_are_spread_among_what_is_left_and_all_are_given(now: datetime) -> None:
    project = making.project(now, n_items=120)
    ada = making.member(project, "ada", now)
    repeated = [(ada, f"item-{n}") for n in range(1, 31)]
    firsts = [(ada, f"item-{n}") for n in range(1, 121)]
    start(project, now, firsts, repeated)
    rng, given = Random(4), []
    for n in range(150):
        moment = now + (DAY * 4 if n >= 40 else timedelta()) + n * MINUTE
        claimed = claim_next(project=project, annotator=ada, now=moment, lease=DAY, rng=rng)
        assert claimed is not None
        submit(assignment=claimed, answer=Answer("yes", 3), key=str(n), now=moment)
        given.append(claimed.pass_number)

    assert Counter(given) == {1: 120, 2: 30}
    n_repeats = [given[start : start + 37].count(2) for start in range(40, 150, 37)]
    assert all(4 <= n <= 18 for n in n_repeats[:2])


def test_while_repeats_are_to_come_earlier_answers_are_out_of_sight(now: datetime) -> None:
    project = making.project(now, n_items=2)
    ada = making.member(project, "ada", now)
    start(project, now, [(ada, "item-1"), (ada, "item-2")], [(ada, "item-1")])
    first = making.answer(ada, now)
    other = making.answer(ada, now + MINUTE)

    assert not answers_of(ada).exists()
    assert last_submitted(ada, None) is None
    for given in (first, other):
        with pytest.raises(OutOfSight):
            submit(assignment=given, answer=Answer("no", 1), key="changed", now=now + 2 * MINUTE)

    making.answer(ada, now + 4 * DAY, "no")
    assert answers_of(ada).count() == 3
    submit(assignment=other, answer=Answer("no", 1), key="changed", now=now + 5 * DAY)


def test_the_same_answer_sent_again_is_receipted_while_it_is_out_of_sight(
    project: Project, ada: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-1")], [(ada, "item-1")])
    first = making.answer(ada, now)
    first.refresh_from_db()

    again = submit(
        assignment=first, answer=Answer("yes", 4), key=str(first.public_id), now=now + MINUTE
    )

    assert again == Annotation.objects.get()


def test_what_is_skipped_goes_to_others_and_comes_back_by_undo(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-1")], [(ada, "item-1")])
    claimed = making.claim(ada, now)
    assert claimed is not None
    skip(assignment=claimed, now=now)
    taken_back = take_skip_back(assignment=claimed, now=now, lease=making.LEASE)
    assert PlannedAssignment.objects.get(pass_number=1).assignment == taken_back

    skip(assignment=taken_back, now=now)

    assert answer(ben, now) == "item-1"
    assert check_people_and_answers() == []


def test_a_place_whose_lease_ran_out_waits_for_its_person(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-1")], [(ada, "item-1")])
    held = making.claim(ada, now)
    assert held is not None
    later = now + 2 * making.LEASE
    assert expire_leases(project=project, now=later) == 1
    assert answer(ben, later) == "item-2"

    held.refresh_from_db()
    submit(assignment=held, answer=Answer("no", 2), key="late", now=later)

    assert PlannedAssignment.objects.get(pass_number=1).assignment == held
    assert PlannedAssignment.objects.get(pass_number=2).due_at == later + 3 * DAY
    assert check_people_and_answers() == []


def test_stopping_gives_the_rest_to_the_open_queue_and_forgets_the_repeats(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    plan = start(project, now, [(ada, "item-1"), (ada, "item-2"), (ben, "item-2")])
    answer(ada, now)

    assert stop_plan(plan=plan, now=now) == 2

    wanted = Counter(FreeSlot.objects.values_list("item__external_id", flat=True))
    assert wanted["item-1"] == 0 and wanted["item-2"] == 3
    assert running_plan(project) is None
    assert check_people_and_answers() == []
    with pytest.raises(NoPlanRuns):
        stop_plan(plan=plan, now=now)


def test_one_plan_runs_at_a_time(project: Project, ada: Member, now: datetime) -> None:
    start(project, now, [(ada, "item-1")])

    with pytest.raises(PlanRuns):
        start(project, now, [(ada, "item-2")])
    assert PlannedAssignment.objects.count() == 1


def test_an_item_given_out_meanwhile_stops_the_start_and_leaves_nothing_behind(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    making.claim(ben, now)

    with pytest.raises(ItemsTaken):
        start(project, now, [(ada, "item-2"), (ada, "item-1")])

    assert not Plan.objects.exists() and not PlannedAssignment.objects.exists()
    assert FreeSlot.objects.count() == 17
    assert not Item.objects.filter(n_wanted__isnull=False).exists()


def test_whoever_may_see_answers_cannot_be_planned(
    project: Project, ada: Member, now: datetime
) -> None:
    mia = making.member(project, "mia", now, Member.Role.REVIEWER)
    mia.annotates = True
    mia.save()

    with pytest.raises(NotBlind, match="mia"):
        start(project, now, [(ada, "item-1"), (mia, "item-1")])
    with pytest.raises(NotBlind):
        other = making.project(now, slug="other")
        start(project, now, [(making.member(other, "zoe", now), "item-1")])


def test_an_imported_answer_fills_its_persons_place(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-1"), (ben, "item-1"), (ada, "item-2")])
    making.import_rows(
        project, ["item_id,annotator,label,confidence", "item-1,old hand,yes,3"], now
    )

    assert [answer(ada, now), answer(ben, now)] == ["item-1", "item-1"]
    assert Assignment.objects.filter(item__external_id="item-1").count() == 3
    assert check_people_and_answers() == []


def test_progress_counts_what_was_planned_given_and_skipped(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    plan = start(
        project, now, [(ada, "item-1"), (ada, "item-2"), (ben, "item-2")], [(ada, "item-1")]
    )
    answer(ada, now)
    claimed = making.claim(ben, now)
    assert claimed is not None
    skip(assignment=claimed, now=now)

    progress = progress_of(plan)

    assert (progress.n_items, progress.n_planned, progress.n_done) == (2, 4, 1)
    first, second = progress.people
    assert (first.name, first.n_first, first.n_first_done, first.n_repeat) == ("ada", 2, 1, 1)
    assert (first.next_at, second.n_skipped) == (now + 3 * DAY, 1)


def test_two_who_leave_the_same_item_leave_it_to_two_others_and_nobody_twice(
    now: datetime,
) -> None:
    project = making.project(now, n_items=3)
    ada, ben, cleo, dan = (making.member(project, n, now) for n in ("ada", "ben", "cleo", "dan"))
    making.member(project, "mia", now, Member.Role.MANAGER)
    shared = [(ada, "item-1"), (ben, "item-1"), (cleo, "item-2"), (dan, "item-3")]
    plan = start(project, now, [*shared, (cleo, "item-3")])
    give_to(project=project, items=list(project.items.filter(external_id="item-2")), member=dan)
    for left in (ada, ben):
        remove_member(member=left, now=now)

    done = hand_over(plan=plan, seed=0)

    assert (done.n_items, done.n_without_taker) == (2, 0)
    takers = PlannedAssignment.objects.filter(item__external_id="item-1")
    assert set(takers.values_list("annotator__name", flat=True)) == {"cleo", "dan"}
    remove_member(member=dan, now=now)
    hand_over(plan=plan, seed=0)
    assert check_people_and_answers() == []
    assert PlannedAssignment.objects.filter(annotator=cleo).count() == 3


def test_a_skipped_planned_item_can_be_given_taken_back_and_released_without_a_clash(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-1"), (ben, "item-1")])
    first, second = making.claim(ada, now), making.claim(ben, now)
    assert first is not None and second is not None
    skip(assignment=second, now=now)
    skip(assignment=first, now=now)
    back = take_skip_back(assignment=second, now=now, lease=making.LEASE)
    cleo = making.member(project, "cleo", now)
    item = list(project.items.filter(external_id="item-1"))
    assert give_to(project=project, items=item, member=cleo) == 1

    release(assignment=back, now=now)

    assert [answer(ben, now), answer(cleo, now)] == ["item-1", "item-1"]
    assert check_people_and_answers() == []


def test_what_is_open_when_a_plan_stops_is_nobodys_place_afterwards(
    project: Project, ada: Member, now: datetime
) -> None:
    plan = start(project, now, [(ada, "item-1")])
    making.claim(ada, now)
    stop_plan(plan=plan, now=now)

    expire_leases(project=project, now=now + 2 * making.LEASE)

    assert not PlannedAssignment.objects.exists()
    assert check_people_and_answers() == []


def test_a_skipped_first_answer_keeps_nothing_out_of_sight(
    now: datetime,
) -> None:
    project = making.project(now, n_items=2)
    ada = making.member(project, "ada", now)
    start(project, now, [(ada, "item-1"), (ada, "item-2")], [(ada, "item-1")])
    claimed = making.claim(ada, now)
    assert claimed is not None
    skip(assignment=claimed, now=now)
    answer(ada, now)

    assert answers_of(ada).count() == 1


def test_a_skipped_repeat_is_not_had_back_once_its_first_answer_was_to_be_seen(
    now: datetime,
) -> None:
    project = making.project(now, n_items=1)
    ada = making.member(project, "ada", now)
    start(project, now, [(ada, "item-1")], [(ada, "item-1")])
    answer(ada, now)
    again = making.claim(ada, now + 3 * DAY)
    assert again is not None and again.pass_number == 2
    skip(assignment=again, now=now + 3 * DAY)
    assert answers_of(ada).count() == 1

    with pytest.raises(NotHeld):
        take_skip_back(assignment=again, now=now + 3 * DAY, lease=making.LEASE)


def test_whoever_becomes_a_reviewer_is_given_nothing_planned_and_their_part_is_handed_over(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    making.member(project, "mia", now, Member.Role.MANAGER)
    plan = start(project, now, [(ada, "item-1"), (ben, "item-2")])
    change_member(member=ada, role=Member.Role.REVIEWER, annotates=True)

    claimed = making.claim(ada, now)

    assert claimed is not None and claimed.item.external_id != "item-1"
    assert progress_of(plan).people[0].n_left_over == 1
    assert hand_over(plan=plan, seed=0).loads == {"ben": 2}


def test_what_was_given_by_hand_to_somebody_who_leaves_goes_to_the_others(
    project: Project, ada: Member, ben: Member, now: datetime
) -> None:
    making.member(project, "mia", now, Member.Role.MANAGER)
    give_to(project=project, items=list(project.items.all()), member=ada)

    remove_member(member=ada, now=now)

    assert FreeSlot.objects.count() == 18
    assert check_people_and_answers() == []


def test_an_import_that_brings_a_planned_answer_fills_its_place(
    project: Project, ada: Member, now: datetime
) -> None:
    start(project, now, [(ada, "item-1"), (ada, "item-2")], [(ada, "item-1")])

    rows = b"item_id,annotator,label,confidence\nitem-1,ada,yes,3"
    source = Source("answers.csv", rows, choices={"accounts": "join"})
    import_file(project=project, source=source, author=None, now=now)

    repeat = PlannedAssignment.objects.get(pass_number=2)
    assert repeat.due_at is not None
    assert answer(ada, now) == "item-2"
    assert check_people_and_answers() == []


def test_the_overview_counts_planned_places_as_wanted(
    project: Project, ada: Member, now: datetime
) -> None:
    start(project, now, [(ada, f"item-{n}") for n in range(1, 7)], [(ada, "item-1")])
    answer(ada, now)

    assert project_progress(project).share == pytest.approx(1 / 6)
