"""Coming into a project by a link: who may, how often, until when."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from annotate.models import Invitation, Member, Project, User
from annotate.services.invitations import (
    BadInvitation,
    InvitationDraft,
    InvitationOver,
    NewAccount,
    WasRemoved,
    invite,
    join,
    join_as_new,
    revoke_invitation,
)
from annotate.services.members import MemberExists, remove_member
from tests import making
from tests.forms import form_for

pytestmark = pytest.mark.django_db
ACCOUNT = {
    "username": "Zoë",
    "email": "",
    "password1": "nine-lives-of-a-cat",
    "password2": "nine-lives-of-a-cat",
}


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now)


@pytest.fixture
def boss(project: Project, now: datetime) -> Client:
    return making.browser(making.member(project, "boss", now, Member.Role.MANAGER))


def link_of(boss: Client, **changes: str) -> str:
    """Of an invitation made on the page, as it stands there untouched but for `changes`."""
    page = boss.get("/projects/notes/invitations/").content.decode()
    form = form_for(page, "n_places").untouched | changes
    made = boss.post("/projects/notes/invitations/", form).content.decode()
    found = re.search(r"http://testserver(/join/[^<]+)<", made)
    assert found is not None, made
    return found[1]


def test_a_stranger_makes_an_account_by_the_link_and_is_in_the_project(
    project: Project, boss: Client
) -> None:
    link, stranger = link_of(boss), Client()

    page = stranger.get(link).content.decode()
    came = stranger.post(link, ACCOUNT)

    assert "Notes" in page and "as annotator" in page
    assert came["Location"] == "/"
    zoe = Member.objects.get(user__username="Zoë")
    assert (zoe.project, zoe.role, zoe.annotates) == (project, "annotator", True)
    assert stranger.get("/projects/notes/annotate/").status_code == 200
    assert User.objects.get(username="Zoë").check_password("nine-lives-of-a-cat")


def test_who_has_an_account_comes_in_with_it(project: Project, boss: Client) -> None:
    link, client = link_of(boss, role="reviewer"), Client()
    client.force_login(making.account("rita"))

    came = client.post(link)

    assert came["Location"] == "/projects/notes/"
    assert Member.objects.get(name="rita").role == "reviewer"
    again = client.post(link)
    assert again.status_code == 409
    assert "this invitation is over" in again.content.decode().lower()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password2": "nine-lives-of-a-dog"}, "match"),
        ({"username": "BOSS"}, "already exists"),
        ({"username": "a b"}, "valid username"),
    ],
)
def test_an_account_that_cannot_be_made_takes_no_place(
    boss: Client, changes: dict[str, str], words: str
) -> None:
    link = link_of(boss)

    refused = Client().post(link, ACCOUNT | changes)

    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert Invitation.objects.get().n_taken == 0
    assert User.objects.count() == 1


def test_a_link_that_is_over_says_so_and_lets_nobody_in(project: Project, now: datetime) -> None:
    draft = InvitationDraft(n_places=1, days=2)
    late, _ = invite(project=project, draft=draft, author=None, now=now)
    revoked, _ = invite(project=project, draft=draft, author=None, now=now)
    revoke_invitation(invitation=revoked, now=now)
    account = NewAccount("zoe", "nine-lives-of-a-cat")

    with pytest.raises(InvitationOver):
        join_as_new(invitation=late, account=account, now=now + timedelta(days=2))
    with pytest.raises(InvitationOver):
        join_as_new(invitation=revoked, account=account, now=now)
    assert not User.objects.exists()
    assert Client().get("/join/guessed-key/").status_code == 404


def test_whoever_was_removed_does_not_come_back_by_a_link(project: Project, now: datetime) -> None:
    making.member(project, "boss", now, Member.Role.MANAGER)
    ada = making.member(project, "ada", now)
    assert ada.user is not None
    invitation, _ = invite(project=project, draft=InvitationDraft(n_places=9), author=None, now=now)
    with pytest.raises(MemberExists):
        join(invitation=invitation, user=ada.user, now=now)
    remove_member(member=ada, now=now)

    with pytest.raises(WasRemoved):
        join(invitation=invitation, user=ada.user, now=now)

    invitation.refresh_from_db()
    assert invitation.n_taken == 0


def test_an_invitation_is_for_a_number_of_people_and_days_within_bounds(
    project: Project, now: datetime
) -> None:
    for draft in (
        InvitationDraft(n_places=0),
        InvitationDraft(n_places=1001),
        InvitationDraft(days=0),
        InvitationDraft(days=366),
    ):
        with pytest.raises(BadInvitation):
            invite(project=project, draft=draft, author=None, now=now)


def test_only_managers_invite_and_withdraw(project: Project, boss: Client, now: datetime) -> None:
    link_of(boss)
    pk = Invitation.objects.get().pk
    for name, role in (("ann", Member.Role.ANNOTATOR), ("rev", Member.Role.REVIEWER)):
        client = making.browser(making.member(project, name, now, role))
        assert client.get("/projects/notes/invitations/").status_code == 403
        assert client.post(f"/projects/notes/invitations/{pk}/revoke/").status_code == 403
    boss.post(f"/projects/notes/invitations/{pk}/revoke/")
    assert Invitation.objects.get().revoked_at is not None
    assert "Open invitations" not in boss.get("/projects/notes/invitations/").content.decode()


def test_invitations_go_out_by_mail_where_mail_is_set_up(
    boss: Client, settings: pytest.FixtureRequest
) -> None:
    assert "emails" not in boss.get("/projects/notes/invitations/").content.decode()
    settings.SENDS_MAIL = True  # type: ignore[attr-defined]

    link = link_of(boss, emails="a@example.org, b@example.org", n_places="2")

    assert [message.to for message in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert all(link in message.body for message in mail.outbox)
    wrong = boss.post(
        "/projects/notes/invitations/",
        {"role": "annotator", "n_places": "1", "days": "3", "emails": "nobody"},
    )
    assert wrong.status_code == 422 and Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_people_at_once_take_no_more_places_than_there_are(now: datetime) -> None:
    project = making.project(now)
    invitation, _ = invite(project=project, draft=InvitationDraft(n_places=3), author=None, now=now)

    def come(n: int) -> bool:
        try:
            account = NewAccount(f"p{n}", "nine-lives-of-a-cat")
            join_as_new(invitation=invitation, account=account, now=now)
        except InvitationOver:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        came = list(pool.map(come, range(10)))

    assert sum(came) == 3
    assert Member.objects.filter(project=project).count() == User.objects.count() == 3
