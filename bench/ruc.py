"""RUC-MCD through the commands, against the reference values: `python -m bench.ruc
ruc_mcd_wide_original.csv golden_ruc.json`.

Reliability, agreement and sweeps of every setting; then the mean highest probability and entropy of
the soft labels, with the published code's K = 3 (an oracle, from the tests) and with the true K.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

from bench.figures import Figures
from bench.site import Site, site
from labeler.numerics.arrays import MISSING, Answers, Floats, answers
from labeler.numerics.confidence.methods import probability_of_primary
from labeler.numerics.soft_labels import entropy, of_answers
from tests.labeler.test_confidence_and_soft_labels import published_soft_label

LABELS = {"3class": ("misinfo", "debunk", "other"), "2class": ("misinfo", "other")}


SAID = ("items_added", "annotations_added", "annotators_added", "notes")


def main(file: Path, golden: Path) -> None:
    sets = json.loads(golden.read_text(encoding="utf-8"))["sets"]
    with site() as made:
        made.manage("create_project", "ruc", "--labels", "misinfo,debunk,other")
        report = made.json(
            "import_data", "ruc", str(file), "--format", "effiara", "--map", "text=claim_title"
        )
        print(json.dumps({"import": {name: report[name] for name in SAID}}))
        print(json.dumps({"reliability": compare(made, sets)}))
        rows = as_published(exported(made), file)
        reliability = {name: weights(made, f"representative_{name}") for name in LABELS}
    shares = {name: soft_label_means(rows, name, reliability[name]) for name in LABELS}
    print(json.dumps({"soft_labels": shares}))


def exported(made: Site) -> list[Figures]:
    path = made.folder / "ruc.jsonl"
    made.manage("export_data", "ruc", "--format", "long", "--out", str(path))
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def arguments(name: str) -> list[str]:
    merge = ["--merge", "debunk=other"] if "2class" in name else []
    return merge + (["--where", "representative=y"] if "representative" in name else [])


def compare(made: Site, sets: Figures) -> Figures:
    n, worst = 0, 0.0
    for name, wanted in sets.items():
        for setting, values in wanted["reliability"].items():
            alpha, normalise = (part.split("=")[1] for part in setting.split(","))
            report = made.json(
                "reliability", "ruc", "--alpha", alpha, "--normalise", normalise, *arguments(name)
            )
            assert report["sweeps"] == values["iterations"], (name, setting)
            gaps = [row["reliability"] - values[row["name"]] for row in report["annotators"]]
            gaps += [row["intra"] - wanted["intra"][row["name"]] for row in report["annotators"]]
            gaps += [
                pair["agreement"] - wanted["inter"][f"{pair['a']}|{pair['b']}"]
                for pair in report["pairs"]
                if f"{pair['a']}|{pair['b']}" in wanted["inter"]
            ]
            gaps.append(report["mean_inter"] - wanted["mean_inter"])
            n, worst = n + len(gaps), max(worst, *map(abs, gaps))
    return {"values": n, "worst_difference": worst, "sweeps": "equal in every setting"}


def weights(made: Site, name: str) -> dict[str, float]:
    report = made.json("reliability", "ruc", *arguments(name))
    return {row["name"]: row["reliability"] for row in report["annotators"]}


def as_published(rows: list[Figures], file: Path) -> list[Figures]:
    """Representative items only, and with the six second choices that equal the first, which our
    tables do not hold.
    """
    with file.open(encoding="utf-8", newline="") as source:
        wide = {f"row-{n}": row for n, row in enumerate(csv.DictReader(source), start=1)}
    kept = [row for row in rows if wide[row["item_id"]]["representative"] == "y"]
    for row in kept:
        prefix = row["annotator"] if row["round"] == 1 else f"re_{row['annotator']}"
        row["secondary"] = wide[row["item_id"]][f"{prefix}_secondary"] or None
    return kept


def soft_label_means(rows: list[Figures], name: str, reliability: dict[str, float]) -> Figures:
    labels = LABELS[name]
    first = [row for row in rows if row["round"] == 1]
    code = {
        label: labels.index("other" if label not in labels else label)
        for label in ("misinfo", "debunk", "other")
    } | {None: MISSING}
    items, people = sorted({row["item_id"] for row in first}), sorted(reliability)
    some = answers(
        [items.index(row["item_id"]) for row in first],
        [people.index(row["annotator"]) for row in first],
        [code[row["label"]] for row in first],
        n_labels=len(labels),
        confidence=[row["confidence"] for row in first],
        secondary=[code[row["secondary"]] for row in first],
    )
    r = np.array([reliability[person] for person in people])
    y = {
        "published_k_3": np.array([published(some, place) for place in range(len(some))]),
        "true_k": of_answers(some, probability_of_primary(some, "linear")),
    }
    return {way: means(some, values, r) for way, values in y.items()}


def published(some: Answers, place: int) -> Floats:
    secondary = int(some.secondary[place])
    return published_soft_label(
        label=int(some.label[place]),
        secondary=None if secondary == MISSING else secondary,
        confidence=int(some.confidence[place]),
        n_labels=some.n_labels,
    )


def means(some: Answers, y: Floats, r: Floats) -> dict[str, float]:
    """Of the reliability-weighted soft label of every item."""
    weight = r[some.annotator]
    total = np.stack(
        [
            np.bincount(some.item, weights=weight * y[:, k], minlength=some.n_items)
            for k in range(some.n_labels)
        ],
        axis=1,
    )
    mean = total / np.bincount(some.item, weights=weight, minlength=some.n_items)[:, None]
    return {
        "mean_highest_probability": round(float(mean.max(axis=1).mean()), 4),
        "mean_entropy": round(float(entropy(mean).mean()), 4),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
