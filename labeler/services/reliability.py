"""Working out agreement and reliability, and storing them with the digest of what they came
from.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from annotate.errors import Conflict, Invalid
from annotate.models import Project
from labeler.answers import AnswerTable, Selection, load_answers, text_lengths
from labeler.models import ReliabilityRun
from labeler.numerics import VERSION
from labeler.numerics.reliability import Rules
from labeler.selectors import is_big, newest_run
from labeler.services.analysis import METRICS, Report, Ways, analysed, nobody_listens

LEVELS = ("auto", "nominal", "ordinal", "interval")


class BadReliabilitySettings(Invalid):
    code = "bad-settings"


class NotWorkedOut(Conflict):
    code = "not-worked-out"


@dataclass(frozen=True)
class ReliabilitySettings:
    """metric of pairs, and `level` of the labels (auto: ordinal in an ordinal project, else
    nominal); min_overlap = shared items below which a pair says nothing; alpha = weight of
    agreement with oneself; damping and shrinkage as in numerics.reliability.Rules.
    """

    alpha: float = 0.5
    normalise: str = "mean"
    min_overlap: int = 15
    metric: str = "krippendorff"
    level: str = "auto"
    damping: float = 0.0
    shrinkage: float = 0.0
    selection: Selection = field(default_factory=Selection)

    def as_dict(self) -> dict[str, Any]:
        own = {
            "alpha": self.alpha,
            "normalise": self.normalise,
            "min_overlap": self.min_overlap,
            "metric": self.metric,
        }
        return (
            own
            | {"level": self.level, "damping": self.damping, "shrinkage": self.shrinkage}
            | self.selection.as_dict()
        )

    def rules(self) -> Rules:
        """Raises BadReliabilitySettings for what does not fit."""
        try:
            return Rules(self.alpha, self.normalise, damping=self.damping, shrinkage=self.shrinkage)
        except ValueError as reason:
            raise BadReliabilitySettings(f"{reason}.") from reason

    def check(self) -> None:
        self.rules()
        if self.metric not in METRICS:
            raise BadReliabilitySettings(f"metric is one of {', '.join(METRICS)}.")
        if self.level not in LEVELS:
            raise BadReliabilitySettings(f"level is one of {', '.join(LEVELS)}.")
        if self.min_overlap < 1:
            raise BadReliabilitySettings("min_overlap is at least 1.")

    def ways(self, kind: str) -> Ways:
        own = "ordinal" if kind == "ordinal" else "nominal"
        return Ways(
            self.metric, own if self.level == "auto" else self.level, self.min_overlap, self.rules()
        )


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
        return run_reliability(project=project, settings=ReliabilitySettings(), now=now)
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
    report: Report = nobody_listens,
) -> ReliabilityRun:
    digest = table.digest({"reliability": settings.as_dict()})
    stored = ReliabilityRun.objects.filter(project=project, digest=digest).first()
    if stored is not None:
        return stored
    rng = np.random.default_rng(int(digest[:16], 16))
    result = analysed(
        table, text_lengths(project, table), settings.ways(table.answers.kind), rng, report
    )
    run, _ = ReliabilityRun.objects.get_or_create(
        project=project,
        digest=digest,
        defaults={
            "settings": settings.as_dict(),
            "result": result,
            "code_version": VERSION,
            "created_at": now,
        },
    )
    return run
