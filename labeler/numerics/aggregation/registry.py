"""The aggregation methods there are. A new one is one file and one line."""

from dataclasses import dataclass

import numpy as np

from labeler.numerics.aggregation.crowdlab import CROWDLAB
from labeler.numerics.aggregation.crowdtruth import CROWDTRUTH
from labeler.numerics.aggregation.dawid_skene import DAWID_SKENE
from labeler.numerics.aggregation.ensemble import ENSEMBLE
from labeler.numerics.aggregation.evidence import Aggregated, Evidence, Method
from labeler.numerics.aggregation.glad import GLAD
from labeler.numerics.aggregation.mace import MACE
from labeler.numerics.aggregation.mean import MEAN
from labeler.numerics.aggregation.one_coin import ONE_COIN
from labeler.numerics.aggregation.product import PRODUCT
from labeler.numerics.aggregation.reliability import RELIABILITY
from labeler.numerics.aggregation.smoothed_share import SMOOTHED_SHARE
from labeler.numerics.aggregation.softmax import SOFTMAX
from labeler.numerics.aggregation.vote_share import VOTE_SHARE
from labeler.numerics.aggregation.wawa import WAWA
from labeler.numerics.aggregation.zero_based import ZERO_BASED
from labeler.numerics.arrays import MISSING, Answers, Bools, Floats, Ints
from labeler.numerics.counts import answers_per_item

ALL: tuple[Method, ...] = (
    CROWDLAB,
    CROWDTRUTH,
    DAWID_SKENE,
    ENSEMBLE,
    GLAD,
    MACE,
    MEAN,
    ONE_COIN,
    PRODUCT,
    RELIABILITY,
    SMOOTHED_SHARE,
    SOFTMAX,
    VOTE_SHARE,
    WAWA,
    ZERO_BASED,
)
METHODS = {method.name: method for method in ALL}


def aggregate(name: str, evidence: Evidence) -> Aggregated:
    """One distribution an item by a named method. Raises ValueError for an unknown name,
    NeedsModel when the method needs a model's.
    """
    if name not in METHODS:
        raise ValueError(f"the method is one of {tuple(METHODS)}, not {name!r}")
    if len(evidence.answers) == 0:
        return Aggregated(np.full((evidence.answers.n_items, evidence.answers.n_labels), np.nan))
    return METHODS[name].aggregate(evidence)


def default_method(answers: Answers) -> str:
    """`reliability` where at least half of the answers come with a confidence, else `ensemble`;
    measured, see docs/adr/0012.

    >>> from labeler.numerics.arrays import answers
    >>> unsure = answers([0, 0], [0, 1], [1, 1], n_labels=2)
    >>> default_method(unsure), default_method(answers([0], [0], [1], n_labels=2, confidence=[4]))
    ('ensemble', 'reliability')
    """
    said = answers.confidence != MISSING
    return "reliability" if said.size and said.mean() >= 0.5 else "ensemble"


@dataclass(frozen=True)
class SoftLabels:
    """distribution: (N, K), rows sum to 1; nan where an item has no answer
    sample_weight: (N,)
    n_annotations: (N,)
    """

    distribution: Floats
    sample_weight: Floats
    n_annotations: Ints
    aggregated: Aggregated

    @property
    def answered(self) -> Bools:
        return np.asarray(self.n_annotations > 0)


def soft_labels(
    answers: Answers,
    p: Floats,
    r: Floats,
    method: str = "reliability",
    model: Floats | None = None,
    rng: np.random.Generator | None = None,
) -> SoftLabels:
    """One distribution an item, from first answers only: a repeat says something about the person,
    not more about the item.

    p: (n_answers,) probability of each first choice
    r: (M,) reliability
    model: (N, K) for methods that weigh one

    sample_weight is the mean r of an item's annotators.

    >>> from labeler.numerics.arrays import answers
    >>> some = answers([0, 0, 1], [0, 1, 0], [1, 1, 0], n_labels=2)
    >>> found = soft_labels(some, np.array([0.9, 0.7, 0.8]), np.array([1.5, 0.5]))
    >>> found.distribution.round(6).tolist()
    [[0.15, 0.85], [0.8, 0.2]]
    """
    if p.shape != answers.item.shape:
        raise ValueError(
            f"p is one number an answer, repeats included: its shape must be {answers.item.shape},"
            f" not {p.shape}"
        )
    first = answers.first_pass
    evidence = Evidence(
        first, p[answers.pass_number == 1], r, model, rng or np.random.default_rng(0)
    )
    aggregated = aggregate(method, evidence)
    n = answers_per_item(first)
    weight = np.bincount(
        first.item, weights=r[first.annotator], minlength=answers.n_items
    ) / np.maximum(n, 1)
    return SoftLabels(aggregated.distribution, weight, n, aggregated)


def marginals(
    answers: Answers, r: Floats, method: str = "reliability", rng: np.random.Generator | None = None
) -> Floats:
    """(N, K) probability of each label of a multi-label set being right: each label on its own, by
    any method that needs no model.

    With `reliability` this is Σ r_a b_a/Σ r_a, the multi-label rule of EffiARA. nan rows where
    nobody answered.
    """
    first = answers.first_pass
    certain = np.ones(len(first))
    each = (
        Evidence(first.of_label(k), certain, r, None, rng or np.random.default_rng(0))
        for k in range(answers.n_labels)
    )
    return np.stack([aggregate(method, evidence).distribution[:, 1] for evidence in each], axis=1)
