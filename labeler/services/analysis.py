"""What is worked out of a project's answers, as one JSON object: agreement, reliability,
confidence, signs of low effort.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from labeler.answers import AnswerTable
from labeler.numerics.agreement.groups import change, over_time
from labeler.numerics.agreement.intra import gaps_of
from labeler.numerics.agreement.joint import item_groups, pair_draws, self_draws
from labeler.numerics.agreement.measure import Measure, Measures
from labeler.numerics.agreement.overall import overall, per_label
from labeler.numerics.agreement.pairs import METRICS as TABLE_METRICS
from labeler.numerics.agreement.pairs import measures_of, pair_measures
from labeler.numerics.agreement.sets import both_choices, label_by_label, masi_alpha
from labeler.numerics.agreement.soft import SIMILARITIES, pair_similarities, self_similarities
from labeler.numerics.arrays import MISSING, MOST_LABELS_MULTI, Answers, Floats, Ints
from labeler.numerics.confidence.curves import Curves, calibration_curves
from labeler.numerics.confidence.linear import stated
from labeler.numerics.counts import answers_per_item, label_counts, pair_counts, repeat_counts
from labeler.numerics.effort import Signal, signals
from labeler.numerics.independence import connectedness, effective_raters, worth
from labeler.numerics.intervals import group_weights
from labeler.numerics.planning.saturation import saturation
from labeler.numerics.reliability import (
    Edges,
    Reliability,
    Rules,
    reliability,
    reliability_intervals,
)
from labeler.numerics.soft_labels import of_answers

N_RESAMPLES = 1000
N_RESAMPLES_PAIR = 200
# of more than MANY_PAIRS, once for all: 200 annotators make 19,900, whose draws are most of the
# time of a run
N_RESAMPLES_MANY = 100
MANY_PAIRS = 5_000
MANY_ANNOTATORS = 2_000  # of whom only pairs that count are kept
FEWEST_GOLD = 30  # items with a gold label, below which shared errors cannot be told from chance
MOST_PAIRS = 20_000  # stored; beyond it those that share most
MOST_FOR_CURVES = 50_000  # answers from which subsampling curves are drawn
METRICS = (*TABLE_METRICS, *SIMILARITIES)
Report = Callable[[str, float], None]


@dataclass(frozen=True)
class Ways:
    """How agreement is measured: `metric` and `level` of pairs, `min_overlap` shared items below
    which a pair says nothing, and the rules of reliability.
    """

    metric: str
    level: str
    min_overlap: int
    rules: Rules


@dataclass(frozen=True)
class Pairs:
    """Agreement of pairs and of people with themselves, with the draws behind both intervals."""

    first: Ints
    second: Ints
    between: Measures
    between_draws: Floats
    within: Measures
    within_draws: Floats


def nobody_listens(step: str, share: float) -> None:
    """The progress of work that nobody watches."""


def analysed(
    table: AnswerTable,
    n_characters: Ints,
    ways: Ways,
    rng: np.random.Generator,
    report: Report = nobody_listens,
) -> dict[str, Any]:
    """Everything that pages, commands and REST show of agreement and reliability. `report(step,
    share)` is told how far it is.
    """
    report("Agreement over all", 0.15)
    result = _overall(table, ways, rng)
    report("Agreement of pairs", 0.25)
    pairs = _pairs(table, ways, rng)
    report("Reliability", 0.5)
    found, bounds, n_shared = _reliability(pairs, table, ways)
    report("Confidence and effort", 0.6)
    result |= _pairs_json(table, pairs, ways) | _graph(table, pairs, ways) | _curves(table, rng)
    curves = calibration_curves(table.answers)
    result["confidence"] = _curve(curves, table.answers.n_annotators)
    result["annotators"] = _annotators(table, pairs, found, bounds, n_shared, n_characters, curves)
    enough = pairs.within.value[_usable(pairs.within, ways)]
    usable = pairs.between.value[_usable(pairs.between, ways)]
    means = {
        "mean_inter": float(usable.mean()) if usable.size else None,
        "mean_intra": float(enough.mean()) if enough.size else None,
    }
    return result | means | {"sweeps": found.sweeps, "converged": found.converged}


def _overall(table: AnswerTable, ways: Ways, rng: np.random.Generator) -> dict[str, Any]:
    answers = table.answers
    counts, n_repeats = label_counts(answers), int((answers.pass_number > 1).sum())
    coefficients = overall(counts, rng, N_RESAMPLES, ways.level)
    labels = zip(table.labels, per_label(counts, rng, N_RESAMPLES // 2), strict=True)
    return {
        "overall": measure_json(coefficients["krippendorff"]),
        "coefficients": [
            {"metric": name, **measure_json(one)} for name, one in coefficients.items()
        ],
        "per_label": (
            [{"label": label, **measure_json(one)} for label, one in labels]
            if len(table.labels) > 1
            else []
        ),
        "over_time": [
            {
                "first_day": window.first_day,
                "last_day": window.last_day,
                **measure_json(window.measure),
            }
            for window in over_time(answers, rng, level=ways.level)
        ],
        "guideline_change": _guideline_change(table, ways, rng),
        "both_choices": _both_choices(answers, table.labels, rng),
        "level": ways.level,
        "n_items": answers.n_items,
        "n_annotators": answers.n_annotators,
        "n_annotations": len(answers) - n_repeats,
        "n_repeats": n_repeats,
    }


def _both_choices(
    answers: Answers, labels: Sequence[str], rng: np.random.Generator
) -> dict[str, Any] | None:
    """Agreement on what was named first or second; None where nobody named a second choice."""
    if not (answers.secondary != MISSING).any() or answers.n_labels > MOST_LABELS_MULTI:
        return None
    sets = both_choices(answers.first_pass)
    rows = zip(labels, label_by_label(sets, rng, N_RESAMPLES // 2), strict=True)
    return {
        "masi": measure_json(masi_alpha(sets, rng, N_RESAMPLES)),
        "per_label": [{"label": label, **measure_json(one)} for label, one in rows],
    }


def _guideline_change(
    table: AnswerTable, ways: Ways, rng: np.random.Generator
) -> dict[str, Any] | None:
    """Agreement under the newest guideline against all before it; None when all answers were
    given under one.
    """
    newest = int(table.guidelines.max(initial=MISSING))
    if newest == MISSING or (table.guidelines == newest).all():
        return None
    found = change(
        table.answers, (table.guidelines == newest).astype(np.int64), rng, level=ways.level
    )
    bounds = list(found.interval) if found.interval else None
    return {
        "before": measure_json(found.before),
        "after": measure_json(found.after),
        "difference": found.difference,
        "interval": bounds,
    }


def _pairs(table: AnswerTable, ways: Ways, rng: np.random.Generator) -> Pairs:
    answers = table.answers
    group = item_groups(answers, rng)
    weights = group_weights(int(group.max(initial=0)) + 1, rng, N_RESAMPLES_PAIR)
    if ways.metric in SIMILARITIES:
        y = of_answers(answers, stated(answers))
        first, second, between, drawn = pair_similarities(
            answers.first_pass, y[answers.pass_number == 1], ways.metric, group, weights
        )
        return Pairs(
            first,
            second,
            between,
            drawn,
            *self_similarities(answers, y, ways.metric, group, weights),
        )
    counted = pair_counts(
        answers, ways.min_overlap if answers.n_annotators > MANY_ANNOTATORS else 1
    )
    many = len(counted.counts) > MANY_PAIRS
    weights = weights[:N_RESAMPLES_MANY] if many else weights
    drawn = pair_draws(answers, counted, group, weights, ways.metric, ways.level)
    within_drawn = self_draws(answers, group, weights, ways.metric, ways.level)
    within = pair_measures(repeat_counts(answers), ways.metric, rng, len(weights), ways.level)
    if many:
        return Pairs(
            counted.first,
            counted.second,
            measures_of(counted.counts, ways.metric, drawn, ways.level),
            drawn,
            within,
            within_drawn,
        )
    between = pair_measures(counted.counts, ways.metric, rng, len(weights), ways.level)
    return Pairs(counted.first, counted.second, between, drawn, within, within_drawn)


def _usable(measures: Measures, ways: Ways) -> Any:
    return np.isfinite(measures.value) & (measures.n >= ways.min_overlap)


def _reliability(pairs: Pairs, table: AnswerTable, ways: Ways) -> tuple[Reliability, Floats, Ints]:
    """(reliability, its bounds (2, M), items shared with anybody (M,))."""
    kept, enough = _usable(pairs.between, ways), _usable(pairs.within, ways)
    first = table.answers.first_pass
    n_shared = np.bincount(
        first.annotator[answers_per_item(first)[first.item] >= 2], minlength=first.n_annotators
    )
    graph = Edges(pairs.first[kept], pairs.second[kept], pairs.between.value[kept])
    found = reliability(graph, np.where(enough, pairs.within.value, np.nan), ways.rules, n_shared)
    draws = np.where(enough, pairs.within_draws, np.nan)
    return (
        found,
        reliability_intervals(graph, pairs.between_draws[:, kept], draws, ways.rules, n_shared),
        n_shared,
    )


def _pairs_json(table: AnswerTable, pairs: Pairs, ways: Ways) -> dict[str, Any]:
    order = np.arange(len(pairs.between))
    if order.size > MOST_PAIRS:
        order = np.sort(np.argsort(-pairs.between.n, kind="stable")[:MOST_PAIRS])
    rows = [
        {
            "a": table.annotators[pairs.first[i]],
            "b": table.annotators[pairs.second[i]],
            **measure_json(_with_note(pairs.between.measure(int(i)), ways)),
        }
        for i in order
    ]
    return {"pairs": rows, "n_pairs": len(pairs.between)}


def _with_note(measure: Measure, ways: Ways) -> Measure:
    if measure.value is None or measure.n >= ways.min_overlap:
        return measure
    reason = f"{measure.n} shared items; {ways.min_overlap} are needed before the pair counts"
    return Measure(measure.value, measure.n, measure.observed, measure.interval, reason)


def _graph(table: AnswerTable, pairs: Pairs, ways: Ways) -> dict[str, Any]:
    kept = pairs.between.n >= ways.min_overlap
    joined = connectedness(pairs.first[kept], pairs.second[kept], table.answers.n_annotators)
    known = table.gold != MISSING
    truth = np.where(known[:, None], np.eye(table.answers.n_labels)[table.gold], np.nan)
    n_answers = answers_per_item(table.answers)
    per_item = float(n_answers[n_answers > 0].mean()) if (n_answers > 0).any() else 0.0
    found = effective_raters(table.answers, truth) if known.sum() >= FEWEST_GOLD else None
    independence = (
        None
        if found is None or found.correlation is None
        else {"correlation": found.correlation, "n_effective": worth(per_item, found.correlation)}
    )
    return {
        "answers_per_item": per_item,
        "independence": independence,
        "connectedness": {"n_components": joined.n_components, "strength": joined.strength},
    }


def _curves(table: AnswerTable, rng: np.random.Generator) -> dict[str, Any]:
    """How agreement and labels change with fewer answers an item, on at most MOST_FOR_CURVES
    answers; empty without overlap.
    """
    answers = table.answers
    share = MOST_FOR_CURVES / max(1, len(answers))
    some = (
        answers
        if share >= 1
        else answers.where((rng.random(answers.n_items) < share)[answers.item])
    )
    n = label_counts(some).sum(axis=1)
    if not (n >= 2).any() or np.median(n[n > 0]) < 2:
        return {"saturation": {}}
    found = saturation(some, rng, n_draws=20)
    return {
        "saturation": {name: [asdict(point) for point in points] for name, points in found.items()}
    }


def _annotators(
    table: AnswerTable,
    pairs: Pairs,
    found: Reliability,
    bounds: Floats,
    n_shared: Ints,
    n_characters: Ints,
    curves: Curves,
) -> list[dict[str, Any]]:
    answers = table.answers
    gaps = gaps_of(answers)
    asked: dict[int, list[Signal]] = defaultdict(list)
    for signal in signals(answers, n_characters, answers.day):
        asked[signal.annotator].append(signal)
    return [
        {
            "name": name,
            "reliability": float(found.r[code]),
            "interval": (
                None
                if np.isnan(bounds[0, code])
                else [float(bounds[0, code]), float(bounds[1, code])]
            ),
            "inter": _or_none(found.inter[code]),
            "intra": _or_none(pairs.within.value[code]),
            "n_shared": int(n_shared[code]),
            "n_repeated": int(pairs.within.n[code]),
            "gap_days": gaps[code],
            "state": "counted" if found.counted[code] else "not-enough-overlap",
            "self": measure_json(pairs.within.measure(code)),
            "confidence": _curve(curves, code),
            "signals": [_signal(signal) for signal in asked[code]],
        }
        for code, name in enumerate(table.annotators)
    ]


def _curve(curves: Curves, row: int) -> dict[str, Any]:
    steps = [
        {
            "confidence": step + 1,
            "n": int(curves.n[row, step]),
            "share": _or_none(curves.share[row, step]),
            "low": _or_none(curves.low[row, step]),
        }
        | {"high": _or_none(curves.high[row, step]), "expected": float(curves.expected[step])}
        for step in range(curves.expected.size)
    ]
    return {"steps": steps, "brier": _or_none(curves.brier[row]), "ece": _or_none(curves.ece[row])}


def _signal(signal: Signal) -> dict[str, Any]:
    return {name: value for name, value in asdict(signal).items() if name != "annotator"}


def measure_json(measure: Measure) -> dict[str, Any]:
    interval = list(measure.interval) if measure.interval else None
    return {
        "n": measure.n,
        "value": measure.value,
        "observed": measure.observed,
        "interval": interval,
        "reason": measure.reason,
    }


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
