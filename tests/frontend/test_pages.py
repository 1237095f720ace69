"""The pages as a browser without script sees them."""

import re
from datetime import datetime

import pytest
from django.test import Client

from annotate.models import Annotation, Member, Project
from annotate.services.annotations import submit
from annotate.validity import Answer
from labeler.services.soft_labels import SoftLabelSettings, make_soft_labels
from tests import making
from tests.forms import form_for

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "",
    "annotate/",
    "answers/",
    "items/",
    "people/",
    "agreement/",
    "plan/",
    "guidelines/",
    "data/",
    "datasets/",
    "trainings/",
    "models/",
    "settings/",
)
FOR_ANNOTATORS = ("annotate/", "answers/", "guidelines/")


@pytest.fixture
def project(now: datetime) -> Project:
    return making.answered_project(now)


def browser(
    project: Project, name: str, now: datetime, role: str = Member.Role.ANNOTATOR
) -> Client:
    member = making.member(project, name, now, role)
    client = Client()
    assert member.user is not None
    client.force_login(member.user)
    return client


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_a_stranger_is_sent_to_sign_in_and_a_wrong_password_stays_out(
    project: Project, now: datetime
) -> None:
    making.member(project, "ada-lovelace", now)
    client = Client()

    assert client.get(f"/projects/{project.slug}/").status_code == 302
    assert (
        client.post("/accounts/login/", {"login": "ada-lovelace", "password": "wrong"}).status_code
        == 200
    )
    assert (
        client.post(
            "/accounts/login/", {"login": "ada-lovelace", "password": making.PASSWORD}
        ).status_code
        == 302
    )
    assert client.get(f"/projects/{project.slug}/annotate/").status_code == 200


def test_nobody_signs_up_by_themselves() -> None:
    assert "closed" in Client().get("/accounts/signup/").content.decode().lower()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_a_manager_with_its_security_headers(
    project: Project, now: datetime, path: str
) -> None:
    client = browser(project, "mia", now, Member.Role.MANAGER)
    make_soft_labels(project=project, settings=SoftLabelSettings(), now=now)

    answer = client.get(f"/projects/{project.slug}/{path}")

    assert answer.status_code == (403 if path in ("annotate/", "answers/") else 200)
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert " style=" not in answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_an_annotator_sees_the_own_pages_and_no_others(
    project: Project, now: datetime, path: str
) -> None:
    client = browser(project, "ann", now)

    status = client.get(f"/projects/{project.slug}/{path}").status_code

    assert status == (200 if path in FOR_ANNOTATORS else 302 if path == "" else 403)


@pytest.mark.parametrize("path", PAGES)
def test_somebody_from_elsewhere_finds_no_such_project(
    project: Project, now: datetime, path: str
) -> None:
    client = browser(making.project(now, slug="elsewhere"), "out", now, Member.Role.MANAGER)

    assert client.get(f"/projects/{project.slug}/{path}").status_code == 404


def test_the_form_works_without_script(project: Project, now: datetime) -> None:
    client = browser(project, "ann", now)
    page = client.get(f"/projects/{project.slug}/annotate/").content.decode()

    answer = client.post(
        f"/projects/{project.slug}/annotate/",
        {
            **form_of(page),
            "primary": "yes",
            "secondary": "no",
            "confidence": "4",
            "rationale": "so",
            "action": "submit",
        },
    )

    assert answer.status_code == 302
    stored = Annotation.objects.get(annotator__name="ann")
    assert (
        stored.primary.key,
        stored.secondary and stored.secondary.key,
        stored.confidence,
        stored.rationale,
    ) == ("yes", "no", 4, "so")


