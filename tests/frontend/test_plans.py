"""Plans from the door: a whole study over REST, the page that begins and stops one, and who may."""

import os
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pytest

from annotate.models import Member, Plan, PlannedAssignment, Project
from annotate.selectors.plans import the_running_plan
from annotate.services.integrity import check_people_and_answers
from annotate.services.members import remove_member
from labeler.numerics.planning.resources import Resources
from labeler.selectors import agreement_report
from labeler.services.handing_over import hand_over, propose_handover
from labeler.services.planned_work import Wish, start_planned_work
from labeler.services.reliability import newest_or_run
from tests import making
from tests.forms import form_for
from tests.simulated_study import LABELS, Clock, Study, passes

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = int(os.environ.get("STUDY_TIMES", "1"))  # 10: the design at its full size
NUMBERS = {
    "hours": str(TIMES),
    "rate": "60",
    "items": "",
    "double": "33.3333333333",
    "repeat": "50",
}
PAGE = "/projects/study/plan/"


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, slug="study", labels=LABELS, n_items=216 * TIMES)


@pytest.fixture
def people(project: Project, now: datetime) -> list[Member]:
    return [making.member(project, f"p{n}", now) for n in range(6)]


def begin(project: Project, people: list[Member], now: datetime, **changes: Any) -> Plan:
    """The design of EffiARA's first study at a tenth of its size: 24 single items, 24 shared and 12
    repeated a person.
    """
    known = Resources(6, 1 * TIMES, 60, None, 1 / 3, 1 / 2)
    values: dict[str, Any] = {"gap_days": 7, "gap_items": 10, "seed": 1} | changes
    wish = Wish(known=known, people=people, **values)
    return start_planned_work(project=project, wish=wish, author=None, now=now)


def alpha(pairs: list[tuple[str, str]]) -> float:
    codes = np.array([[LABELS.index(label) for label in pair] for pair in pairs], dtype=float).T
    return float(krippendorff.alpha(codes, level_of_measurement="nominal"))


