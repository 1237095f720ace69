"""What must hold for any answers: order and names do not matter, nothing is written to, rows sum
to 1, shards add up.
"""

import doctest
import importlib
import pkgutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler import numerics
from labeler.numerics.aggregation.active_lab import active_lab
from labeler.numerics.aggregation.registry import METHODS, aggregate, soft_labels
from labeler.numerics.agreement.coefficients import OF_SUMS, OF_TABLE
from labeler.numerics.agreement.overall import coefficient, overall, sums_of
from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.arrays import MISSING, Answers, answers
from labeler.numerics.confidence.fitted import fit
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.numerics.confidence.methods import probability_of_primary
from labeler.numerics.counts import coincidences, label_counts
from labeler.numerics.pair_counts import pair_counts
from labeler.numerics.reliability import NORMALISATIONS, Rules, edges, reliability
from labeler.numerics.repeat_counts import repeat_counts
from tests.labeler.sets import answer_sets, evidence, read_only, shuffled

MODULES = [
    found.name
    for found in pkgutil.walk_packages(numerics.__path__, "labeler.numerics.")
    if not found.ispkg
]
STARTS_AT_RANDOM = {"mace", "ensemble"}  # another order of people is another start
FEW = settings(max_examples=40, deadline=None)


def model_for(some: Answers) -> np.ndarray:
    return np.random.default_rng(1).dirichlet(np.ones(some.n_labels), size=some.n_items)


@pytest.mark.parametrize("method", METHODS)
@given(some=answer_sets())
@FEW
def test_every_answered_item_gets_a_distribution_that_sums_to_one(
    method: str, some: Answers
) -> None:
    p = probability_of_primary(some, "linear")

    made = soft_labels(some, p, np.linspace(0.5, 1.5, some.n_annotators), method, model_for(some))

    answered = made.distribution[made.answered]
    assert np.abs(answered.sum(axis=1) - 1).max() < 1e-12
    assert (answered >= 0).all()
    assert np.isnan(made.distribution[~made.answered]).all()


@pytest.mark.parametrize("method", METHODS)
@given(some=answer_sets())
@FEW
def test_the_order_of_answers_changes_no_soft_label(method: str, some: Answers) -> None:
    model = model_for(some)

    first, second = (
        aggregate(method, evidence(one, model)).distribution for one in (some, shuffled(some))
    )

    assert first == pytest.approx(second, abs=1e-9, nan_ok=True)


def test_glad_is_the_same_to_the_last_bit_in_any_order_of_answers() -> None:
    """Last bits decide when its line search ends, and then the eighth digit differs."""
    rng = np.random.default_rng(5)
    cells = np.unique(rng.integers(0, [60, 7], size=(250, 2)), axis=0)
    some = answers(cells[:, 0], cells[:, 1], rng.integers(0, 3, len(cells)), n_labels=3)
    first = aggregate("glad", evidence(some)).distribution

    for seed in range(5):
        again = aggregate("glad", evidence(shuffled(some, seed))).distribution
        assert np.array_equal(first, again, equal_nan=True)


@pytest.mark.parametrize("method", sorted(set(METHODS) - STARTS_AT_RANDOM - {"crowdlab"}))
@given(some=answer_sets())
@FEW
def test_renaming_the_labels_renames_the_soft_labels_and_nothing_else(
    method: str, some: Answers
) -> None:
    """CROWDLAB is left out: it ends a tie that nothing else decides by the first label, as
    cleanlab does by chance.
    """
    back = np.arange(some.n_labels)[::-1].copy()
    renamed = some.merged(back, some.n_labels)

    first, second = (aggregate(method, evidence(one)).distribution for one in (some, renamed))

    assert first == pytest.approx(second[:, back], abs=1e-7, nan_ok=True)


@given(answer_sets(), st.sampled_from(sorted(OF_SUMS)), st.sampled_from(["nominal", "interval"]))
@settings(max_examples=80, deadline=None)
def test_no_coefficient_sees_order_or_which_way_round_the_labels_stand(
    some: Answers, metric: str, level: str
) -> None:
    turned = some.merged(np.arange(some.n_labels)[::-1].copy(), some.n_labels)

    values = [
        coefficient(coincidences(label_counts(one)), metric, level)
        for one in (some, shuffled(some), turned)
    ]

    assert values[1] == values[0]
    assert values[2] == (None if values[0] is None else pytest.approx(values[0], abs=1e-9))


