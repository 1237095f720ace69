"""How good a trained model is, on what it has not seen."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from labeler.dataset_rows import DatasetRow, rows_of
from labeler.numerics.arrays import Floats, Ints
from labeler.numerics.calibration import (
    Bin,
    SharesBin,
    fit_temperature,
    probabilities,
    reliability_diagram,
    shares_diagram,
)
from labeler.numerics.metrics.evaluation import evaluate
from worker.contract import COST, LOGITS, Cost
from worker.models import TrainingRun
from worker.results import MetricEstimate, Metrics

JUDGED = ("validation", "test")
OF_DECISION = ("ece", "nll", "adaptive_ece", "rms_calibration_error", "smooth_ece")


@dataclass(frozen=True)
class Judgement:
    """`predicted`: (N, K) on the test split, the distribution as it will be served."""

    metrics: Metrics
    temperature: float
    decision_temperature: float
    diagram: list[Bin]
    people_diagram: list[SharesBin]
    predicted: Floats
    cost: Cost


def judge_run(run: TrainingRun, folder: Path) -> Judgement:
    """Metrics with intervals on both held-out splits, after two temperatures fitted on validation
    alone: one for the distribution, to people's shares, and one for the decision, to the label most
    people chose. A model that states shares honestly is not sure of its decision as often as it is
    right, and the other way round.
    """
    rows = rows_of(run.dataset)
    splits = {name: [row for row in rows if row.split == name] for name in JUDGED}
    logits = load_file(folder / LOGITS)
    targets = {name: _targets(splits[name], run.dataset.labels) for name in JUDGED}
    soft, hard = targets["validation"]
    temperature = fit_temperature(logits["validation"], soft)
    decision = fit_temperature(logits["validation"], np.eye(soft.shape[1])[hard])
    rng = np.random.default_rng(run.seed)
    metrics = {
        name: _metrics(*targets[name], logits[name], (temperature, decision), rng)
        for name in JUDGED
    }
    predicted = probabilities(logits["test"], temperature)
    decided = probabilities(logits["test"], decision)
    test_soft, test_hard = targets["test"]
    return Judgement(
        metrics,
        temperature,
        decision,
        reliability_diagram(decided, test_hard),
        shares_diagram(predicted, test_soft),
        predicted,
        Cost(**json.loads((folder / COST).read_text(encoding="utf-8"))),
    )


def _metrics(
    soft: Floats,
    hard: Ints,
    logits: Floats,
    temperatures: tuple[float, float],
    rng: np.random.Generator,
) -> dict[str, MetricEstimate]:
    """Of the distribution; what is about the decision, of the probabilities of the decision."""
    shares, decisions = (probabilities(logits, t) for t in temperatures)
    of_shares = evaluate(soft, hard, shares, rng)
    decided = evaluate(soft, hard, decisions, rng)
    return {
        name: MetricEstimate(one.value, one.interval)
        for name, one in (of_shares | {name: decided[name] for name in OF_DECISION}).items()
    }


def _targets(rows: Sequence[DatasetRow], labels: Sequence[str]) -> tuple[Floats, Ints]:
    soft = np.array([row.soft_label for row in rows], dtype=np.float64)
    return soft, np.array([labels.index(row.hard_label) for row in rows], dtype=np.int64)
