"""What the learners reach on real answers: `python -m bench.learning weather_sentiment.csv.gz
lewidi2_hsbrexit.csv.gz`.

weather_sentiment: three splits of 700/300 for the bars of the transformer and the baseline, and
soft against hard labels over five splits and seeds with paired bootstrap intervals over the splits.
HS-Brexit: its own splits.
"""

import csv
import gzip
import json
import sys
from pathlib import Path
from statistics import mean

import numpy as np

from bench.figures import Figures
from bench.site import Site, site

METRICS = ("soft_cross_entropy", "ece", "accuracy", "macro_f1")


def main(weather: Path, brexit: Path) -> None:
    with site() as made:
        print(json.dumps({"weather_bars": weather_bars(made, weather)}), flush=True)
        print(json.dumps({"soft_against_hard": soft_against_hard(made)}), flush=True)
        print(json.dumps({"hs_brexit": hs_brexit(made, brexit)}), flush=True)


def _project(made: Site, slug: str, file: Path, annotators: int) -> None:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
        labels = sorted({row["label"] for row in csv.DictReader(rows)})
    made.manage(
        "create_project",
        slug,
        "--labels",
        ",".join(labels),
        "--annotators-per-item",
        str(annotators),
    )
    made.json("import_data", slug, str(file))
    made.json("soft_labels", slug, "--method", "vote_share", "--confidence", "none")


def _train(made: Site, slug: str, dataset: int, learner: str, objective: str, seed: int) -> Figures:
    words = (
        "train",
        slug,
        "--dataset",
        str(dataset),
        "--learner",
        learner,
        "--objective",
        objective,
        "--weights",
        "none",
        "--seed",
        str(seed),
    )
    return made.json(*words, "--now")


def _figures(run: Figures) -> dict[str, float]:
    return {name: round(run["metrics"]["test"][name]["value"], 4) for name in METRICS} | {
        "seconds": round(run["seconds"], 1)
    }


def weather_bars(made: Site, file: Path) -> Figures:
    _project(made, "weather", file, 20)
    result: Figures = {"baseline": [], "transformer": []}
    for seed in (1, 2, 3):
        dataset = made.json(
            "freeze_dataset",
            "weather",
            "--test-share",
            "0.3",
            "--validation-share",
            "0.07",
            "--split-seed",
            str(seed),
        )
        for learner in result:
            result[learner].append(
                _figures(_train(made, "weather", dataset["id"], learner, "soft", seed))
                | {"splits": dataset["splits"]}
            )
    for learner in ("baseline", "transformer"):
        result[f"{learner}_mean_soft_cross_entropy"] = round(
            mean(row["soft_cross_entropy"] for row in result[learner]), 4
        )
    return result


def soft_against_hard(made: Site) -> Figures:
    """Five splits, each its own seed; difference soft minus hard per split, its mean, and a
    bootstrap interval over the splits.
    """
    rows: list[Figures] = []
    for seed in (11, 12, 13, 14, 15):
        dataset = made.json(
            "freeze_dataset",
            "weather",
            "--test-share",
            "0.3",
            "--validation-share",
            "0.07",
            "--split-seed",
            str(seed),
        )
        runs = {
            objective: _figures(_train(made, "weather", dataset["id"], "baseline", objective, seed))
            for objective in ("soft", "hard")
        }
        rows.append({"seed": seed, **runs})
    rng = np.random.default_rng(0)
    differences = {}
    for metric in ("soft_cross_entropy", "ece", "accuracy"):
        gaps = np.array([row["soft"][metric] - row["hard"][metric] for row in rows])
        draws = gaps[rng.integers(0, gaps.size, size=(10_000, gaps.size))].mean(axis=1)
        differences[metric] = {
            "mean": round(float(gaps.mean()), 4),
            "interval": [round(float(q), 4) for q in np.quantile(draws, [0.025, 0.975])],
        }
    return {"rows": rows, "soft_minus_hard": differences}


def hs_brexit(made: Site, file: Path) -> dict[str, float]:
    _project(made, "brexit", file, 6)
    dataset = made.json("freeze_dataset", "brexit")
    return _figures(_train(made, "brexit", dataset["id"], "baseline", "soft", 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
