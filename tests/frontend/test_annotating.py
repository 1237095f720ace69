"""The annotation screen as a browser with and without script meets it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from annotate.models import Annotation, Assignment, Member, Project
from annotate.services.annotations import submit
from annotate.validity import Answer
from tests import making
from tests.forms import form_for

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = {"Halftone-Script": "1"}


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, slug="notes", n_items=6, wanted=2)


@pytest.fixture
def ann(project: Project, now: datetime) -> Client:
    return making.browser(making.member(project, "ann", now))


PAGE = "/projects/notes/annotate/"
CHOSEN = {"primary": "yes", "confidence": "4", "action": "submit"}


def fields(client: Client, page: str = PAGE) -> dict[str, object]:
    return dict(form_for(client.get(page).content.decode(), "revision").untouched)


def test_only_the_receipt_with_its_own_key_says_that_an_answer_is_stored(ann: Client) -> None:
    sent = fields(ann) | CHOSEN

    stored = ann.post(PAGE, sent, headers=SCRIPT)

    assert (stored.status_code, stored["Halftone-Receipt"]) == (200, sent["key"])
    assert fields(ann)["assignment"] != sent["assignment"]
    assert Annotation.objects.count() == 1


def test_a_refusal_of_ours_says_so_and_a_sign_in_page_is_none(ann: Client) -> None:
    sent = fields(ann) | CHOSEN

    refused = ann.post(PAGE, sent | {"confidence": "9"}, headers=SCRIPT)
    ann.logout()
    signed_out = ann.post(PAGE, sent, headers=SCRIPT, follow=True)

    assert (refused.status_code, refused["Halftone-Problem"]) == (422, "confidence-outside-scale")
    assert "Halftone-Problem" not in signed_out and "Halftone-Receipt" not in signed_out
    assert signed_out.request["PATH_INFO"] == "/accounts/login/"
    assert not Annotation.objects.exists()


def test_an_answer_is_taken_only_under_its_own_projects_address(
    project: Project, ann: Client, now: datetime
) -> None:
    other = making.project(now, slug="other")
    making.member(other, "ann", now)

    foreign = ann.post("/projects/other/annotate/", fields(ann) | CHOSEN)

    assert foreign.status_code == 404
    assert not Annotation.objects.exists()


def test_a_second_window_is_told_that_the_item_was_answered(ann: Client) -> None:
    first, second = fields(ann) | CHOSEN, fields(ann) | CHOSEN | {"primary": "no"}
    ann.post(PAGE, first)

    late = ann.post(PAGE, second, headers=SCRIPT)

    assert (late.status_code, late["Halftone-Problem"]) == (409, "answered-meanwhile")
    assert Annotation.objects.get().primary.key == "yes"


def test_a_skip_can_be_undone_from_the_page_and_is_listed(ann: Client) -> None:
    skipped = fields(ann)
    ann.post(PAGE, skipped | {"action": "skip"})
    page = ann.get(PAGE).content.decode()
    mine = ann.get("/projects/notes/answers/").content.decode()

    ann.post(PAGE, {"assignment": skipped["assignment"], "action": "take-back"})

    assert "Undo" in page and "The text of item 1." in page
    assert "Answer it after all" in mine
    assert fields(ann)["assignment"] == skipped["assignment"]


def test_the_offer_to_undo_ends_after_ten_seconds(ann: Client, now: datetime) -> None:
    ann.post(PAGE, fields(ann) | {"action": "skip"})
    skipped = Assignment.objects.get(state="skipped")
    assert skipped.closed_at is not None
    Assignment.objects.filter(pk=skipped.pk).update(
        closed_at=skipped.closed_at - timedelta(seconds=11)
    )

    assert "Undo" not in ann.get(PAGE).content.decode()


def test_whoever_skipped_everything_is_not_told_that_all_is_done(ann: Client) -> None:
    for _ in range(6):
        ann.post(PAGE, fields(ann) | {"action": "skip"})

    page = ann.get(PAGE).content.decode()

    assert "All done" not in page
    assert "You skipped" in page and "6 items" in " ".join(page.split())


def test_back_never_leads_to_the_first_answer_of_an_open_repeat(
    project: Project, ann: Client, now: datetime
) -> None:
    member = Member.objects.get(name="ann")
    done = making.claim(member, now)
    assert done is not None
    submit(assignment=done, answer=Answer("yes", 4), key="first", now=now)
    making.repeat(done, now)

    page = ann.get(PAGE).content.decode()
    old = ann.get(f"/projects/notes/answers/{done.public_id}/")

    assert str(done.public_id) not in page
    assert old["Location"] == "/projects/notes/answers/"


def test_a_text_is_shown_as_it_is_with_its_invisible_characters_marked(
    project: Project, ann: Client
) -> None:
    text = "  def f():\n\treturn\u202e1\u200b"
    project.items.filter(external_id="item-1").update(text=text)

    page = ann.get(PAGE).content.decode()

    assert "  def f():\n\treturn\u202e" in page
    assert 'title="U+202E right-to-left override">RLO' in page
    assert 'title="U+200B zero-width space">ZWSP' in page


def test_pages_answer_head(ann: Client) -> None:
    for page in (PAGE, "/projects/notes/answers/", "/"):
        assert ann.head(page).status_code == 200
