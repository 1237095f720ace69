"""What Celery may call. Each task makes one call, may run twice at once, and accepts keywords it
does not know from a newer sender.
"""

import os
import socket
from typing import Any

from django.utils import timezone

from worker.celery import app
from worker.services import jobs, runner, schedules, sweeping
from worker.services.kinds import BY_NAME
from worker.services.labels import refresh_stale_projects
from worker.services.leases import end_overdue_leases


def owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@app.task(expires=6)
def look_for_jobs(**_: Any) -> None:
    """Ring for every job that is due; the ring is a message, the claim is a row."""
    for job in jobs.to_ring(now=timezone.now()):
        queue = BY_NAME[job.kind].queue
        do_job.apply_async(kwargs={"job_id": job.pk}, queue=queue, expires=jobs.RING_AGAIN_SECONDS)


@app.task
def do_job(*, job_id: int, **_: Any) -> None:
    runner.run_job(job_id=job_id, owner=owner(), clock=timezone.now)


@app.task
def refresh_labels(**_: Any) -> None:
    refresh_stale_projects(now=timezone.now())


@app.task
def end_leases(**_: Any) -> None:
    end_overdue_leases(now=timezone.now())


@app.task
def check_schedules(**_: Any) -> None:
    schedules.check_schedules(now=timezone.now())


@app.task
def sweep(**_: Any) -> None:
    """Files and rows that broken requests and killed jobs left behind."""
    sweeping.sweep(now=timezone.now())
