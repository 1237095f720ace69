"""Answers for tests: any at all, from Hypothesis, and the toy of the method's worked tables."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from labeler.numerics.aggregation.evidence import Evidence
from labeler.numerics.arrays import COLUMNS, MISSING, Answers, Floats, Ints, answers

TOY_ROWS = ["001", "111", "011", "220", "000", "121"]  # items t1..t6 by annotators A, B, C
TOY_MODEL = np.array(
    [
        [0.7, 0.2, 0.1],
        [0.2, 0.7, 0.1],
        [0.3, 0.6, 0.1],
        [0.1, 0.1, 0.8],
        [0.8, 0.1, 0.1],
        [0.1, 0.6, 0.3],
    ]
)


def toy() -> Answers:
    cells = [
        (item, annotator, int(label))
        for item, row in enumerate(TOY_ROWS)
        for annotator, label in enumerate(row)
    ]
    return answers(*zip(*cells, strict=True), n_labels=3)


def evidence(some: Answers, model: Floats | None = None, seed: int = 0) -> Evidence:
    first = some.first_pass
    return Evidence(
        first, np.ones(len(first)), np.ones(some.n_annotators), model, np.random.default_rng(seed)
    )


def crowd(
    seed: int,
    *,
    n_items: int = 80,
    n_annotators: int = 6,
    n_labels: int = 4,
    share: float = 0.7,
    skill: float = 0.6,
) -> tuple[Answers, Ints]:
    """(answers, the truth): everybody is right with the same skill, else says anything."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, size=n_items)
    item, annotator = np.nonzero(rng.random((n_items, n_annotators)) < share)
    label = np.where(
        rng.random(item.size) < skill, truth[item], rng.integers(0, n_labels, size=item.size)
    )
    return (
        answers(
            item, annotator, label, n_labels=n_labels, n_items=n_items, n_annotators=n_annotators
        ),
        truth,
    )


@st.composite
def answer_sets(draw: st.DrawFn) -> Answers:
    n_labels = draw(st.integers(2, 5))
    cells = draw(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 4)), min_size=1, max_size=30))
    labels = [draw(st.integers(0, n_labels - 1)) for _ in cells]
    confidence = [draw(st.sampled_from([MISSING, 1, 2, 3, 4, 5])) for _ in cells]
    secondary = [draw(st.integers(MISSING, n_labels - 1)) for _ in cells]
    items, annotators = zip(*cells, strict=True)
    kind = draw(st.sampled_from(["nominal", "ordinal"]))
    return answers(
        items,
        annotators,
        labels,
        n_labels=n_labels,
        confidence=confidence,
        secondary=secondary,
        kind=kind,
    )


def shuffled(some: Answers, seed: int = 0) -> Answers:
    order = np.random.default_rng(seed).permutation(len(some))
    return replace(some, **{name: getattr(some, name)[order] for name in COLUMNS})


def read_only(some: Answers) -> Answers:
    for name in COLUMNS:
        getattr(some, name).setflags(write=False)
    return some
