"""The job table: enqueue, claim, heartbeat, finish. A claim is one conditional update; every
later write carries its attempt.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from annotate.errors import Conflict, Invalid
from annotate.jsonform import Json, JsonObject
from annotate.models import Project, User
from worker.models import Job

Status = Job.Status
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
RING_AGAIN_SECONDS = 30
MOST_WAITING = 20  # of one kind in one project
LONGEST_KEY = 150


class FencedOut(Exception):
    """Another attempt holds the job now, or it was ended: this one must stop and write nothing
    more.
    """


class NotCancellable(Conflict):
    code = "job-over"


class KeyReused(Invalid):
    code = "idempotency-key-reused"


class TooManyWaiting(Conflict):
    code = "too-many-waiting"


@dataclass(frozen=True)
class Claim:
    """The right to work on a job, good while the lease is extended and nobody claims a later
    attempt.
    """

    job: Job
    attempt: int


@dataclass(frozen=True)
class Asked:
    """`key`: the same key of the same person in the same project gives the same job; `digest`: of
    what is asked for, so that one key cannot ask for two things.
    """

    key: str
    digest: str = ""
    author: User | None = None
    payload: Mapping[str, Json] = field(default_factory=dict)


@transaction.atomic
def enqueue(*, project: Project, kind: str, asked: Asked, now: datetime) -> Job:
    """The job of this key: a new one, or the one that was there already. Raises KeyReused,
    TooManyWaiting.
    """
    key = key_of(project.pk, asked)
    there = Job.objects.filter(idempotency_key=key).first()
    if there is None:
        _check_waiting(project, kind)
        try:
            with transaction.atomic():
                return Job.objects.create(
                    project=project,
                    kind=kind,
                    idempotency_key=key,
                    request_digest=asked.digest,
                    payload=asked.payload,
                    created_by=asked.author,
                    created_at=now,
                )
        except IntegrityError:
            there = Job.objects.get(idempotency_key=key)
    if there.request_digest != asked.digest:
        raise KeyReused("This key was used to ask for something else. Use a new key.")
    return there


def key_of(project_id: int, asked: Asked) -> str:
    """Bound to project and person; a long key by its digest, so that no two become one."""
    short = len(asked.key) <= LONGEST_KEY
    own = asked.key if short else hashlib.sha256(asked.key.encode()).hexdigest()
    return f"{project_id}:{asked.author.pk if asked.author else 0}:{own}"


def _check_waiting(project: Project, kind: str) -> None:
    waiting = Job.objects.filter(project=project, kind=kind, status=Status.QUEUED).count()
    if waiting >= MOST_WAITING:
        raise TooManyWaiting(
            f"{waiting} jobs of this kind are waiting in this project already. Wait for some of"
            " them, or cancel them."
        )


def due(now: datetime) -> Q:
    """Waiting, or left by somebody who no longer says they are alive."""
    return Q(status=Status.QUEUED) | Q(
        status__in=(Status.RUNNING, Status.CANCELLING), lease_until__lt=now
    )


def to_ring(*, now: datetime) -> list[Job]:
    """Of each project the oldest due job of a kind, so that nobody waits behind another project's
    twenty, if no worker was told of it lately. Marks them as told, and fails those that used
    up their attempts.
    """
    give_up(now=now)
    quiet = (
        Q(rung_at=None)
        | Q(rung_at__lt=now - timedelta(seconds=RING_AGAIN_SECONDS))
        | Q(rung_at__lt=F("lease_until"))
    )
    turn = Window(RowNumber(), partition_by=[F("project"), F("kind")], order_by="created_at")
    turns = Job.objects.filter(due(now)).annotate(turn=turn).values_list("pk", "turn")
    first = [pk for pk, place in turns if place == 1]
    ringing = Job.objects.filter(quiet, pk__in=first).order_by("created_at")
    return [job for job in ringing[:50] if Job.objects.filter(quiet, pk=job.pk).update(rung_at=now)]


def give_up(*, now: datetime) -> int:
    """Jobs whose every attempt ended without a word: the process was killed each time."""
    spent = Job.objects.filter(due(now), attempt__gte=F("max_attempts"))
    return spent.update(
        status=Status.FAILED,
        finished_at=now,
        lease_until=None,
        reason=(
            "Every attempt ended without a word, as when the system kills a process that takes too"
            " much memory."
        ),
    )


def claim(*, job_id: int, owner: str, now: datetime) -> Claim | None:
    """Take the job, or None when somebody has it or it is over. One statement decides."""
    free = Job.objects.filter(due(now), pk=job_id, attempt__lt=F("max_attempts")).exclude(
        status=Status.CANCELLING
    )
    with transaction.atomic():
        if not free.update(
            status=Status.RUNNING,
            attempt=F("attempt") + 1,
            lease_owner=owner,
            lease_until=now + LEASE,
            rung_at=now,
            started_at=now,
        ):
            _end_cancelled(job_id, now)
            return None
        job = Job.objects.select_related("project").get(pk=job_id)
    return Claim(job, job.attempt)


def _end_cancelled(job_id: int, now: datetime) -> None:
    abandoned = Job.objects.filter(pk=job_id, status=Status.CANCELLING, lease_until__lt=now)
    abandoned.update(status=Status.CANCELLED, finished_at=now, lease_until=None)


def held(claim: Claim) -> Q:
    return Q(pk=claim.job.pk, attempt=claim.attempt, status__in=(Status.RUNNING, Status.CANCELLING))


def heartbeat(*, claim: Claim, progress: JsonObject, now: datetime) -> str:
    """Extend the lease and tell how far it is. Returns the status. Raises FencedOut."""
    if not Job.objects.filter(held(claim)).update(lease_until=now + LEASE, progress=progress):
        raise FencedOut
    return Job.objects.values_list("status", flat=True).get(pk=claim.job.pk)


def progress_now(job: Job, step: str, share: float, now: datetime) -> JsonObject:
    """The one shape of progress: what is being done, how far it is (0 to 1), and the seconds left
    if it goes on as it went; None before there is anything to go by.
    """
    began = job.started_at or now
    spent = (now - began).total_seconds()
    left = spent * (1 - share) / share if share > 0.02 and spent > 1 else None
    return {"step": step, "share": share, "seconds_left": left}


def finish(*, claim: Claim, status: str, now: datetime, reason: str = "") -> None:
    """End the job. Raises FencedOut when it is no longer this attempt's to end."""
    ended = Job.objects.filter(held(claim)).update(
        status=status, reason=reason, finished_at=now, lease_until=None
    )
    if not ended:
        raise FencedOut


def try_again(*, claim: Claim, reason: str, now: datetime) -> None:
    """Put the job back for another attempt, or fail it when this was the last one. Raises
    FencedOut.
    """
    if claim.attempt >= claim.job.max_attempts:
        finish(claim=claim, status=Status.FAILED, reason=reason, now=now)
    elif not Job.objects.filter(held(claim)).update(
        status=Status.QUEUED, lease_until=None, rung_at=None
    ):
        raise FencedOut


@transaction.atomic
def cancel(*, job: Job, now: datetime) -> Job:
    if Job.objects.filter(pk=job.pk, status=Status.QUEUED).update(
        status=Status.CANCELLED, finished_at=now
    ):
        pass
    elif not Job.objects.filter(pk=job.pk, status=Status.RUNNING).update(status=Status.CANCELLING):
        raise NotCancellable("This job is over already.")
    job.refresh_from_db()
    return job
