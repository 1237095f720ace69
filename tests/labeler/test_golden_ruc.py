"""RUC-MCD's reference values, every one, from the counts of its published file: agreement,
reliability and the sweeps it takes.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from labeler.numerics.agreement.pairs import pair_values
from labeler.numerics.confidence.bayes import rates
from labeler.numerics.reliability import Rules, edges, reliability

REFERENCE = json.loads(Path(__file__).with_name("ruc_counts.json").read_text(encoding="utf-8"))
PRINTED = 6e-7  # six decimals are given
PEOPLE = [f"user_{n}" for n in range(1, 7)]
MIN_OVERLAP = 15
MISINFO = 0


def tables(name: str, which: str) -> dict[str, np.ndarray]:
    """Counts [first, second] in three labels, or in two with debunk counted as other."""
    part, labels = name.split("_")
    found = {
        key: np.array(cells).reshape(3, 3)
        for key, cells in REFERENCE["tables"][part][which].items()
    }
    into = np.eye(3)[:, [0, 1, 2]] if labels == "3class" else np.array([[1, 0], [0, 1], [0, 1]])
    return {key: (into.T @ table @ into).astype(np.int64) for key, table in found.items()}


def alphas(found: dict[str, np.ndarray]) -> dict[str, float]:
    return dict(zip(found, pair_values(np.stack(list(found.values()))).tolist(), strict=True))


@pytest.mark.parametrize("name", REFERENCE["golden"])
def test_agreement_with_others_and_with_themselves_has_the_reference_values(name: str) -> None:
    golden = REFERENCE["golden"][name]
    pairs = tables(name, "pairs")

    assert {key: int(pairs[key].sum()) for key in golden["overlap"]} == golden["overlap"]
    found = alphas({key: pairs[key] for key in golden["inter"]})
    assert found == pytest.approx(golden["inter"], abs=PRINTED)
    assert np.mean(list(found.values())) == pytest.approx(golden["mean_inter"], abs=PRINTED)
    assert alphas(tables(name, "repeats")) == pytest.approx(golden["intra"], abs=PRINTED)


@pytest.mark.parametrize("name", REFERENCE["golden"])
@pytest.mark.parametrize("setting", next(iter(REFERENCE["golden"].values()))["reliability"])
def test_reliability_has_the_reference_values_after_as_many_sweeps(name: str, setting: str) -> None:
    golden = REFERENCE["golden"][name]["reliability"][setting]
    alpha, normalise = (part.split("=")[1] for part in setting.split(","))
    kept = {
        key: table for key, table in tables(name, "pairs").items() if table.sum() >= MIN_OVERLAP
    }
    graph = edges(
        [
            (PEOPLE.index(first), PEOPLE.index(second), value)
            for key, value in alphas(kept).items()
            for first, second in [key.split("|")]
        ]
    )
    intra = np.array([alphas(tables(name, "repeats"))[who] for who in PEOPLE])

    found = reliability(graph, intra, Rules(float(alpha), normalise))

    assert found.sweeps == golden["iterations"]
    assert found.r == pytest.approx([golden[who] for who in PEOPLE], abs=PRINTED)


def test_the_rates_of_equations_three_and_four_are_the_counted_ones() -> None:
    """Section 1.3: user_1 on misinfo has 37/53, as coded 37/66, and 13/186."""
    own = sum(
        (
            table
            for key, table in tables("all_3class", "pairs").items()
            if key.startswith("user_1|")
        ),
        np.zeros((3, 3), dtype=np.int64),
    )

    natural, false = (rate[0, MISINFO] for rate in rates(own[None], "natural"))
    coded = rates(own[None], "coded")[0][0, MISINFO]

    assert (natural, coded, false) == pytest.approx((37 / 53, 37 / 66, 13 / 186))