@given(answer_sets())
@settings(max_examples=50, deadline=None)
def test_shards_of_items_add_up_to_the_whole_exactly(some: Answers) -> None:
    shards = [some.where(some.item % 3 == which) for which in range(3)]
    whole = coincidences(label_counts(some))

    merged = sum(
        (coincidences(label_counts(one)) for one in shards[1:]),
        coincidences(label_counts(shards[0])),
    )
    pairs = sum((pair_counts(one) for one in shards[1:]), pair_counts(shards[0]))

    assert sum(label_counts(one) for one in shards) == pytest.approx(label_counts(some))
    for name in ("n_items", "totals", "pairs"):
        ours, theirs = getattr(merged, name), getattr(whole, name)
        assert (ours[: len(theirs)] == theirs).all()
        assert not ours[len(theirs) :].any()
    for name in ("first", "second", "counts"):
        assert (getattr(pairs, name) == getattr(pair_counts(some), name)).all()
    assert (repeat_counts(some) == sum(repeat_counts(one) for one in shards)).all()


@given(answer_sets(), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_many_annotators_are_counted_as_few_are(some: Answers, min_shared: int) -> None:
    """Ten thousand people take the way that holds only the pairs there are."""
    many = replace(some, n_annotators=10_000)

    few, sparse = pair_counts(some, min_shared), pair_counts(many, min_shared)

    assert (few.first == sparse.first).all()
    assert (few.second == sparse.second).all()
    assert (few.counts == sparse.counts).all()


@given(answer_sets())
@settings(max_examples=50, deadline=None)
def test_pairs_are_what_a_slow_obvious_loop_counts(some: Answers) -> None:
    found = pair_counts(some)

    slow: dict[tuple[int, int], np.ndarray] = {}
    for i in range(len(some)):
        for j in range(len(some)):
            if some.item[i] == some.item[j] and some.annotator[i] < some.annotator[j]:
                key = (int(some.annotator[i]), int(some.annotator[j]))
                slow.setdefault(key, np.zeros((some.n_labels, some.n_labels), dtype=int))[
                    some.label[i], some.label[j]
                ] += 1
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == sorted(slow)
    assert [counts.tolist() for counts in found.counts] == [
        slow[key].tolist() for key in sorted(slow)
    ]


@given(answer_sets())
@settings(max_examples=60, deadline=None)
def test_alpha_is_what_a_slow_obvious_loop_over_pairs_of_answers_gives(some: Answers) -> None:
    groups = [some.label[some.item == i] for i in range(some.n_items)]
    groups = [group for group in groups if group.size > 1]
    values = np.concatenate(groups) if groups else np.empty(0, dtype=int)
    observed = sum(
        (a != b) / (group.size - 1)
        for group in groups
        for p, a in enumerate(group)
        for q, b in enumerate(group)
        if p != q
    )
    expected = sum(a != b for p, a in enumerate(values) for q, b in enumerate(values) if p != q)

    found = coefficient(coincidences(label_counts(some)))

    if expected == 0:
        assert found is None
    else:
        assert found == pytest.approx(1 - (values.size - 1) * observed / expected, abs=1e-12)


@st.composite
def two_people(draw: st.DrawFn) -> Answers:
    """Both answered every item."""
    n_labels = draw(st.integers(2, 4))
    label = st.integers(0, n_labels - 1)
    first, second = (draw(st.lists(label, min_size=12, max_size=12)) for _ in range(2))
    n = draw(st.integers(1, 12))
    items = [*range(n), *range(n)]
    return answers(items, [0] * n + [1] * n, first[:n] + second[:n], n_labels=n_labels)


@given(two_people())
@FEW
def test_two_people_have_the_same_coefficients_as_a_pair_and_as_a_group(some: Answers) -> None:
    sums = sums_of(coincidences(label_counts(some)))
    pair = pair_counts(some).counts
    for metric in OF_SUMS:
        as_group = float(OF_SUMS[metric](sums, "nominal", None))
        assert pair_values(pair, metric)[0] == pytest.approx(as_group, abs=1e-12, nan_ok=True)


@given(
    st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=3, max_size=3),
    st.sampled_from(sorted(OF_TABLE)),
)
@settings(max_examples=100, deadline=None)
def test_more_agreement_is_never_a_lower_coefficient_of_fixed_margins(
    rows: list[list[int]], metric: str
) -> None:
    """Two answers that cross are uncrossed: the margins stay, one more pair agrees twice."""
    table = np.array(rows, dtype=float) + np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    better = table + np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 0]])

    before, after = pair_values(table[None], metric)[0], pair_values(better[None], metric)[0]

    assert after > before


