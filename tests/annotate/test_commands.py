"""What an admin types: each command says what it did, in words and as one JSON object, and a
refusal names what to do and leaves nothing behind.
"""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotate.models import ApiToken, Import, Item, LabelSet, Member, Project, User
from tests import making

pytestmark = pytest.mark.django_db
Output = pytest.CaptureFixture[str]
NOT_NOW = ("--annotates", "no")


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now)


@pytest.fixture
def manager(project: Project, now: datetime) -> Member:
    return making.member(project, "mia", now, Member.Role.MANAGER)


def said(capsys: Output, *words: str) -> str:
    call_command(*words)
    return capsys.readouterr().out


def told(capsys: Output, *words: str) -> dict[str, object]:
    return dict(json.loads(said(capsys, *words, "--json")))


def test_a_project_is_made_with_its_labels_in_order(capsys: Output) -> None:
    assert told(capsys, "create_project", "notes", "--labels", "yes, no,unclear") == {
        "slug": "notes",
        "name": "Notes",
        "labels": ["yes", "no", "unclear"],
    }
    assert "3 labels: a, b, c" in said(capsys, "create_project", "more", "--labels", "a,b,c")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("notes", "--labels", "yes,no"), "already"),
        (("new", "--labels", "yes"), "at least two labels"),
        (("new", "--labels", "yes,yes"), "twice"),
        (("new", "--labels", "yes,,no"), "empty"),
        (("new", "--labels", "yes,no", "--kind", "multi"), "cannot be annotated yet"),
        (("new", "--labels", "yes,no", "--confidence-scale", "1"), "confidence_scale"),
        (("new", "--labels", "yes,no", "--annotators-per-item", "0"), "annotators_per_item"),
        (("New project", "--labels", "yes,no"), "slug"),
    ],
)
def test_a_project_that_cannot_be_is_refused_in_words(
    project: Project, words: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("create_project", *words)
    assert (Project.objects.count(), LabelSet.objects.count()) == (1, 1)


def test_an_account_gets_a_password_that_works_and_its_part(
    project: Project, capsys: Output
) -> None:
    made = told(capsys, "create_account", "ada", "--project", project.slug)

    assert User.objects.get(username="ada").check_password(str(made["password"]))
    member = Member.objects.get(project=project, user__username="ada")
    assert (member.role, member.annotates) == (Member.Role.ANNOTATOR, True)


def test_a_manager_account_does_not_annotate_by_itself(project: Project, capsys: Output) -> None:
    said(capsys, "create_account", "mia", "--project", project.slug, "--role", "manager")

    member = Member.objects.get(project=project)
    assert (member.role, member.annotates) == (Member.Role.MANAGER, False)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("ben", "--project", "nowhere"), "no project “nowhere”. Projects: notes"),
        (("root", "--superuser", "--project", "notes"), "sees every project"),
        (("a b c!", "--project", "notes"), "username"),
        (("ada", "--project", "notes"), "somebody of that name was imported"),
    ],
)
def test_an_account_that_cannot_have_its_part_is_not_made_at_all(
    project: Project, now: datetime, words: tuple[str, ...], reason: str
) -> None:
    making.import_rows(
        project, ["item_id,text,annotator,label", "item-1,The text of item 1.,ada,yes"], now
    )

    with pytest.raises(CommandError, match=reason):
        call_command("create_account", *words)
    assert not User.objects.exists()


def test_a_part_is_given_changed_and_taken_by_one_command(
    project: Project, manager: Member, capsys: Output
) -> None:
    making.account("ada")
    words = ("change_member", project.slug, "ada", "--role")

    assert "“ada”: annotator." in said(capsys, *words, "annotator")
    assert told(capsys, *words, "reviewer") == {
        "username": "ada",
        "role": "reviewer",
        "annotates": False,
    }
    told(capsys, *words, "removed")
    member = Member.objects.get(project=project, user__username="ada")
    assert member.removed_at is not None and member.role == Member.Role.REVIEWER
    told(capsys, *words, "annotator")
    back = Member.objects.get(project=project, user__username="ada")
    assert back == member and back.removed_at is None and back.annotates


