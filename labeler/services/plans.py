"""A plan worked out: what each person does, and how wide the interval of agreement will be.
Nothing is stored.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from annotate.errors import Invalid
from annotate.models import Project
from labeler.numerics.planning.forecast import forecast
from labeler.numerics.planning.resources import NoPlan, Resources, Shares, share_out, solve
from labeler.selectors import newest_run, newest_soft_labels

EXPECTED_AGREEMENT = 0.6  # until the project has its own: what many tasks reach
MOST_PEOPLE = 2000


class BadPlan(Invalid):
    code = "bad-plan"


def make_plan(*, project: Project, known: Resources, labels: tuple[str, ...]) -> dict[str, Any]:
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
    return {
        **asdict(plan),
        "per_annotator": [
            {
                "single": int(single),
                "double": int(double),
                "repeat": int(repeat),
                "load": int(single + double + repeat),
            }
            for single, double, repeat in zip(
                shares.single, shares.double, shares.repeat, strict=True
            )
        ],
        "slack": shares.slack,
        "connected": shares.connected,
        "items_used": shares.n_items,
        "n_double": int(shares.per_link.sum()),
        "per_pair": int(shares.per_link.max(initial=0)),
        "forecast": _forecast(project, shares, labels),
    }


def _forecast(project: Project, shares: Shares, labels: tuple[str, ...]) -> dict[str, Any]:
    """Over all double items and for one pair, at the agreement and the label shares that the
    project shows so far.
    """
    run = newest_run(project)
    # what is simulated is nominal
    alpha = run.result["overall"]["value"] if run and run.result["level"] == "nominal" else None
    expected = EXPECTED_AGREEMENT if alpha is None else min(1.0, max(0.0, alpha))
    prevalence, rng = _prevalence(project, labels), np.random.default_rng(0)
    found = {
        name: forecast(int(n), prevalence, expected, rng)
        for name, n in (
            ("overall", shares.per_link.sum()),
            ("pair", shares.per_link.max(initial=0)),
        )
    }
    intervals = {name: list(one.interval) if one.interval else None for name, one in found.items()}
    return {"expected_agreement": expected, "is_measured": alpha is not None, **intervals}


def _prevalence(project: Project, labels: tuple[str, ...]) -> Any:
    newest = newest_soft_labels(project)
    if newest is None or tuple(newest.labels) != labels:
        return np.full(len(labels), 1.0 / len(labels))
    # by entropy they would be the disputed ones
    sample = newest.soft_labels.order_by("item_id").values_list("distribution", flat=True)[:2000]
    mean = np.mean(np.array(list(sample)), axis=0)
    return mean / mean.sum()
