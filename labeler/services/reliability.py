"""Working out agreement and reliability, and storing them with the digest of what they came
from.
"""

from datetime import datetime

import numpy as np

from annotate.errors import Conflict
from annotate.jsonform import as_json
from annotate.models import Project
from annotate.progress import Progress, nobody_listens
from labeler.analysis.project import analyse
from labeler.answers import AnswerTable, load_answers, text_lengths
from labeler.models import ReliabilityRun
from labeler.numerics import VERSION
from labeler.selectors import is_big, newest_run
from labeler.settings import USUAL, ReliabilitySettings


class NotWorkedOut(Conflict):
    code = "not-worked-out"


def run_reliability(
    *, project: Project, settings: ReliabilitySettings, now: datetime
) -> ReliabilityRun:
    """The stored run for exactly these answers and settings, worked out when it is not there
    yet.
    """
    settings.check()
    return run_on(
        project=project, table=load_answers(project, settings.selection), settings=settings, now=now
    )


def newest_or_run(*, project: Project, now: datetime) -> ReliabilityRun:
    """What a request is answered with: the run of the answers as they are, or the newest stored one
    of a project too big to wait for.

    Raises NotWorkedOut when such a project has none yet: nobody waits in a request.
    """
    if not is_big(project):
        return run_reliability(project=project, settings=USUAL, now=now)
    stored = newest_run(project)
    if stored is None:
        raise NotWorkedOut("Agreement of this project is being worked out. Ask again in a minute.")
    return stored


def run_on(
    *,
    project: Project,
    table: AnswerTable,
    settings: ReliabilitySettings,
    now: datetime,
    progress: Progress = nobody_listens,
) -> ReliabilityRun:
    digest = table.digest({"reliability": settings.as_dict()})
    stored = ReliabilityRun.objects.filter(project=project, digest=digest).first()
    if stored is not None:
        return stored
    rng = np.random.default_rng(int(digest[:16], 16))
    rule = settings.pair_rule(table.answers.kind)
    analysis = analyse(table, text_lengths(project, table), rule, rng, progress)
    run, _ = ReliabilityRun.objects.get_or_create(
        project=project,
        digest=digest,
        defaults={
            "settings": settings.as_dict(),
            "result": as_json(analysis),
            "code_version": VERSION,
            "created_at": now,
        },
    )
    return run
