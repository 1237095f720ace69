"""`kill -9` of everything in turn: nothing accepted is lost, nothing doubles, and a training
goes on to exactly one model.
"""

import json
import random
import threading
import time
from typing import Any

import psutil
import pytest

from tests.chaos.clients import Log, annotate_until_done, call
from tests.services.running import Running, running
from tests.services.site import wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]
N_ITEMS, WANTED, N_CLIENTS, EVERY = 400, 3, 10, 120
TARGETS = [("web", -1), ("worker", -1), ("redis", 0), ("web", 0), ("worker", 0)]
READ = """
import django, json; django.setup()
from annotate.models import Annotation
rows = Annotation.objects.select_related("assignment", "primary")
print(json.dumps([
    [str(a.assignment.public_id), a.primary.key, a.confidence, a.revision, a.assignment.item_id]
    for a in rows.filter(assignment__project__slug="kill")
]))
"""
MODELS = """
import django, json; django.setup()
from worker.models import Job, ModelVersion
job = Job.objects.get(public_id="{job}")
n = ModelVersion.objects.filter(run__job=job).count()
print(json.dumps([job.status, job.reason, job.attempt, n, job.progress]))
"""


@pytest.fixture(autouse=True)
def _short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_LEASE_SECONDS", "6")


def ask(site: Running, code: str) -> Any:
    return json.loads(site.site.python("-c", code).communicate(timeout=60)[0].splitlines()[-1])


def kill(site: Running, service: str, which: int) -> bool:
    """SIGKILL one process of a service: 0 is its parent, -1 its last child. False when it is
    just not there.
    """
    try:
        found = site.processes(service)
        found[which].kill()
    except (IndexError, psutil.Error):
        return False
    return True


def test_no_accepted_answer_is_lost_or_doubled_while_everything_is_killed() -> None:
    with running() as site:
        prepared = site.site.python(
            "-m", "tests.chaos.prepare", "kill", str(N_ITEMS), str(WANTED), str(N_CLIENTS)
        ).communicate(timeout=60)[0]
        tokens = json.loads(prepared.splitlines()[-1])
        log, done = Log(), threading.Event()
        kills: list[str] = []
        clients = [
            threading.Thread(target=annotate_until_done, args=(site.url, "kill", token, log, 200))
            for token in tokens.values()
        ]
        killer = threading.Thread(target=kill_in_turn, args=(site, log, done, kills))
        for thread in (*clients, killer):
            thread.start()
        for thread in clients:
            thread.join()
        done.set()
        killer.join()
        stored = ask(site, READ)

    assert {service for service, _ in TARGETS} <= set(kills), kills
    assert len(log.accepted) == N_ITEMS * WANTED
    assert {place: (label, confidence) for place, label, confidence, _, _ in stored} == {
        place: (answer["primary"], answer["confidence"]) for place, answer in log.accepted.items()
    }
    assert {revision for *_, revision, _ in stored} == {1}
    assert len(stored) == N_ITEMS * WANTED


def kill_in_turn(site: Running, log: Log, done: threading.Event, kills: list[str]) -> None:
    """Rounds of five blows, which also meet services as they come back; a round waits until
    EVERY more answers were confirmed.
    """
    random.seed(7)
    while not done.is_set():
        enough = min(len(log.accepted) + EVERY, N_ITEMS * WANTED)
        for service, which in TARGETS:
            if not done.wait(random.uniform(0.2, 0.8)) and kill(site, service, which):
                kills.append(service)
        while len(log.accepted) < enough and not done.wait(0.05):
            pass


def test_a_training_survives_the_death_of_everything_and_registers_one_model() -> None:
    with running() as site:
        token = json.loads(site.site.manage("create_token", "demo", "--json"))["token"]
        settings = {"epochs": 3, "batch_size": 8, "longest": 32, "checkpoint_steps": 5}
        code, answer = call(
            site.url,
            token,
            "POST",
            "/projects/library-notes/trainings/",
            {"learner": "transformer", "settings": settings},
        )
        assert code == 202, answer
        job = answer["run"]

        for service, which in (
            ("trainer", -1),
            ("trainer", 1),
            ("redis", 0),
            ("trainer", 0),
            ("web", 0),
        ):
            before = wait_for(lambda: share_of(site, token, job), 120, "progress")
            kill(site, service, which)
            wait_for(
                lambda b=before: moved_on(site, token, job, b),
                120,
                f"progress after the death of {service}",
            )

        wait_for(
            lambda: status_of(site, token, job) in ("succeeded", "failed"),
            200,
            "the end of the training",
        )
        status, reason, attempt, n_models, progress = ask(site, MODELS.format(job=job))

    assert (status, reason, n_models) == ("succeeded", "", 1)
    assert attempt >= 2
    assert progress["share"] == 1


def report(site: Running, token: str, job: str) -> Any:
    while True:
        code, answer = call(site.url, token, "GET", f"/projects/library-notes/trainings/{job}/")
        if code == 200:
            return answer
        time.sleep(0.3)


def moved_on(site: Running, token: str, job: str, share: float) -> bool:
    return share_of(site, token, job) > share or status_of(site, token, job) == "succeeded"


def share_of(site: Running, token: str, job: str) -> float:
    return float(report(site, token, job)["progress"].get("share", 0))


def status_of(site: Running, token: str, job: str) -> str:
    return str(report(site, token, job)["status"])