@pytest.mark.parametrize("is_there", [False, True])
def test_an_annotator_who_is_not_to_annotate_is_stored_and_told_as_that(
    project: Project, manager: Member, now: datetime, is_there: bool, capsys: Output
) -> None:
    making.account("ada")
    if is_there:
        making.member(project, "ada", now)

    done = told(capsys, "change_member", project.slug, "ada", "--role", "annotator", *NOT_NOW)

    assert done["annotates"] is False
    assert not Member.objects.get(project=project, user__username="ada").annotates


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("mia", "--role", "annotator"), "without a manager"),
        (("mia", "--role", "removed"), "without a manager"),
        (("ada", "--role", "removed"), "“ada” is not in “notes”"),
        (("nobody", "--role", "reviewer"), "no account “nobody”. Make it"),
    ],
)
def test_a_part_that_cannot_be_changed_stays_as_it_is(
    project: Project, manager: Member, words: tuple[str, ...], reason: str
) -> None:
    making.account("ada")

    with pytest.raises(CommandError, match=reason):
        call_command("change_member", project.slug, *words)
    manager.refresh_from_db()
    assert manager.role == Member.Role.MANAGER and manager.removed_at is None
    assert Member.objects.count() == 1


def test_a_key_is_shown_once_kept_as_a_digest_and_ended_with_all_others(
    manager: Member, capsys: Output
) -> None:
    made = told(capsys, "create_token", "mia", "--days", "7")
    words = said(capsys, "create_token", "mia")

    assert made["days"] == 7 and "for 90 days" in words
    assert not ApiToken.objects.filter(digest=made["token"]).exists()
    assert told(capsys, "revoke_tokens", "mia") == {"username": "mia", "revoked": 2}
    assert told(capsys, "revoke_tokens", "mia") == {"username": "mia", "revoked": 0}


def test_keys_of_nobody_are_neither_made_nor_ended(project: Project) -> None:
    for command in ("create_token", "revoke_tokens"):
        with pytest.raises(CommandError, match="no account “nobody”"):
            call_command(command, "nobody")


def test_a_refusal_as_json_has_its_code_and_exit_code_1(project: Project, capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("create_project", project.slug, "--labels", "yes,no", "--json")

    refusal = json.loads(capsys.readouterr().out)
    assert (ended.value.code, refusal["code"]) == (1, "project-exists")
    assert refusal["detail"].endswith("Choose another slug.")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text("item_id,text,annotator,label,topic\na,One,ada,yes,x\nb,Two,ben,no,y\n")
    return path


def test_a_file_is_tried_without_storing_and_then_brought_in(
    project: Project, file: Path, capsys: Output
) -> None:
    tried = said(capsys, "import_data", project.slug, str(file), "--dry-run")

    assert "Would add 2 items, 2 annotations and 2 annotators" in tried
    assert "topic" in tried and "attribute of the item" in tried and "2 rows: answers" in tried
    assert not Import.objects.exists()
    done = told(capsys, "import_data", project.slug, str(file))
    assert (done["items_added"], done["annotations_added"], done["dry_run"]) == (2, 2, False)
    again = told(capsys, "import_data", project.slug, str(file))
    assert (again["items_added"], again["annotations_added"]) == (0, 0)
    assert Item.objects.filter(project=project).count() == 7


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--map", "label"), "write it as name=value"),
        (("--map", "colour=topic"), "colour"),
        (("--choose", "people=marry"), "marry"),
        (("--label", "yes=maybe"), "“yes” is to mean “maybe”, which is not a label"),
    ],
)
def test_an_import_that_was_told_wrong_stores_nothing(
    project: Project, file: Path, words: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("import_data", project.slug, str(file), *words)
    assert Item.objects.count() == 5 and not Import.objects.exists()


def test_a_file_that_is_not_there_is_named(project: Project) -> None:
    with pytest.raises(CommandError, match=r"Cannot read /nowhere/x\.csv: No such file"):
        call_command("import_data", project.slug, "/nowhere/x.csv")
