"""Every form as a browser sends it when nobody has touched it: it picks what we left open."""

from datetime import datetime
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django.forms import Form

from annotate.models import Member
from frontend import forms
from frontend.forms.learning import TrainForm
from frontend.forms.planning import AskForm, StartPlanForm
from labeler.models import Dataset
from labeler.services.datasets import freeze_answers
from labeler.services.soft_labels import SoftLabelSettings
from labeler.splits import SplitRule
from tests import making
from tests.forms import forms_of

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("datasets", "trainings", "settings", "people", "data", "items", "plan", "guidelines")
CLASSES = [
    form
    for module in walk_packages(forms.__path__, "frontend.forms.")
    for form in vars(import_module(module.name)).values()
    if isinstance(form, type) and issubclass(form, Form) and form.__module__ == module.name
]


@pytest.mark.parametrize("form", CLASSES, ids=lambda form: form.__name__)
def test_what_a_form_begins_with_is_among_its_choices(form: type[Form]) -> None:
    needs: dict[type[Form], dict[str, Any]] = {
        TrainForm: {"numbers": [1]},
        StartPlanForm: {"people": []},
        AskForm: {"people": []},
    }
    made = form(**needs.get(form, {}))

    for name, field in made.fields.items():
        choices = [value for value, _ in getattr(field, "choices", [])]
        initial = made.get_initial_for_field(field, name)
        assert not choices or initial in (None, *choices), f"{name} begins with {initial!r}"


def test_an_untouched_freezing_takes_what_suits_the_answers(now: datetime) -> None:
    project = making.answered_project(now)
    boss = making.browser(making.member(project, "boss", now, Member.Role.MANAGER))
    page = boss.get(f"/projects/{project.slug}/datasets/").content.decode()
    form = next(found for found in forms_of(page) if "method" in found.fields)

    assert form.untouched["method"] == "auto"
    boss.post(f"/projects/{project.slug}/datasets/", form.untouched)

    assert Dataset.objects.get().recipe["method"] == "reliability"


def test_select_boxes_that_the_browser_decides_have_the_usual_choice_first(now: datetime) -> None:
    project = making.answered_project(now)
    settings, rule = SoftLabelSettings(), SplitRule()
    freeze_answers(project=project, settings=settings, rule=rule, author=None, now=now)
    boss = making.browser(making.member(project, "boss", now, Member.Role.MANAGER))
    usual = {
        "contradictions": "keep",
        "dialect": "auto",
        "how": "one_more",
        "role": "annotator",
        "learner": "baseline",
        "objective": "soft",
        "weights": "reliability",
        "show": "disputed",
        "dataset": "1",
    }

    for path in PAGES:
        page = boss.get(f"/projects/{project.slug}/{path}/").content.decode()
        for form in forms_of(page):
            for name in form.unchosen:
                if not name.startswith("m"):  # the roles of members, which are chosen
                    assert form.untouched[name] == usual[name], f"{path}: {name}"
