"""Working out agreement and reliability, and storing them with the digest of what they came from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from annotate.errors import Invalid
from annotate.models import Project
from labeler.answers import AnswerTable, Selection, load_answers
from labeler.models import ReliabilityRun
from labeler.numerics import VERSION
from labeler.numerics.agreement import METRICS, Measure, overall_alpha, pair_measure
from labeler.numerics.counts import PairCounts, label_counts, pair_counts, repeat_counts
from labeler.numerics.reliability import NORMALISATIONS, edges, reliability

N_RESAMPLES = 1000
N_RESAMPLES_PAIR = 200  # a project of 100 annotators has 5,000 pairs


class BadReliabilitySettings(Invalid):
    code = "bad-settings"


@dataclass(frozen=True)
class ReliabilitySettings:
    """alpha = weight of agreement with oneself; min_overlap = shared items below which a pair says nothing."""

    alpha: float = 0.5
    normalise: str = "mean"
    min_overlap: int = 15
    metric: str = "krippendorff"
    selection: Selection = field(default_factory=Selection)

    def as_dict(self) -> dict[str, Any]:
        own = {"alpha": self.alpha, "normalise": self.normalise, "min_overlap": self.min_overlap, "metric": self.metric}
        return own | self.selection.as_dict()

    def check(self) -> None:
        if not 0.0 <= self.alpha <= 1.0:
            raise BadReliabilitySettings(f"alpha is the weight of agreement with oneself, 0 to 1; {self.alpha} is outside.")
        if self.normalise not in NORMALISATIONS:
            raise BadReliabilitySettings(f"normalise is one of {', '.join(NORMALISATIONS)}.")
        if self.metric not in METRICS:
            raise BadReliabilitySettings(f"metric is one of {', '.join(METRICS)}.")
        if self.min_overlap < 1:
            raise BadReliabilitySettings("min_overlap is at least 1.")


def run_reliability(*, project: Project, settings: ReliabilitySettings, now: datetime) -> ReliabilityRun:
    """The stored run for exactly these answers and settings, worked out when it is not there yet."""
    settings.check()
    return run_on(project=project, table=load_answers(project, settings.selection), settings=settings, now=now)


def run_on(*, project: Project, table: AnswerTable, settings: ReliabilitySettings, now: datetime) -> ReliabilityRun:
    digest = table.digest({"reliability": settings.as_dict()})
    stored = ReliabilityRun.objects.filter(project=project, digest=digest).first()
    if stored is not None:
        return stored
    result = _result(table, settings, np.random.default_rng(int(digest[:16], 16)))
    run, _ = ReliabilityRun.objects.get_or_create(
        project=project,
        digest=digest,
        defaults={"settings": settings.as_dict(), "result": result, "code_version": VERSION, "created_at": now},
    )
    return run


def _result(table: AnswerTable, settings: ReliabilitySettings, rng: np.random.Generator) -> dict[str, Any]:
    answers, pairs = table.answers, pair_counts(table.answers)
    pair_measures = _pair_measures(pairs, settings, rng)
    intra = [pair_measure(counts, settings.metric, rng, N_RESAMPLES) for counts in repeat_counts(answers)]
    overall = overall_alpha(label_counts(answers), rng, N_RESAMPLES)
    usable = [
        (int(a), int(b), measure.value)
        for a, b, measure in zip(pairs.first, pairs.second, pair_measures, strict=True)
        if measure.value is not None and measure.n >= settings.min_overlap
    ]
    enough = [measure.value if measure.value is not None and measure.n >= settings.min_overlap else np.nan for measure in intra]
    found = reliability(edges(usable), np.array(enough, dtype=np.float64), alpha=settings.alpha, normalise=settings.normalise)
    defined_intra = [value for value in enough if np.isfinite(value)]
    return {
        "overall": _measure(overall),
        "n_items": answers.n_items,
        "n_annotators": answers.n_annotators,
        "n_annotations": int((answers.pass_number == 1).sum()),
        "n_repeats": int((answers.pass_number > 1).sum()),
        "pairs": [
            {"a": table.annotators[a], "b": table.annotators[b], **_measure(measure)}
            for a, b, measure in zip(pairs.first, pairs.second, pair_measures, strict=True)
        ],
        "annotators": [
            {
                "name": name,
                "reliability": float(found.r[code]),
                "inter": _or_none(found.inter[code]),
                "intra": _or_none(enough[code]),
                "n_shared": int(pairs.n_shared[(pairs.first == code) | (pairs.second == code)].sum()),
                "n_repeated": intra[code].n,
                "state": "counted" if found.counted[code] else "not-enough-overlap",
                "self": _measure(intra[code]),
            }
            for code, name in enumerate(table.annotators)
        ],
        "sweeps": found.sweeps,
        "converged": found.converged,
        "mean_inter": float(np.mean([value for _, _, value in usable])) if usable else None,
        "mean_intra": float(np.mean(defined_intra)) if defined_intra else None,
    }


def _pair_measures(pairs: PairCounts, settings: ReliabilitySettings, rng: np.random.Generator) -> list[Measure]:
    measures = []
    for counts in pairs.counts:
        measure = pair_measure(counts, settings.metric, rng, N_RESAMPLES_PAIR)
        if measure.value is not None and measure.n < settings.min_overlap:
            reason = f"{measure.n} shared items; {settings.min_overlap} are needed before the pair counts"
            measure = Measure(measure.value, measure.n, measure.observed, measure.interval, reason)
        measures.append(measure)
    return measures


def _measure(measure: Measure) -> dict[str, Any]:
    interval = list(measure.interval) if measure.interval else None
    return {"n": measure.n, "value": measure.value, "observed": measure.observed, "interval": interval, "reason": measure.reason}


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
