"""All checks of all floors, as `check_integrity` runs them."""

import hashlib
from datetime import datetime

from django.conf import settings

from annotate.services.integrity import Violation, check_people_and_answers
from labeler.dataset_rows import content_hash_of
from labeler.models import Dataset, SoftLabel
from worker.models import Job, ModelVersion

RULE_OF_MODELS = "a model has its files"


def check_everything(*, now: datetime) -> list[Violation]:
    """Reads every dataset and every file of every model: minutes on a large site."""
    return [*check_people_and_answers(), *_soft_labels(), *_datasets(), *_models(), *_jobs(now)]


def _soft_labels() -> list[Violation]:
    rows = SoftLabel.objects.values_list("pk", "distribution").iterator(chunk_size=5000)
    return [
        Violation("soft labels sum to 1", str(pk), f"it sums to {sum(p)}")
        for pk, p in rows
        if abs(sum(p) - 1) > 1e-9
    ]


def _datasets() -> list[Violation]:
    return [
        Violation("a dataset is what its hash says", str(dataset), "its rows have another hash")
        for dataset in Dataset.objects.iterator(chunk_size=1)
        if content_hash_of(dataset) != dataset.content_hash
    ]


def _models() -> list[Violation]:
    violations = []
    for version in ModelVersion.objects.all():
        for name, digest in version.manifest["files"].items():
            path = settings.DATA_DIR / version.folder / name
            if not path.exists():
                violations.append(Violation(RULE_OF_MODELS, str(version), f"{name} is missing"))
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                violations.append(
                    Violation(
                        RULE_OF_MODELS,
                        str(version),
                        f"{name} is not the file that was written",
                    )
                )
    return violations


def _jobs(now: datetime) -> list[Violation]:
    lost = Job.objects.filter(status__in=("running", "cancelling"), lease_until__isnull=True)
    return [
        Violation("a running job has a lease", str(job), f"status {job.status} at {now:%H:%M}")
        for job in lost
    ]
