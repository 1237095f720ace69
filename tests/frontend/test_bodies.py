"""What the API sends is what its schema says, on a project that has everything: every field that is
sent is documented, and every documented one is sent.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Member, Project
from frontend.api.records import schema_of
from labeler.numerics.planning.resources import Resources
from labeler.services.datasets import freeze_answers
from labeler.services.planned_work import Wish, start_planned_work
from labeler.services.soft_labels import SoftLabelSettings
from labeler.splits import SplitRule
from tests import making
from tests.rows import write_items
from worker.models import Job
from worker.results import RunReport
from worker.services.runner import run_job
from worker.services.training import TrainingDraft, start_training

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
Schema = dict[str, Any]
BODIES = {
    "agreement/": ("GET", None),
    "reliability/": ("GET", None),
    "plan/": ("POST", {"annotators": 4, "hours": 1, "rate": 60, "double": 0.5, "repeat": 0.2}),
    "plans/": ("GET", None),
    "plans/{number}/": ("GET", None),
    "plans/{number}/handover/": ("GET", None),
    "soft-labels/": ("GET", None),
    "methods/": ("GET", None),
    "datasets/": ("GET", None),
    "trainings/": ("GET", None),
    "models/": ("GET", None),
    "predict/": ("POST", {"texts": ["good and bright", "dark"]}),
    "items/": ("GET", None),
    "members/": ("GET", None),
    "invitations/": ("POST", {"n_places": 3}),
    "schedules/": ("GET", None),
    "": ("GET", None),
}


@pytest.fixture
def project(now: datetime, data_dir: Path) -> Project:
    project = making.answered_project(now, n_items=150, slug="p1")
    dataset = freeze_answers(
        project=project, settings=SoftLabelSettings(), rule=SplitRule(), author=None, now=now
    )
    run = start_training(
        dataset=dataset, draft=TrainingDraft(), key="k", author=None, now=timezone.now()
    )
    run_job(job_id=run.job_id, owner="test", clock=timezone.now)
    begin_a_plan(project, now)
    return project


def begin_a_plan(project: Project, now: datetime) -> None:
    write_items(project, {f"new-{n}": f"New item {n}." for n in range(40)}, now)
    people = [making.member(project, name, now) for name in ("cleo", "dan")]
    known = Resources(2, 1, 20, None, 0.5, 0.5)
    wish = Wish(known=known, people=people, gap_days=1, gap_items=2, seed=0)
    start_planned_work(project=project, wish=wish, author=None, now=now)


def test_every_body_of_a_full_project_is_as_the_schema_says(
    project: Project, now: datetime
) -> None:
    manager = making.member(project, "mia", now, Member.Role.MANAGER)
    key = making.token(manager, now)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    document = client.get("/api/v1/schema/?format=json").json()
    for path, (method, body) in BODIES.items():
        answer = client.generic(
            method,
            f"/api/v1/projects/p1/{path.format(number=1)}",
            json.dumps(body) if body else "",
            content_type="application/json",
        )
        assert answer.status_code in (200, 201), (path, answer.content)
        operation = document["paths"][f"/api/v1/projects/{{slug}}/{path}"][method.lower()]
        documented = operation["responses"][str(answer.status_code)]["content"]["application/json"][
            "schema"
        ]
        sent = answer.json()
        jsonschema.validate(sent, strict(documented, document))
        assert sent, path


def strict(schema: Schema, document: Schema) -> Schema:
    """With its references resolved, nullable as JSON Schema has it, and no field but those that are
    named.
    """
    if "$ref" in schema:
        return strict(
            document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], document
        )
    own = {name: _strict(value, document) for name, value in schema.items() if name != "nullable"}
    if "properties" in own:
        own["additionalProperties"] = False
    return {"anyOf": [own, {"type": "null"}]} if schema.get("nullable") else own


def _strict(value: Any, document: Schema) -> Any:
    if isinstance(value, dict):
        return strict(value, document)
    return [_strict(one, document) for one in value] if isinstance(value, list) else value


def test_a_training_says_each_status_a_job_can_have() -> None:
    status = schema_of(RunReport)["properties"]["status"]

    assert sorted(status["enum"]) == sorted(Job.Status.values)
