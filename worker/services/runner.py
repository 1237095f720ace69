"""Running one claimed job to its end, whatever that is."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError

from annotate.errors import Refused
from worker.models import Job
from worker.services import jobs
from worker.services.kinds import BY_NAME
from worker.services.processes import Cancelled, LearnerKilled, TrainerFailed

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def run_job(*, job_id: int, owner: str, clock: Clock) -> None:
    """Claim the job and do it. A message for a job that is taken or over does nothing."""
    claim = jobs.claim(job_id=job_id, owner=owner, now=clock())
    if claim is None:
        return
    log.info("job %s: attempt %s begins", claim.job, claim.attempt)
    try:
        BY_NAME[claim.job.kind].carry_out(claim, clock)
    except jobs.FencedOut:
        log.warning("job %s: attempt %s lost its lease and stopped", claim.job, claim.attempt)
    except Cancelled:
        jobs.finish(claim=claim, status=Job.Status.CANCELLED, now=clock())
    except LearnerKilled as failure:
        jobs.try_again(claim=claim, reason=str(failure), now=clock())
        log.warning("job %s: attempt %s: %s", claim.job, claim.attempt, failure)
    except (Refused, TrainerFailed) as failure:
        jobs.finish(claim=claim, status=Job.Status.FAILED, reason=str(failure), now=clock())
        log.error("job %s failed: %s", claim.job, failure)
    except OperationalError:
        log.exception(
            "job %s: the database did not answer; another attempt follows when the lease ends",
            claim.job,
        )
        raise
