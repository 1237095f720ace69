"""What the API says of itself is so: generated requests, right and wrong ones, meet documented
answers only and no server error.
"""

import os
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotate.models import Member
from config.wsgi import application
from tests import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
N_EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "6"))  # of each operation; experiments take more
ROLES = (Member.Role.ANNOTATOR, Member.Role.REVIEWER, Member.Role.MANAGER)
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.mark.parametrize("role", ROLES)
def test_generated_requests_meet_documented_answers_only(role: str, now: datetime) -> None:
    project = making.project(now, slug="p1", n_items=3)
    key = making.token(making.member(project, "caller", now, role), now)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    n = 0
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]  # raises for what is no operation

        @settings(
            max_examples=N_EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=_cases(operation))
        def ask(case: Any) -> None:
            nonlocal n
            case.path_parameters = {
                **(case.path_parameters or {}),
                **({"slug": "p1"} if "slug" in (case.path_parameters or {}) else {}),
            }
            response = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(response, checks=CHECKS)
            n += 1

        ask()
    assert n >= 40


def _cases(operation: Any) -> Any:
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return right | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def test_whatever_is_not_there_is_a_problem_document_too() -> None:
    for path in ("nowhere/", "assignments/not-an-id/skip/", "projects/p1/models/x/promote/"):
        answer = Client().post(f"/api/v1/{path}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert answer["Content-Type"] == "application/problem+json"
