"""The kinds of jobs, in one table: what each runs on and what carries it out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from annotate.models import Upload
from annotate.progress import Progress
from annotate.services import uploads
from worker.models import Job, ModelVersion
from worker.services import jobs, prediction
from worker.services.comparison import compare_with_serving
from worker.services.labels import refresh_labels
from worker.services.training import carry_out as carry_out_training

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class JobKind:
    """`queue`: which workers do it; `carry_out` ends the job itself."""

    name: str
    queue: str
    carry_out: Callable[[jobs.Claim, Clock], None]


def teller(claim: jobs.Claim, clock: Clock) -> Progress:
    """Tells the job table how far the work is, and keeps the lease while it goes on."""

    def tell(step: str, share: float) -> None:
        progress = jobs.progress_now(claim.job, step, share, clock())
        jobs.heartbeat(claim=claim, progress=progress, now=clock())

    return tell


def _train(claim: jobs.Claim, clock: Clock) -> None:
    carry_out_training(claim=claim, clock=clock)


def _labels(claim: jobs.Claim, clock: Clock) -> None:
    refresh_labels(project=claim.job.project, now=clock(), progress=teller(claim, clock))
    jobs.finish(claim=claim, status=Job.Status.SUCCEEDED, now=clock())


def _import(claim: jobs.Claim, clock: Clock) -> None:
    public_id = UUID(claim.job.payload["upload"])
    upload = Upload.objects.select_related("project", "created_by").get(public_id=public_id)
    uploads.carry_out(upload=upload, now=clock(), progress=teller(claim, clock))
    jobs.finish(claim=claim, status=Job.Status.SUCCEEDED, now=clock())


def _predict(claim: jobs.Claim, clock: Clock) -> None:
    prediction.carry_out(job=claim.job, progress=teller(claim, clock))
    jobs.finish(claim=claim, status=Job.Status.SUCCEEDED, now=clock())


def _compare(claim: jobs.Claim, clock: Clock) -> None:
    versions = ModelVersion.objects.select_related("run__dataset", "run")
    version = versions.get(pk=claim.job.payload["model"])
    teller(claim, clock)("Comparing", 0.0)
    compare_with_serving(version=version, now=clock())
    jobs.finish(claim=claim, status=Job.Status.SUCCEEDED, now=clock())


KINDS = (
    JobKind(Job.Kind.TRAIN, "train", _train),
    JobKind(Job.Kind.LABELS, "default", _labels),
    JobKind(Job.Kind.IMPORT, "default", _import),
    JobKind(Job.Kind.PREDICT, "default", _predict),
    JobKind(Job.Kind.COMPARE, "default", _compare),
)
BY_NAME = {kind.name: kind for kind in KINDS}
