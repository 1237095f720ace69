"""What whoever runs the site meets: health, faults, sub-paths, forgotten passwords, settings."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client

from config.env import Environment, read_secrets
from frontend.views import health
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)


def test_health_answers_whatever_host_an_orchestrator_names() -> None:
    for path in ("/healthz", "/readyz"):
        assert Client(headers={"Host": "10.9.8.7:8000"}).get(path).status_code == 200
    assert Client(headers={"Host": "10.9.8.7:8000"}).get("/").status_code == 400


def test_readyz_says_when_the_disk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FEWEST_FREE_BYTES", 2**62)

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert "cannot be kept" in answer.json()["disk"]


def test_a_database_that_is_away_is_said_on_a_page_and_not_a_500(
    monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    member = making.member(making.project(now, slug="notes"), "ann", now)
    client = making.browser(member)

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("frontend.views.annotating.claim_next", away)
    answer = client.get("/projects/notes/annotate/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "send it again" in answer.content.decode()
    assert "Halftone-Problem" not in answer


def test_a_page_that_is_not_there_is_still_a_page_of_ours() -> None:
    answer = Client().get("/no/such/page/")

    assert answer.status_code == 404
    assert "There is no page at this address" in answer.content.decode()


def test_a_new_password_is_not_promised_where_no_mail_can_go(settings: Any) -> None:
    client = Client()

    without = client.get("/accounts/password/reset/").content.decode()
    sent = client.post("/accounts/password/reset/", {"email": "a@example.org"}).content.decode()

    assert "sends no e-mail" in without and "sends no e-mail" in sent
    settings.SENDS_MAIL = True
    assert "Send me the link" in client.get("/accounts/password/reset/").content.decode()


def test_a_password_may_hold_any_character_and_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("p@ss/w:rd#%\n")
    given = {"DATABASE_HOST": "db", "DATABASE_USER": "me"}
    found = read_secrets({"DATABASE_PASSWORD_FILE": str(tmp_path / "secret")})

    url = Environment({**given, **found}).parts_of_url("DATABASE", "postgres", "/x")

    assert url == "postgres://me:p%40ss%2Fw%3Ard%23%25@db/x"
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE"):
        read_secrets({"SECRET_KEY_FILE": str(tmp_path / "nowhere")})
