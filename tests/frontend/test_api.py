"""The REST API: what programs may do, what they are told, and what nobody is shown."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from annotate.models import Annotation, Assignment, Item, Member, Project
from tests import making
from worker.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1"


class Caller:
    """A program with a token."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = (
            body if isinstance(body, (str, bytes)) else json.dumps(body if body is not None else {})
        )
        return self.client.generic(
            method,
            API + path,
            content,
            content_type="application/json",
            headers=self.headers | headers,
        )


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now, slug="p1", n_items=4, wanted=2)


@pytest.fixture
def callers(project: Project, now: datetime) -> dict[str, Caller]:
    people = {
        "ann": Member.Role.ANNOTATOR,
        "ann2": Member.Role.ANNOTATOR,
        "rev": Member.Role.REVIEWER,
        "man": Member.Role.MANAGER,
    }
    made = {
        name: Caller(making.token(making.member(project, name, now, role), now))
        for name, role in people.items()
    }
    elsewhere = making.project(now, slug="p2")
    made["out"] = Caller(
        making.token(making.member(elsewhere, "out", now, Member.Role.MANAGER), now)
    )
    return made | {"anon": Caller(None), "forged": Caller("not-a-token")}


def claim(caller: Caller) -> dict[str, Any]:
    answer = caller("POST", "/projects/p1/next/")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()["assignment"]
    return found


ANSWER = {"primary": "yes", "confidence": 4, "secondary": "no", "rationale": "", "seconds": 3.2}


def test_a_program_claims_answers_and_asks_for_the_next(callers: dict[str, Caller]) -> None:
    first = claim(callers["ann"])

    stored = callers["ann"](
        "PUT", f"/assignments/{first['public_id']}/annotation/", ANSWER, **{"Idempotency-Key": "a"}
    )

    assert stored.status_code == 200
    assert (stored.json()["primary"], stored.json()["secondary"], stored.json()["revision"]) == (
        "yes",
        "no",
        1,
    )
    assert claim(callers["ann"])["item_id"] != first["item_id"]


