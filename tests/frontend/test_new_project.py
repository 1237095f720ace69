"""Beginning a project on one page: what is made, what is refused, what the preview shows."""

from datetime import datetime

import pytest
from django.test import Client

from annotate.models import Guideline, Label, Member, Project
from annotate.services.projects import COLOURS
from frontend.presenters.beginning import ENOUGH, SHEETS, contrast
from tests import making
from tests.forms import form_for

pytestmark = pytest.mark.django_db
LABELS = {
    "labels-0-name": "Supported",
    "labels-0-description": "the evidence backs it",
    "labels-1-name": "Refuted",
    "labels-1-key": "no",
    "labels-1-hotkey": "9",
}


@pytest.fixture
def boss(now: datetime) -> Client:
    return making.browser(making.member(making.project(now), "boss", now, Member.Role.MANAGER))


def filled(boss: Client, **changes: str) -> dict[str, str | list[str]]:
    """The form as it stands, with a name, two labels and `changes`."""
    page = boss.get("/new/").content.decode()
    return {**form_for(page, "guideline").untouched, "name": "Claims, checked", **LABELS, **changes}


def test_a_project_is_made_with_its_labels_and_guidelines_by_who_then_manages_it(
    boss: Client,
) -> None:
    made = boss.post("/new/", filled(boss, guideline="**Refuted**: the evidence says otherwise."))

    assert made["Location"] == "/projects/claims-checked/data/"
    project = Project.objects.get(slug="claims-checked")
    assert (project.name, project.annotators_per_item) == ("Claims, checked", 3)
    fields = ("key", "name", "description", "colour", "hotkey")
    assert list(Label.objects.filter(label_set__project=project).values_list(*fields)) == [
        ("Supported", "Supported", "the evidence backs it", COLOURS[0], "1"),
        ("no", "Refuted", "", COLOURS[1], "9"),
    ]
    assert Guideline.objects.get(project=project).version == 1
    assert Member.objects.get(project=project).role == "manager"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "日本語"}, "Give a short name in plain letters"),
        ({"slug": "notes"}, "There is a project “notes” already"),
        ({"labels-1-name": "", "labels-1-key": ""}, "at least two labels"),
        ({"labels-1-key": "Supported"}, "“Supported” is there twice"),
        ({"labels-0-hotkey": "9"}, "Two labels have the key “9”"),
        ({"labels-0-hotkey": "x"}, "One of the digits 1 to 9"),
        ({"labels-0-colour": "red"}, "#rrggbb"),
        ({"annotators_per_item": "0"}, "greater than or equal to 1"),
        ({"confidence_scale": "10"}, "less than or equal to 9"),
    ],
)
def test_what_cannot_be_made_is_refused_with_everything_kept(
    boss: Client, changes: dict[str, str], words: str
) -> None:
    refused = boss.post("/new/", filled(boss, guideline="Keep me.", **changes))

    page = refused.content.decode()
    assert refused.status_code in (409, 422)
    assert words in page and "Keep me." in page
    assert Project.objects.count() == 1


def test_digits_that_are_left_go_to_the_labels_without_one(boss: Client) -> None:
    boss.post("/new/", filled(boss, **{"labels-1-hotkey": "1", "labels-2-name": "Neither"}))

    labels = Label.objects.filter(label_set__project__slug="claims-checked").order_by("position")
    assert list(labels.values_list("hotkey", flat=True)) == ["2", "1", "3"]


def test_the_preview_shows_the_screen_and_warns_of_colours_nobody_sees(boss: Client) -> None:
    body = filled(boss, **{"labels-0-colour": "#ffff99", "guideline": "# How to decide"})

    page = boss.post("/new/preview/", body | {"name": ""}).content.decode()

    assert page.index("Supported") < page.index("Refuted")
    assert "<h1>How to decide</h1>" in page
    assert "hard to see on a light page" in " ".join(page.split())
    assert "dark page" not in page
    assert "First label" in boss.post("/new/preview/", {}).content.decode()


def test_the_usual_colours_are_seen_on_both_pages() -> None:
    for colour in COLOURS:
        assert all(contrast(colour, sheet) >= ENOUGH for sheet in SHEETS.values())
        assert contrast(colour, "#ffffff") >= 4.5


def test_only_who_manages_something_begins_a_project(boss: Client, now: datetime) -> None:
    ann = making.browser(making.member(Project.objects.get(), "ann", now))

    assert ann.get("/new/").status_code == 403
    assert ann.post("/new/", filled(boss)).status_code == 403
    assert ann.post("/new/preview/", {}).status_code == 403
    assert Client().get("/new/").status_code == 302
    assert "New project" not in ann.get("/").content.decode()
    assert "New project" in boss.get("/").content.decode()
    assert Project.objects.count() == 1
