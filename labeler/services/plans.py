"""A plan worked out: what each person does, and how wide the interval of agreement will be.
Nothing is stored.
"""

from dataclasses import dataclass

import numpy as np

from annotate.errors import Invalid
from annotate.models import Project
from labeler.numerics.arrays import Floats
from labeler.numerics.planning.forecast import forecast
from labeler.numerics.planning.resources import NoPlan, Resources, Shares, share_out, solve
from labeler.selectors import newest_run, newest_soft_labels

EXPECTED_AGREEMENT = 0.6  # until the project has its own: what many tasks reach
MOST_PEOPLE = 2000


class BadPlan(Invalid):
    code = "bad-plan"


@dataclass(frozen=True)
class Load:
    """What one person answers: `load` answers in all."""

    single: int
    double: int
    repeat: int
    load: int


@dataclass(frozen=True)
class Forecast:
    """Intervals of agreement, over all double items and for one pair, at `expected_agreement`."""

    expected_agreement: float
    is_measured: bool
    overall: tuple[float, float] | None
    pair: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class PlanReport(Resources):
    """The six numbers, and the plan in whole items; `slack`: answers of time left over."""

    per_annotator: list[Load]
    slack: int
    connected: bool
    items_used: int
    n_double: int
    per_pair: int
    forecast: Forecast


def make_plan(*, project: Project, known: Resources, labels: tuple[str, ...]) -> PlanReport:
    """The plan as the command, the API and the page show it. Raises BadPlan with what does not
    fit.
    """
    try:
        plan = solve(known)
        if plan.annotators and plan.annotators > MOST_PEOPLE:
            raise NoPlan(
                f"This takes {plan.annotators:,.0f} people. Plan fewer items, more hours or a"
                " higher rate."
            )
        shares = share_out(plan)
    except NoPlan as reason:
        raise BadPlan(str(reason)) from reason
    each = zip(shares.single.tolist(), shares.double.tolist(), shares.repeat.tolist(), strict=True)
    return PlanReport(
        **vars(plan),
        per_annotator=[Load(one, two, again, one + two + again) for one, two, again in each],
        slack=int(shares.slack),
        connected=bool(shares.connected),
        items_used=int(shares.n_items),
        n_double=int(shares.per_link.sum()),
        per_pair=int(shares.per_link.max(initial=0)),
        forecast=_forecast(project, shares, labels),
    )


def _forecast(project: Project, shares: Shares, labels: tuple[str, ...]) -> Forecast:
    """Over all double items and for one pair, at the agreement and the label shares that the
    project shows so far.
    """
    run = newest_run(project)
    # what is simulated is nominal
    alpha = run.analysis.overall.value if run and run.analysis.level == "nominal" else None
    expected = EXPECTED_AGREEMENT if alpha is None else min(1.0, max(0.0, alpha))
    prevalence, rng = _prevalence(project, labels), np.random.default_rng(0)
    overall, pair = (
        forecast(int(n), prevalence, expected, rng).interval
        for n in (shares.per_link.sum(), shares.per_link.max(initial=0))
    )
    return Forecast(expected, alpha is not None, overall, pair)


def _prevalence(project: Project, labels: tuple[str, ...]) -> Floats:
    newest = newest_soft_labels(project)
    if newest is None or tuple(newest.labels) != labels:
        return np.full(len(labels), 1.0 / len(labels))
    # by entropy they would be the disputed ones
    sample = newest.soft_labels.order_by("item_id").values_list("distribution", flat=True)[:2000]
    mean = np.mean(np.array(list(sample)), axis=0)
    return np.asarray(mean / mean.sum())
