"""What every aggregation gets and what it gives back."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from labeler.numerics.arrays import Answers, Bools, Floats, Ints, row_sums, row_tops
from labeler.numerics.counts import answers_per_item, label_counts
from labeler.numerics.given import expect_range
from labeler.numerics.soft_labels import of_answers


class NeedsModel(ValueError):
    """The method weighs a model's out-of-sample probabilities, and there are none."""


@dataclass(frozen=True)
class Evidence:
    """answers: first passes, nominal or ordinal
    p: (n_answers,) probability of each first choice
    r: (M,) reliability
    model: (N, K) a classifier's probabilities for items it was not trained on, or None
    rng: for methods that start at random
    """

    answers: Answers
    p: Floats
    r: Floats
    model: Floats | None = None
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    def __post_init__(self) -> None:
        self.answers.expect_single("aggregation")
        if self.p.shape != self.answers.item.shape or self.r.shape != (self.answers.n_annotators,):
            raise ValueError(
                "p is one number an answer and r one an annotator, but their shapes are"
                f" {self.p.shape} and {self.r.shape}"
            )
        expect_range("p", self.p, 0.0, 1.0)
        expect_range("r", self.r, 0.0, sys.float_info.max)

    @property
    def y(self) -> Floats:
        """(n_answers, K) each answer as a distribution; worked out at each call, as large
        methods never need it.
        """
        return of_answers(self.answers, self.p)

    @cached_property
    def votes(self) -> Ints:
        return label_counts(self.answers)

    @cached_property
    def answered(self) -> Bools:
        return np.asarray(answers_per_item(self.answers) > 0)


@dataclass(frozen=True)
class Aggregated:
    """distribution: (N, K), rows sum to 1, nan where nobody answered
    annotator_quality: (M,) in the method's own unit, higher is better
    confusion: (M, K, K), [a, k, l] = P(a says k | the truth is l)
    scores: other named numbers an item, each (N,)
    """

    distribution: Floats
    annotator_quality: Floats | None = None
    confusion: Floats | None = None
    converged: bool = True
    iterations: int = 1
    scores: dict[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """`title` and `summary` are for people, `source` is the paper. `needs_model`: raises
    NeedsModel without `Evidence.model`.
    """

    name: str
    title: str
    summary: str
    source: str
    aggregate: Callable[[Evidence], Aggregated]
    needs_model: bool = False


def no_answer_is_nan(distribution: Floats, evidence: Evidence) -> Floats:
    return np.where(evidence.answered[:, None], distribution, np.nan)


def of_logs(logs: Floats) -> tuple[Floats, Floats]:
    """(softmax of rows (N, K), log of each row's sum (N,)) without overflow."""
    top = row_tops(logs)
    shifted = logs - top[:, None]
    np.exp(shifted, out=shifted)
    total = row_sums(shifted)
    shifted /= total[:, None]
    return shifted, np.asarray(top + np.log(total))


def even_winners(score: Floats) -> Floats:
    """(N, K): 1 for the highest score of a row; on a tie the winners share it, so that no label
    wins by its place.

    >>> even_winners(np.array([[2.0, 2.0, 1.0]])).tolist()
    [[0.5, 0.5, 0.0]]
    """
    top = score >= row_tops(score)[:, None] * (1 - 1e-12)
    return np.asarray(top / row_sums(top.astype(np.float64))[:, None])