def test_an_incomplete_answer_is_told_so_and_keeps_what_was_chosen(
    project: Project, now: datetime
) -> None:
    client = browser(project, "ann", now)
    page = client.get(f"/projects/{project.slug}/annotate/").content.decode()

    answer = client.post(
        f"/projects/{project.slug}/annotate/",
        {**form_of(page), "primary": "no", "rationale": "because", "action": "submit"},
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Say how sure you are." in text
    assert form_for(text, "primary").untouched["primary"] == "no"
    assert "because" in text
    assert not Annotation.objects.filter(annotator__name="ann").exists()


def test_an_earlier_answer_can_be_looked_at_and_changed(project: Project, now: datetime) -> None:
    client = browser(project, "ann", now)
    done = making.answer(Member.objects.get(name="ann"), now)
    place = f"/projects/{project.slug}/answers/{done.public_id}/"
    page = client.get(place).content.decode()

    client.post(
        place,
        {**form_of(page), "primary": "no", "confidence": "2", "secondary": "", "action": "submit"},
    )

    assert form_for(page, "primary").untouched["primary"] == "yes"
    assert list(
        Annotation.objects.filter(annotator__name="ann")
        .order_by("revision")
        .values_list("primary__key", "revision")
    ) == [("yes", 1), ("no", 2)]


def test_in_a_blind_repeat_the_earlier_answer_is_nowhere(project: Project, now: datetime) -> None:
    client = browser(project, "ann", now)
    ann = Member.objects.get(name="ann")
    done = making.claim(ann, now)
    assert done is not None
    submit(assignment=done, answer=Answer("yes", 4, rationale="CANARY"), key="first", now=now)
    repeat = making.repeat(done, now)

    pages = [
        client.get(f"/projects/{project.slug}/{path}").content.decode()
        for path in ("annotate/", "answers/")
    ]
    old = client.get(f"/projects/{project.slug}/answers/{done.public_id}/")

    assert str(repeat.public_id) in pages[0]
    blank = form_for(pages[0], "assignment").untouched
    assert blank["secondary"] == "" and not {"primary", "confidence", "is_flagged"} & set(blank)
    assert all("CANARY" not in page for page in pages)
    assert done.item.text not in pages[1]
    assert old["Location"] == f"/projects/{project.slug}/answers/"


def test_markup_in_data_stays_text(project: Project, now: datetime) -> None:
    payload = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    project.items.filter(external_id="i0").update(text=payload)
    client = browser(project, "mia", now, Member.Role.MANAGER)

    page = client.get(
        f"/projects/{project.slug}/items/{project.items.get(external_id='i0').public_id}/"
    ).content.decode()

    assert payload not in page
    assert "&lt;script&gt;" in page


def test_the_agreement_page_says_how_far_people_agree_and_why_something_is_missing(
    project: Project, now: datetime
) -> None:
    client = browser(project, "mia", now, Member.Role.MANAGER)
    path = f"/projects/{project.slug}/agreement/"

    before = client.get(path).content.decode()
    make_soft_labels(project=project, settings=SoftLabelSettings(), now=now)
    after = client.get(path).content.decode()

    assert "Nothing to compare yet" in before
    assert "Krippendorff&#x27;s alpha" in after
    assert 'aria-label="Agreement of each pair, and of people with themselves"' in after
    assert "ada and ben" in after
    assert "Alpha of both choices" in after
    assert "Named first or second" in after


def test_the_people_page_shows_what_confidence_is_worth(project: Project, now: datetime) -> None:
    client = browser(project, "mia", now, Member.Role.MANAGER)
    make_soft_labels(project=project, settings=SoftLabelSettings(), now=now)

    page = client.get(f"/projects/{project.slug}/people/").content.decode()

    assert "others agree" in page
    assert "Questions to ask" in page


def test_a_plan_is_worked_out_in_the_address_and_a_wrong_one_is_refused_in_words(
    project: Project, now: datetime
) -> None:
    client = browser(project, "mia", now, Member.Role.MANAGER)
    path = f"/projects/{project.slug}/plan/"
    five = {
        "annotators": "6",
        "hours": "10",
        "rate": "60",
        "double": "33.3333333333",
        "repeat": "50",
    }

    plan = client.get(path, five)
    refused = client.get(path, five | {"items": "100"})

    assert plan.status_code == 200
    assert "600" in plan.content.decode()
    assert refused.status_code == 422
    assert "Leave out exactly one" in refused.content.decode()


def test_an_annotator_is_shown_neither_agreement_nor_plans(project: Project, now: datetime) -> None:
    client = browser(project, "newcomer", now)

    assert {
        client.get(f"/projects/{project.slug}/{path}/").status_code
        for path in ("agreement", "plan", "people")
    } == {403}
