"""Getting in, staying out, and being shown out: sign-in, members, keys, bodies."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotate.importing import strict_json
from annotate.models import Annotation, ApiToken, Assignment, FailedSignIn, Member, Project
from annotate.services.sign_in import MOST_OF_DEVICE, MOST_OF_PAIR
from annotate.services.tokens import BadToken, create_token
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "/accounts/login/"


@pytest.fixture
def project(now: Any) -> Project:
    return making.project(now, slug="notes", wanted=2)


def sign_in(client: Client, name: str, password: str, address: str = "10.0.0.1") -> bool:
    client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)
    return "_auth_user_id" in client.session


def test_wrong_passwords_from_afar_do_not_lock_the_owner_out_of_a_known_browser(
    project: Project,
) -> None:
    making.member(project, "ada", timezone.now())
    own = Client()
    assert sign_in(own, "ada", making.PASSWORD)
    own.post("/accounts/logout/")

    strangers = [sign_in(Client(), "ada", "wrong", f"10.1.0.{n}") for n in range(40)]

    assert not any(strangers)
    assert not sign_in(Client(), "ada", making.PASSWORD, "10.2.0.1")
    assert sign_in(own, "ada", making.PASSWORD, "10.2.0.1")


def test_guessing_from_one_address_ends_after_a_few_and_spares_other_accounts(
    project: Project,
) -> None:
    for name in ("ada", "ben"):
        making.member(project, name, timezone.now())
    for _ in range(MOST_OF_PAIR):
        assert not sign_in(Client(), "ada", "wrong")

    password = {"login": "ada", "password": making.PASSWORD}
    refused = Client().post(LOGIN, password, REMOTE_ADDR="10.0.0.1")

    assert "Too many wrong passwords" in refused.content.decode()
    assert sign_in(Client(), "ben", making.PASSWORD)
    FailedSignIn.objects.update(failed_at=timezone.now() - timedelta(minutes=16))
    assert sign_in(Client(), "ada", making.PASSWORD)


def test_a_known_browser_that_guesses_on_becomes_a_stranger(project: Project) -> None:
    making.member(project, "ada", timezone.now())
    own = Client()
    sign_in(own, "ada", making.PASSWORD)
    own.post("/accounts/logout/")
    for _ in range(MOST_OF_DEVICE - 1):
        sign_in(own, "ada", "wrong")
    assert sign_in(own, "ada", making.PASSWORD)
    own.post("/accounts/logout/")
    sign_in(own, "ada", "wrong")

    assert not sign_in(own, "ada", making.PASSWORD)


def test_a_forged_device_is_none(project: Project) -> None:
    making.member(project, "ada", timezone.now())
    forger = Client()
    forger.cookies["halftone_device"] = "ada:forged"
    for _ in range(MOST_OF_PAIR):
        sign_in(forger, "ada", "wrong")

    assert not sign_in(forger, "ada", making.PASSWORD)


def test_the_admin_pages_have_no_door_of_their_own(project: Project) -> None:
    stranger = Client()

    page = stranger.get("/admin/login/?next=/admin/")
    tried = stranger.post("/admin/login/", {"username": "a", "password": "b"})

    assert (page.status_code, tried.status_code) == (302, 302)
    assert page["Location"].startswith(LOGIN)


def test_a_removed_member_gets_the_old_part_back_with_all_answers(
    project: Project, now: Any
) -> None:
    boss = making.browser(making.member(project, "boss", now, Member.Role.MANAGER))
    ann = making.member(project, "ann", now)
    making.answer(ann, now)
    making.claim(ann, now)

    boss.post(f"/projects/notes/people/{ann.pk}/remove/")
    ann.refresh_from_db()
    left = (ann.removed_at is not None, Assignment.objects.filter(state="open").count())
    boss.post("/projects/notes/people/", {"username": "ann", "role": "reviewer"})
    ann.refresh_from_db()

    assert left == (True, 0)
    assert (ann.removed_at, ann.role, ann.annotates) == (None, "reviewer", False)
    assert Annotation.objects.filter(annotator=ann).count() == 1


def test_the_last_manager_can_neither_leave_nor_step_down(project: Project, now: Any) -> None:
    member = making.member(project, "boss", now, Member.Role.MANAGER)
    boss = making.browser(member)

    removed = boss.post(f"/projects/notes/people/{member.pk}/remove/")
    changed = boss.post(f"/projects/notes/people/{member.pk}/", {f"m{member.pk}-role": "annotator"})

    member.refresh_from_db()
    assert (removed.status_code, changed.status_code) == (409, 409)
    assert (member.role, member.removed_at) == ("manager", None)


def test_a_role_that_does_not_exist_changes_nothing_and_says_so(project: Project, now: Any) -> None:
    boss = making.browser(making.member(project, "boss", now, Member.Role.MANAGER))
    ann = making.member(project, "ann", now)

    page = boss.post(
        f"/projects/notes/people/{ann.pk}/", {f"m{ann.pk}-role": "emperor"}, follow=True
    )

    ann.refresh_from_db()
    assert (ann.role, ann.annotates) == ("annotator", True)
    assert "ann is unchanged" in page.content.decode()


def test_a_member_of_another_project_cannot_be_changed_from_here(
    project: Project, now: Any
) -> None:
    other = making.project(now, slug="other")
    theirs = making.member(other, "theirs", now)
    boss = making.browser(making.member(project, "boss", now, Member.Role.MANAGER))

    gone = boss.post(f"/projects/notes/people/{theirs.pk}/remove/")

    theirs.refresh_from_db()
    assert (gone.status_code, theirs.removed_at) == (404, None)


def test_a_key_ends_by_time_by_hand_and_with_the_password(project: Project, now: Any) -> None:
    ann = making.member(project, "ann", now)
    assert ann.user is not None
    moment = timezone.now()
    keys = [create_token(user=ann.user, name=str(n), now=moment) for n in range(3)]

    def status(key: str) -> int:
        client = Client(headers={"Authorization": f"Bearer {key}"})
        return client.get("/api/v1/me/").status_code

    assert [status(key) for key in keys] == [200, 200, 200]
    ApiToken.objects.filter(name="0").update(expires_at=moment)
    making.browser(ann).post(f"/keys/{ApiToken.objects.get(name='1').pk}/end/")
    assert [status(key) for key in keys] == [401, 401, 200]
    ann.user.set_password("another-long-password")
    ann.user.save()
    assert status(keys[2]) == 401


def test_nobody_ends_or_sees_somebody_elses_keys(project: Project, now: Any) -> None:
    ann, ben = (making.member(project, name, now) for name in ("ann", "ben"))
    assert ann.user is not None
    create_token(user=ann.user, name="secret-name", now=timezone.now())
    pk = ApiToken.objects.get().pk
    stranger = making.browser(ben)

    assert stranger.post(f"/keys/{pk}/end/").status_code == 404
    assert "secret-name" not in stranger.get("/keys/").content.decode()
    assert ApiToken.objects.get().revoked_at is None
    with pytest.raises(BadToken):
        create_token(user=ann.user, name="for ever", now=timezone.now(), days=4000)


def test_a_body_is_bounded_while_it_is_read(project: Project, now: Any, settings: Any) -> None:
    settings.BODY_LIMIT_MB = 1
    key = making.token(making.member(project, "boss", now, Member.Role.MANAGER), now)
    caller = Client(headers={"Authorization": f"Bearer {key}"})
    bodies = {
        "long": b'{"name": "' + b"x" * 1024**2 + b'"}',
        "brackets": b"[" + b"[]," * 280_000 + b"[]]",
    }

    answers = {
        name: caller.post("/api/v1/projects/", body, content_type="application/json")
        for name, body in bodies.items()
    }

    assert (answers["long"].status_code, answers["long"].json()["code"]) == (413, "too-large")
    assert answers["brackets"].status_code == 400
    assert "Send parts" in answers["brackets"].json()["detail"]


def test_an_unclosed_string_is_read_once() -> None:
    """The expression of before went back over it: this took minutes and gigabytes."""
    with pytest.raises(strict_json.NotStrict):
        strict_json.load_strict('"' + '\\"' * 3_000_000)


def test_who_reviews_and_annotates_is_not_asked_about_what_they_have_seen(
    project: Project, now: Any
) -> None:
    rev = making.member(project, "rev", now, Member.Role.REVIEWER)
    Member.objects.filter(pk=rev.pk).update(annotates=True)
    rev.refresh_from_db()
    making.answer(making.member(project, "ann", now), now)
    first = project.items.get(external_id="item-1")

    making.browser(rev).get(f"/projects/notes/items/{first.public_id}/")

    claimed = making.claim(rev, now)
    assert claimed is not None and claimed.item != first