REFUSALS: dict[str, tuple[dict[str, Any] | str, dict[str, str], int, str]] = {
    "no key": (ANSWER, {}, 400, "idempotency-key-missing"),
    "unknown label": (
        ANSWER | {"primary": "maybe"},
        {"Idempotency-Key": "a"},
        422,
        "unknown-label",
    ),
    "confidence outside": (
        ANSWER | {"confidence": 6},
        {"Idempotency-Key": "a"},
        422,
        "confidence-outside-scale",
    ),
    "same second choice": (
        ANSWER | {"secondary": "yes"},
        {"Idempotency-Key": "a"},
        422,
        "secondary-equals-primary",
    ),
    "unknown field": (ANSWER | {"annotator": 7}, {"Idempotency-Key": "a"}, 400, "bad-request"),
    "confidence in words": (
        ANSWER | {"confidence": "high"},
        {"Idempotency-Key": "a"},
        400,
        "bad-request",
    ),
    "NaN": ('{"primary": "yes", "confidence": NaN}', {"Idempotency-Key": "a"}, 400, "bad-request"),
    "field twice": (
        '{"primary": "yes", "primary": "no", "confidence": 3}',
        {"Idempotency-Key": "a"},
        400,
        "bad-request",
    ),
    "half a surrogate": (
        '{"primary": "yes", "confidence": 3, "rationale": "\\ud800"}',
        {"Idempotency-Key": "a"},
        400,
        "bad-request",
    ),
    "depth": ("[" * 5000, {"Idempotency-Key": "a"}, 400, "bad-request"),
    "a list": ("[]", {"Idempotency-Key": "a"}, 400, "bad-request"),
    "negative seconds": (ANSWER | {"seconds": -1}, {"Idempotency-Key": "a"}, 422, "bad-answer"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_wrong_answer_gets_its_problem_and_leaves_nothing(
    callers: dict[str, Caller], name: str
) -> None:
    body, headers, status, code = REFUSALS[name]
    place = f"/assignments/{claim(callers['ann'])['public_id']}/annotation/"

    refused = callers["ann"]("PUT", place, body, **headers)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused["Content-Type"] == "application/problem+json"
    assert not Annotation.objects.exists()
    assert callers["ann"]("PUT", place, ANSWER, **{"Idempotency-Key": "b"}).status_code == 200


def test_a_repeated_key_gives_the_same_answer_and_refuses_another(
    callers: dict[str, Caller],
) -> None:
    place = f"/assignments/{claim(callers['ann'])['public_id']}/annotation/"
    first = callers["ann"]("PUT", place, ANSWER, **{"Idempotency-Key": "a"})

    again = callers["ann"]("PUT", place, ANSWER, **{"Idempotency-Key": "a"})
    other = callers["ann"](
        "PUT", place, ANSWER | {"primary": "unclear"}, **{"Idempotency-Key": "a"}
    )

    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert Annotation.objects.count() == 1


def test_an_answer_after_its_lease_is_a_conflict_only_where_the_place_is_gone(
    callers: dict[str, Caller],
) -> None:
    mine, theirs = claim(callers["ann"]), claim(callers["ann2"])
    Assignment.objects.update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    place = f"/assignments/{mine['public_id']}/annotation/"

    in_time = callers["ann"]("PUT", place, ANSWER, **{"Idempotency-Key": "a"})
    Assignment.objects.filter(public_id=theirs["public_id"]).update(state="expired", slot=None)
    late = callers["ann2"](
        "PUT",
        f"/assignments/{theirs['public_id']}/annotation/",
        ANSWER,
        **{"Idempotency-Key": "a"},
    )

    assert in_time.status_code == 200
    assert (late.status_code, late.json()["code"]) == (409, "lease-expired")


def test_who_no_longer_annotates_changes_no_answer(callers: dict[str, Caller]) -> None:
    place = f"/assignments/{claim(callers['ann'])['public_id']}/annotation/"
    callers["ann"]("PUT", place, ANSWER, **{"Idempotency-Key": "a"})
    Member.objects.filter(name="ann").update(annotates=False, role=Member.Role.REVIEWER)

    changed = callers["ann"](
        "PUT", place, ANSWER | {"primary": "unclear"}, **{"Idempotency-Key": "b"}
    )

    assert (changed.status_code, changed.json()["code"]) == (403, "not-allowed")
    assert Annotation.objects.get().primary.key == "yes"


def test_while_a_repeat_is_open_the_first_answer_cannot_be_reached(
    callers: dict[str, Caller], now: datetime
) -> None:
    first = claim(callers["ann"])["public_id"]
    place = f"/assignments/{first}/annotation/"
    callers["ann"]("PUT", place, ANSWER, **{"Idempotency-Key": "a"})
    done = Assignment.objects.get(public_id=first)
    repeat = making.repeat(done, now)

    changed = callers["ann"]("PUT", place, ANSWER | {"confidence": 1}, **{"Idempotency-Key": "b"})
    other = f"/assignments/{repeat.public_id}/annotation/"
    again = callers["ann"]("PUT", other, ANSWER, **{"Idempotency-Key": "c"})

    assert (changed.status_code, again.status_code) == (404, 200)
    assert list(Annotation.objects.values_list("confidence", flat=True)) == [4, 4]


def test_an_assignment_of_somebody_else_does_not_exist(callers: dict[str, Caller]) -> None:
    theirs = claim(callers["ann"])["public_id"]

    for name in ("ann2", "rev", "man", "out"):
        foreign = callers[name](
            "PUT", f"/assignments/{theirs}/annotation/", ANSWER, **{"Idempotency-Key": "a"}
        )
        assert (foreign.status_code, foreign.json()["code"]) == (404, "not-found")
        assert callers[name]("POST", f"/assignments/{theirs}/skip/").status_code == 404
    assert not Annotation.objects.exists()


ROLES = {  # method, path: the status for ann, rev, man, out
    ("GET", "/projects/p1/"): (200, 200, 200, 404),
    ("GET", "/projects/p1/items/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/items/ask/"): (403, 403, 400, 404),
    ("POST", "/projects/p1/next/"): (200, 403, 403, 404),
    ("GET", "/projects/p1/agreement/"): (403, 200, 200, 404),
    ("GET", "/projects/p1/methods/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/plan/"): (403, 422, 422, 404),
    ("GET", "/projects/p1/plans/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/plans/"): (403, 403, 400, 404),
    ("GET", "/projects/p1/plans/1/"): (403, 404, 404, 404),
    ("POST", "/projects/p1/plans/1/stop/"): (403, 403, 404, 404),
    ("GET", "/projects/p1/plans/1/handover/"): (403, 404, 404, 404),
    ("POST", "/projects/p1/plans/1/handover/"): (403, 403, 404, 404),
    ("GET", "/projects/p1/reliability/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/reliability/"): (403, 200, 200, 404),
    ("GET", "/projects/p1/soft-labels/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/soft-labels/"): (403, 403, 409, 404),
    ("GET", "/projects/p1/datasets/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/datasets/"): (403, 403, 404, 404),
    ("GET", "/projects/p1/trainings/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/trainings/"): (403, 403, 404, 404),
    ("GET", "/projects/p1/trainings/00000000-0000-4000-8000-000000000000/"): (403, 404, 404, 404),
    ("POST", "/projects/p1/trainings/00000000-0000-4000-8000-000000000000/cancel/"): (
        403,
        403,
        404,
        404,
    ),
    ("GET", "/projects/p1/models/"): (403, 200, 200, 404),
    ("POST", "/projects/p1/models/1/compare/"): (403, 403, 404, 404),
    ("POST", "/projects/p1/models/1/promote/"): (403, 403, 404, 404),
    ("POST", "/projects/p1/roll-back/"): (403, 403, 409, 404),
    ("POST", "/projects/p1/predict/"): (403, 400, 400, 404),
    ("GET", "/projects/p1/imports/00000000-0000-4000-8000-000000000000/"): (403, 403, 404, 404),
    ("POST", "/projects/p1/imports/00000000-0000-4000-8000-000000000000/store/"): (
        403,
        403,
        404,
        404,
    ),
    ("GET", "/projects/p1/predictions/00000000-0000-4000-8000-000000000000/"): (
        403,
        404,
        404,
        404,
    ),
    ("GET", "/projects/p1/invitations/"): (403, 403, 200, 404),
    ("POST", "/projects/p1/invitations/"): (403, 403, 201, 404),
    ("DELETE", "/projects/p1/invitations/1/"): (403, 403, 404, 404),
    ("POST", "/join/no-such-key/"): (404, 404, 404, 404),
    ("GET", "/projects/p1/members/"): (403, 403, 200, 404),
    ("POST", "/projects/p1/members/"): (403, 403, 400, 404),
    ("PATCH", "/projects/p1/members/1/"): (403, 403, 404, 404),
    ("DELETE", "/projects/p1/members/1/"): (403, 403, 404, 404),
    ("GET", "/me/tokens/"): (200, 200, 200, 200),
    ("POST", "/me/tokens/"): (400, 400, 400, 400),
    ("DELETE", "/me/tokens/1/"): (404, 404, 404, 404),
    ("GET", "/projects/p1/schedules/"): (403, 403, 200, 404),
    ("PUT", "/projects/p1/schedules/"): (403, 403, 400, 404),
    ("GET", "/projects/p1/exports/"): (403, 403, 404, 404),
    ("POST", "/projects/"): (403, 403, 400, 400),
    ("GET", "/projects/"): (200, 200, 200, 200),
    ("GET", "/me/"): (200, 200, 200, 200),
}


@pytest.mark.parametrize(("method", "path"), ROLES)
def test_each_role_may_do_what_the_matrix_says(
    callers: dict[str, Caller], method: str, path: str
) -> None:
    got = tuple(callers[name](method, path).status_code for name in ("ann", "rev", "man", "out"))

    assert got == ROLES[method, path]
    for stranger in ("anon", "forged"):
        answer = callers[stranger](method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")
    assert not Job.objects.exists()


def test_the_matrix_names_every_route() -> None:
    known = {path for _, path in ROLES} | {"/projects/p1/imports/"}
    known |= {
        f"/assignments/00000000-0000-4000-8000-000000000000/{end}/"
        for end in ("annotation", "skip", "take-back", "release")
    } | {"/schema/", "/"}
    resolver = next(
        pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "api/v1/"
    )
    replaced = {
        "<slug:slug>": "p1",
        "<uuid:public_id>": "00000000-0000-4000-8000-000000000000",
        "<int:number>": "1",
        "<int:pk>": "1",
        "<str:key>": "no-such-key",
    }

    for pattern in resolver.url_patterns:  # type: ignore[union-attr]
        path = "/" + str(pattern.pattern)
        for name, value in replaced.items():
            path = path.replace(name, value)
        assert path in known, f"{path} is in no matrix"


def test_an_annotator_never_reads_what_others_said(
    callers: dict[str, Caller], project: Project, now: datetime
) -> None:
    """Blind by construction: the marks that somebody else left turn up in nothing that an
    annotator can fetch.
    """
    Item.objects.filter(project=project).update(
        gold=project.label_sets.get().labels.get(key="unclear")
    )
    theirs = claim(callers["ann2"])
    callers["ann2"](
        "PUT",
        f"/assignments/{theirs['public_id']}/annotation/",
        ANSWER | {"rationale": "CANARY"},
        **{"Idempotency-Key": "a"},
    )

    mine = claim(callers["ann"])
    texts = [
        callers["ann"](method, path).content.decode() for method, path in ROLES if method == "GET"
    ] + [json.dumps(mine)]

    assert mine["item_id"] == theirs["item_id"]
    for text in texts:
        assert "CANARY" not in text
        assert "ann2" not in text
        assert "gold" not in text
    assert set(mine) == {"public_id", "item_id", "text", "lease_until", "state"}


def test_an_import_is_all_or_nothing_over_http_too(
    callers: dict[str, Caller], project: Project
) -> None:

    before = Item.objects.count()
    files = {"bad": b"item_id,text\nx,\n", "good": b"item_id,text\nx,a new text\n"}
    answers = {
        name: (
            callers["man"].client.post(
                f"{API}/projects/p1/imports/",
                {"file": SimpleUploadedFile("f.csv", content)},
                headers=callers["man"].headers,
            )
        )
        for name, content in files.items()
    }

    assert answers["bad"].status_code == 422
    assert answers["bad"].json()["errors"][0]["row"] == 2
    assert answers["good"].json()["items_added"] == 1
    assert Item.objects.count() == before + 1


def test_a_removed_member_is_out_at_the_next_request(
    callers: dict[str, Caller], now: datetime
) -> None:
    assert callers["ann"]("GET", "/projects/p1/").status_code == 200

    Member.objects.filter(name="ann").update(removed_at=now)

    assert callers["ann"]("GET", "/projects/p1/").status_code == 404
