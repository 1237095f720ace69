"""What nobody will ask for again: files of broken requests, half imports, folders of failed
runs.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from annotate.services.staging import sweep_staging
from annotate.services.uploads import sweep_uploads
from worker.models import LIVE, Job

KEEP_RUNS = timedelta(days=1)  # of a failed training, for whoever looks for the reason


def sweep(*, now: datetime) -> int:
    return sweep_uploads(now=now) + sweep_staging(now=now) + _sweep_runs(now)


def _sweep_runs(now: datetime) -> int:
    home = Path(settings.DATA_DIR)
    runs, models = home / "runs", home / "models"
    live = set(Job.objects.filter(status__in=LIVE).values_list("public_id", flat=True))
    n = 0
    # of models only what a killed copy left half done
    left = [*(runs.iterdir() if runs.is_dir() else ()), *models.glob(".*")]
    for run in left:
        is_old = run.stat().st_mtime < (now - KEEP_RUNS).timestamp()
        if is_old and run.name not in {str(one) for one in live}:
            shutil.rmtree(run)
            n += 1
    return n