def test_a_planned_study_gives_every_pair_and_repeat_as_planned_and_measures_them(
    project: Project, people: list[Member], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(project, people, now)
    planned = set(
        PlannedAssignment.objects.values_list("annotator__name", "item__external_id", "pass_number")
    )
    study = Study(project, people, Clock.of(now, monkeypatch))
    study.work(n_a_day=15 * TIMES, days=12)

    order = list(zip(study.given, passes(study), strict=True))
    assert {(one.person, one.item, number) for one, number in order} == planned
    assert Counter(one.person for one in study.given) == {f"p{n}": 60 * TIMES for n in range(6)}
    moment = {(one.person, one.item, number): one.at for one, number in order}
    for person, item, number in planned:
        if number == 2:
            first, again = moment[person, item, 1], moment[person, item, 2]
            between = sum(1 for g in study.given if g.person == person and first < g.at < again)
            assert again - first >= timedelta(days=7) and between >= 10

    report = agreement_report(newest_or_run(project=project, now=study.clock.now))
    first_labels = {(g.person, g.item): g.label for g, number in order if number == 1}
    repeats = {(g.person, g.item): g.label for g, number in order if number == 2}
    for row in report.intra:
        pairs = [(first_labels[k], label) for k, label in repeats.items() if k[0] == row.annotator]
        assert row.n == 12 * TIMES and row.value == pytest.approx(alpha(pairs), abs=1e-9)
    by_item: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (person, item), label in first_labels.items():
        by_item[item][person] = label
    for a, b in combinations((f"p{n}" for n in range(6)), 2):
        shared = [(both[a], both[b]) for both in by_item.values() if {a, b} <= set(both)]
        pair = next((row for row in report.pairs if {row.a, row.b} == {a, b}), None)
        if pair is not None and pair.value is not None:
            assert pair.n == len(shared)
            assert pair.value == pytest.approx(alpha(shared), abs=1e-9)
    assert check_people_and_answers() == []


def test_nothing_in_order_or_bytes_tells_a_repeat_from_a_first_answer(
    project: Project, people: list[Member], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(project, people, now)
    study = Study(project, people, Clock.of(now, monkeypatch))
    study.work(n_a_day=6 * TIMES, days=25)

    sizes, is_repeat = [], []
    for one, number in zip(study.given, passes(study), strict=True):
        text = one.shown.decode()
        assert "pass" not in text and "repeat" not in text and "plan" not in text
        sizes.append(len(one.shown) - len(one.item) * 2)
        is_repeat.append(number == 2)
    assert len(set(sizes)) == 1
    assert sum(is_repeat) == 72 * TIMES


def test_when_somebody_leaves_no_item_is_lost_and_loads_stay_level(
    project: Project, people: list[Member], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = begin(project, people, now)
    study = Study(project, people, Clock.of(now, monkeypatch))
    study.work(n_a_day=15 * TIMES, days=2)
    wanted = set(PlannedAssignment.objects.filter(pass_number=1).values_list("item_id", flat=True))
    remove_member_of = people[2]
    making.member(project, "mia", now, Member.Role.MANAGER)
    remove_member(member=remove_member_of, now=study.clock.now)

    proposed = propose_handover(plan=plan, seed=0)
    done = hand_over(plan=plan, seed=0)

    assert proposed == done and done.connected and done.n_without_taker == 0
    assert max(done.loads.values()) - min(done.loads.values()) <= 1
    study.people = [one for one in people if one != remove_member_of]
    study.work(n_a_day=15 * TIMES, days=16)
    answered = set(
        PlannedAssignment.objects.filter(pass_number=1, assignment__state="submitted").values_list(
            "item_id", flat=True
        )
    )
    assert answered == wanted
    assert not PlannedAssignment.objects.filter(assignment=None).exists()
    assert check_people_and_answers() == []


def test_a_manager_begins_and_stops_a_plan_in_the_browser(
    project: Project, people: list[Member], now: datetime
) -> None:
    mia = making.browser(making.member(project, "mia", now, Member.Role.MANAGER))
    page = mia.get(PAGE, {"annotators": "6", **NUMBERS}).content.decode()
    untouched = form_for(page, "gap_days").untouched

    begun = mia.post(PAGE, untouched, follow=True).content.decode()

    assert "Plan 1 is running" in " ".join(begun.split())
    plan = the_running_plan(project)
    assert (plan.gap_days, plan.gap_items, plan.places.count()) == (7, 20, 360 * TIMES)
    stopped = mia.post(f"{PAGE}1/stop/", follow=True).content.decode()
    assert "Plan 1 is stopped" in stopped
    assert not PlannedAssignment.objects.exists()


def test_a_plan_that_everybody_left_asks_to_be_stopped(
    project: Project, people: list[Member], now: datetime
) -> None:
    begin(project, people, now)
    mia = making.browser(making.member(project, "mia", now, Member.Role.MANAGER))
    assert "Nobody of this plan is here" not in mia.get(PAGE).content.decode()
    for one in people:
        remove_member(member=one, now=now)

    page = mia.get(PAGE).content.decode()

    assert "Nobody of this plan is here any more. Stop it" in " ".join(page.split())
    assert "Give it to the others" not in page


def test_a_plan_that_does_not_fit_is_refused_where_it_was_asked_for(
    project: Project, people: list[Member], now: datetime
) -> None:
    mia = making.browser(making.member(project, "mia", now, Member.Role.MANAGER))
    body = {"annotators": "6", **NUMBERS, "people": [str(people[0].pk)], "gap_days": "7"}

    too_few = mia.post(PAGE, body | {"gap_items": "20"})
    too_far = mia.post(
        PAGE, body | {"people": [str(one.pk) for one in people], "gap_items": str(40 * TIMES)}
    )

    assert (too_few.status_code, too_far.status_code) == (422, 422)
    assert "6 people and 1 were chosen" in " ".join(too_few.content.decode().split())
    assert f"leave no room for {40 * TIMES} other answers" in " ".join(
        too_far.content.decode().split()
    )
    assert not Plan.objects.exists()


def test_only_managers_begin_stop_and_hand_over(
    project: Project, people: list[Member], now: datetime
) -> None:
    begin(project, people, now)
    reviewer = making.browser(making.member(project, "rev", now, Member.Role.REVIEWER))
    annotator = making.browser(people[0])

    assert reviewer.get(PAGE).status_code == 200
    assert annotator.get(PAGE).status_code == 403
    for who in (reviewer, annotator):
        for path in (PAGE, f"{PAGE}1/stop/", f"{PAGE}1/handover/"):
            assert who.post(path).status_code == 403
    assert Plan.objects.filter(stopped_at=None).count() == 1


def test_a_manager_gives_chosen_items_out_by_hand(
    project: Project, people: list[Member], now: datetime
) -> None:
    mia = making.browser(making.member(project, "mia", now, Member.Role.MANAGER))
    page = mia.get("/projects/study/items/").content.decode()
    form = form_for(page, "gap_days").untouched
    chosen = [str(item.public_id) for item in project.items.order_by("pk")[:2]]

    def send(**changes: object) -> str:
        answer = mia.post("/projects/study/items/ask/", {**form, **changes}, follow=True)
        return " ".join(answer.content.decode().split())

    assert "One more person is wanted for 2 items" in send(items=chosen)
    assert "p3 is given 2 items" in send(items=chosen, how="give", member=str(people[3].pk))
    assert "Choose at least one item" in send()
    assert "not in this project" in send(items=["00000000-0000-4000-8000-000000000000"])
    assert set(PlannedAssignment.objects.values_list("annotator__name", "pass_number")) == {
        ("p3", 1)
    }
    reviewer = making.browser(making.member(project, "rev", now, Member.Role.REVIEWER))
    assert reviewer.post("/projects/study/items/ask/", {**form, "items": chosen}).status_code == 403
    assert "With the chosen items" not in reviewer.get("/projects/study/items/").content.decode()
