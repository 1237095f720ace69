"""The job table: one claim at a time, a fence around every write, and no job without an end."""

from datetime import datetime, timedelta

import pytest

from annotate.models import Project
from tests import making
from worker.models import Job
from worker.services import jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(now: datetime) -> Project:
    return making.project(now)


@pytest.fixture
def job(project: Project, now: datetime) -> Job:
    return jobs.enqueue(project=project, kind="train", asked=jobs.Asked("k"), now=now)


def test_one_key_asks_for_one_thing_of_one_person_in_one_project(
    project: Project, now: datetime
) -> None:
    other = making.project(now, slug="other")
    mine = jobs.enqueue(project=project, kind="train", asked=jobs.Asked("k", "a"), now=now)

    again = jobs.enqueue(project=project, kind="train", asked=jobs.Asked("k", "a"), now=now)
    theirs = jobs.enqueue(project=other, kind="train", asked=jobs.Asked("k", "a"), now=now)
    person = making.account("ada")
    hers = jobs.enqueue(project=project, kind="train", asked=jobs.Asked("k", "a", person), now=now)

    assert again.pk == mine.pk and len({mine.pk, theirs.pk, hers.pk}) == 3
    with pytest.raises(jobs.KeyReused):
        jobs.enqueue(project=project, kind="train", asked=jobs.Asked("k", "b"), now=now)


def test_projects_take_turns_and_none_queues_without_end(project: Project, now: datetime) -> None:
    other = making.project(now, slug="other")
    for n in range(jobs.MOST_WAITING):
        jobs.enqueue(project=project, kind="train", asked=jobs.Asked(str(n)), now=now)
    jobs.enqueue(project=other, kind="train", asked=jobs.Asked("late"), now=now)

    rung = jobs.to_ring(now=now)

    assert [job.project for job in rung] == [project, other]
    with pytest.raises(jobs.TooManyWaiting):
        jobs.enqueue(project=project, kind="train", asked=jobs.Asked("more"), now=now)


def test_one_key_is_one_job(project: Project, job: Job, now: datetime) -> None:
    assert jobs.enqueue(project=project, kind="train", asked=jobs.Asked("k"), now=now).pk == job.pk


def test_only_the_first_of_two_claims_gets_the_job(job: Job, now: datetime) -> None:
    first = jobs.claim(job_id=job.pk, owner="a", now=now)

    assert first is not None and first.attempt == 1
    assert jobs.claim(job_id=job.pk, owner="b", now=now) is None


def test_a_silent_owner_loses_the_job_and_can_write_nothing_more(job: Job, now: datetime) -> None:
    first = jobs.claim(job_id=job.pk, owner="a", now=now)
    later = now + jobs.LEASE + timedelta(seconds=1)
    second = jobs.claim(job_id=job.pk, owner="b", now=later)
    assert first is not None and second is not None

    with pytest.raises(jobs.FencedOut):
        jobs.heartbeat(claim=first, progress={"step": 99}, now=later)
    with pytest.raises(jobs.FencedOut):
        jobs.finish(claim=first, status="succeeded", now=later)
    jobs.finish(claim=second, status="succeeded", now=later)

    job.refresh_from_db()
    assert (job.status, job.attempt, job.progress) == ("succeeded", 2, {})


def test_a_heartbeat_keeps_the_job(job: Job, now: datetime) -> None:
    first = jobs.claim(job_id=job.pk, owner="a", now=now)
    assert first is not None
    jobs.heartbeat(claim=first, progress={"step": 1}, now=now + timedelta(seconds=40))

    assert jobs.claim(job_id=job.pk, owner="b", now=now + timedelta(seconds=50)) is None


def test_a_job_that_always_kills_its_worker_ends_with_a_reason(job: Job, now: datetime) -> None:
    for n in range(job.max_attempts):
        assert (
            jobs.claim(job_id=job.pk, owner="a", now=now + n * (jobs.LEASE + timedelta(seconds=1)))
            is not None
        )
    end = now + 10 * jobs.LEASE

    assert jobs.claim(job_id=job.pk, owner="a", now=end) is None
    jobs.to_ring(now=end)

    job.refresh_from_db()
    assert job.status == "failed"
    assert "memory" in job.reason


def test_a_worker_is_told_again_only_after_a_while(job: Job, now: datetime) -> None:
    assert jobs.to_ring(now=now) == [job]
    assert jobs.to_ring(now=now + timedelta(seconds=5)) == []
    assert jobs.to_ring(now=now + timedelta(seconds=jobs.RING_AGAIN_SECONDS + 1)) == [job]


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked(
    job: Job, now: datetime
) -> None:
    claim = jobs.claim(job_id=job.pk, owner="a", now=now)
    assert claim is not None

    jobs.cancel(job=job, now=now)

    assert jobs.heartbeat(claim=claim, progress={}, now=now) == "cancelling"
    jobs.finish(claim=claim, status="cancelled", now=now)
    with pytest.raises(jobs.NotCancellable):
        jobs.cancel(job=job, now=now)


def test_what_was_being_cancelled_by_a_dead_worker_ends(job: Job, now: datetime) -> None:
    jobs.claim(job_id=job.pk, owner="a", now=now)
    jobs.cancel(job=job, now=now)

    assert jobs.claim(job_id=job.pk, owner="b", now=now + timedelta(minutes=2)) is None
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_killed_learner_is_tried_again_a_bounded_number_of_times(job: Job, now: datetime) -> None:
    for n in range(job.max_attempts):
        claim = jobs.claim(job_id=job.pk, owner="a", now=now)
        assert claim is not None, f"attempt {n + 1}"
        jobs.try_again(claim=claim, reason="killed", now=now)

    job.refresh_from_db()
    assert (job.status, job.reason, job.attempt) == ("failed", "killed", job.max_attempts)