@given(
    st.lists(st.floats(-0.5, 1.0), min_size=3, max_size=3),
    st.floats(0, 1),
    st.sampled_from(NORMALISATIONS),
    st.floats(0, 0.9),
)
@settings(max_examples=100, deadline=None)
def test_reliability_has_mean_one_is_positive_and_does_not_know_names(
    values: list[float], alpha: float, normalise: str, damping: float
) -> None:
    intra = np.array([0.9, 0.5, np.nan])
    rules = Rules(alpha=min(alpha, 0.99), normalise=normalise, damping=damping)
    graph = edges([(0, 1, values[0]), (0, 2, values[1]), (1, 2, values[2])])
    turned = edges([(1, 2, values[0]), (0, 2, values[1]), (0, 1, values[2])])

    found, other = reliability(graph, intra, rules), reliability(turned, intra[::-1].copy(), rules)

    assert found.r.mean() == pytest.approx(1.0)
    assert (found.r > 0).all()
    assert found.r == pytest.approx(other.r[::-1], abs=1e-9)


def test_nothing_that_is_handed_in_is_written_to() -> None:
    some = read_only(
        answers(
            [0, 0, 1, 2, 0],
            [0, 1, 0, 1, 0],
            [0, 1, 1, 0, 1],
            n_labels=2,
            confidence=[1, 5, 3, 4, 2],
            pass_number=[1, 1, 1, 1, 2],
            day=[0, 0, 0, 0, 9],
        )
    )
    model, r = model_for(some), np.ones(2)
    for array in (model, r):
        array.setflags(write=False)

    for confidence in CONFIDENCE_METHODS:
        p = probability_of_primary(some, confidence)
        p.setflags(write=False)
        for method in METHODS:
            soft_labels(some, p, r, method, model)
    pair_counts(some)
    overall(label_counts(some), np.random.default_rng(0), 20)
    active_lab(evidence(some, model), model)
    fit(some, np.random.default_rng(0))


DEGENERATE = {
    "nobody": answers([], [], [], n_labels=3),
    "one annotator": answers([0, 1, 2], [0, 0, 0], [0, 1, 2], n_labels=3),
    "unanimity": answers([0, 0, 1, 1], [0, 1, 0, 1], [2, 2, 2, 2], n_labels=3),
    "one label": answers([0, 0, 1], [0, 1, 0], [0, 0, 0], n_labels=1),
    "one answer": answers([0], [0], [1], n_labels=2),
    "nobody said how sure they are": answers(
        [0, 0], [0, 1], [0, 1], n_labels=2, confidence=[MISSING, MISSING]
    ),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", DEGENERATE)
def test_the_smallest_and_dullest_answers_still_give_distributions(method: str, name: str) -> None:
    some = DEGENERATE[name]

    for confidence in CONFIDENCE_METHODS:
        p = probability_of_primary(some, confidence)
        made = soft_labels(some, p, np.ones(some.n_annotators), method, model_for(some))
        assert made.distribution.shape == (some.n_items, some.n_labels)
        assert np.abs(made.distribution[made.answered].sum(axis=1) - 1).max(initial=0.0) < 1e-12


@pytest.mark.parametrize("name", DEGENERATE)
def test_the_smallest_and_dullest_answers_have_an_agreement_or_a_reason(name: str) -> None:
    found = overall(label_counts(DEGENERATE[name]), np.random.default_rng(0), 50)

    assert all(
        (measure.value is None) == (measure.reason is not None) for measure in found.values()
    )


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_documentation_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_in_the_documentation() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 60


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"label": [0, 5]}, "label"),
        ({"item": [0]}, "one entry an answer"),
        ({"confidence": [9, 1]}, "confidence"),
        ({"kind": "fuzzy"}, "kind"),
        ({"scale": 1}, "scale"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(change: dict[str, object], word: str) -> None:
    columns = {
        "item": [0, 1],
        "annotator": [0, 0],
        "label": [0, 1],
        "confidence": [1, 2],
        "n_labels": 2,
    } | change

    with pytest.raises(ValueError, match=word):
        answers(**columns)  # type: ignore[arg-type]
