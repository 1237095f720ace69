"""A file on its way in: looked at, decided about, stored; by page and REST, at once or as a job."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotate.models import Annotation, Item, Member, Project, Upload
from annotate.services.staging import sweep_staging
from tests import making
from worker.models import Job
from worker.services import uploads
from worker.services.runner import run_job
from worker.services.sweeping import sweep

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = b"item_id,text,annotator,label,mood\nx,a new text,zoe,yes,glad\n"
OPEN = b"item_id,text,annotator,label\nx,a text,zoe,yes\nx,a text,zoe,no\n"


@pytest.fixture
def project(now: datetime, data_dir: Path) -> Project:
    return making.project(now, slug="notes", n_items=0)


@pytest.fixture
def boss(project: Project, now: datetime) -> Client:
    return making.browser(making.member(project, "boss", now, Member.Role.MANAGER))


def send(client: Client, content: bytes, slug: str = "notes") -> Any:
    file = BytesIO(content)
    file.name = "answers.csv"
    return client.post(f"/projects/{slug}/data/", {"file": file, "dialect": "auto"})


def files(data_dir: Path) -> list[str]:
    return sorted(path.name for path in (data_dir / "uploads").iterdir())


def test_a_file_is_looked_at_before_anything_is_stored(boss: Client, data_dir: Path) -> None:
    sent = send(boss, GOOD)
    page = boss.get(sent["Location"]).content.decode()
    before = Item.objects.count()

    boss.post(f"{sent['Location']}store/")
    done = boss.get(sent["Location"]).content.decode()

    assert before == 0
    assert "mood" in page and "attribute of the item" in page and "Nothing is stored yet" in page
    assert "Added 1 items" in " ".join(done.split())
    assert (Item.objects.count(), Annotation.objects.count(), files(data_dir)) == (1, 1, [])


def test_what_a_file_leaves_open_is_decided_on_the_page(boss: Client) -> None:
    place = send(boss, OPEN)["Location"]
    page = boss.get(place).content.decode()
    early = boss.post(f"{place}store/")

    boss.post(place, {"choose:repeats": "number", "map:text": "text"})
    boss.post(f"{place}store/")

    assert "answers one item more than once" in page
    assert early.status_code == 409
    assert Annotation.objects.filter(assignment__pass_number=2).count() == 1


def test_a_column_can_be_read_as_another_on_the_page(boss: Client) -> None:
    place = send(boss, b"item_id,words,text\nx,the words,other\n")["Location"]

    boss.post(place, {"map:words": "text", "map:text": ""})

    upload = Upload.objects.get()
    assert upload.state == "refused" and "already" in upload.outcome["errors"][0]["reason"]


def test_a_large_file_is_a_job_with_progress(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_AT_ONCE", 10)
    place = send(boss, GOOD)["Location"]
    waiting = boss.get(place).content.decode()
    job = Job.objects.get()
    run_job(job_id=job.pk, owner="test", clock=timezone.now)
    looked = Upload.objects.get().state

    boss.post(f"{place}store/")
    run_job(job_id=Job.objects.latest("pk").pk, owner="test", clock=timezone.now)

    assert "It waits for a worker" in waiting and 'hx-trigger="every 1s"' in waiting
    assert (looked, Upload.objects.get().state, Item.objects.count()) == ("ready", "done", 1)
    assert set(Job.objects.latest("pk").progress) == {"step", "share", "seconds_left"}


def test_an_upload_of_another_project_does_not_exist_here(
    boss: Client, project: Project, now: datetime
) -> None:
    other = making.project(now, slug="other", n_items=0)
    stranger = making.browser(making.member(other, "stranger", now, Member.Role.MANAGER))
    place = send(boss, GOOD)["Location"].replace("notes", "other")

    assert stranger.get(place).status_code == 404
    assert stranger.post(f"{place}store/").status_code == 404
    assert not Item.objects.exists()


def test_a_file_past_the_limit_is_refused_and_leaves_nothing(
    boss: Client, settings: Any, data_dir: Path
) -> None:
    settings.UPLOAD_LIMIT_MB = 1

    refused = send(boss, b"item_id,text\n" + b"x" * 1024**2)

    assert refused.status_code == 422 and "larger than 1 MB" in refused.content.decode()
    assert (Upload.objects.count(), files(data_dir)) == (0, [])


def test_over_rest_a_file_comes_in_at_once_or_says_what_is_open(
    project: Project, now: datetime
) -> None:
    key = making.token(making.member(project, "boss", now, Member.Role.MANAGER), now)
    caller = Client(headers={"Authorization": f"Bearer {key}"})

    def post(content: bytes, **fields: Any) -> Any:
        file = BytesIO(content)
        file.name = "answers.csv"
        return caller.post("/api/v1/projects/notes/imports/", {"file": file, **fields})

    dry = post(GOOD, dry_run="true")
    n_dry = Item.objects.count()
    open_ = post(OPEN)
    stored = post(OPEN, choose=["repeats=last"])

    assert (dry.status_code, dry.json()["state"], n_dry) == (200, "ready", 0)
    assert (open_.status_code, open_.json()["questions"][0]["name"]) == (422, "repeats")
    assert (stored.status_code, stored.json()["annotations_added"]) == (200, 1)


def test_what_nobody_brings_in_is_swept_after_a_day(
    boss: Client, project: Project, now: datetime, data_dir: Path
) -> None:
    send(boss, GOOD)
    making.project(now, slug="staging-left", n_items=3)
    Project.objects.filter(slug="staging-left").update(is_staging=True)
    (data_dir / "uploads" / "half").write_bytes(b"x")

    sweep(now=timezone.now())
    kept_today = files(data_dir)
    sweep(now=timezone.now() + timedelta(days=2))

    assert len(kept_today) == 2 and files(data_dir) == []
    assert not Project.objects.filter(is_staging=True).exists()
    assert sweep_staging(now=now) == 0 and not Upload.objects.exists()


def test_a_staging_project_is_nobodys(project: Project, now: datetime) -> None:
    making.project(now, slug="staging-x", n_items=1)
    Project.objects.filter(slug="staging-x").update(is_staging=True)
    admin = making.account("root")
    admin.is_superuser = True
    admin.save()
    client = Client()
    client.force_login(admin)

    assert client.get("/projects/staging-x/").status_code == 404
    assert "staging-x" not in client.get("/").content.decode()
