"""How good each aggregation is on answers with gold labels: `python -m bench.aggregation DATA
[--draws 20]`.

Accuracy and cross-entropy of the soft label against gold, and how well the soft label's own
certainty tells right from wrong (quality AUROC), with 2, 3, 5 and all answers an item drawn at
random; 95 % intervals over items within the mean of the draws. CROWDLAB is given out-of-fold
probabilities of a TF-IDF logistic regression trained on the vote shares of the same answers.
"""

import argparse
import gzip
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from bench.figures import Figures
from labeler.numerics.aggregation.evidence import Evidence
from labeler.numerics.aggregation.registry import METHODS, aggregate
from labeler.numerics.arrays import Answers, Floats, Ints, answers
from labeler.numerics.counts import label_counts
from labeler.numerics.intervals import interval_of
from labeler.numerics.metrics.selective import auroc
from labeler.numerics.planning.saturation import random_ranks

# cross-entropy of certainty in a wrong label would be infinite: every method's soft label is mixed
# with this much uniform
LEAST = 1e-3
N_FOLDS = 5


@dataclass(frozen=True)
class Gold:
    """answers: first passes; gold: (N,) label codes; texts: (N,)."""

    answers: Answers
    gold: Ints
    texts: list[str]


def load(file: Path, gold: str = "gold") -> Gold:
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        frame = pd.read_csv(rows, dtype=str, keep_default_na=False)
    frame = frame[frame["round"].isin(["", "1"])]
    labels = sorted(set(frame["label"]) | set(frame[gold]))
    frame = frame[frame[gold] != ""]
    item, ids = pd.factorize(frame["item_id"])
    annotator, _ = pd.factorize(frame["annotator"])
    first = frame.drop_duplicates("item_id").set_index("item_id").loc[ids]
    codes = {label: code for code, label in enumerate(label for label in labels if label)}
    some = answers(item, annotator, frame["label"].map(codes).to_numpy(), n_labels=len(codes))
    return Gold(some, first[gold].map(codes).to_numpy(dtype=np.int64), first["text"].tolist())


def conv_abuse(file: Path) -> Gold:
    """Binary abuse by all but the most active annotator, whose own answers are the gold: an
    expert of their own, never seen.
    """
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        frame = pd.read_csv(rows, dtype=str, keep_default_na=False)
    frame = frame[frame["round"].isin(["", "1"])]
    frame["label"] = (frame["label"].astype(float) < 0).astype(int)
    expert = frame["annotator"].value_counts().index[0]
    gold = (
        frame[frame["annotator"] == expert].drop_duplicates("item_id").set_index("item_id")["label"]
    )
    others = frame[(frame["annotator"] != expert) & frame["item_id"].isin(gold.index)]
    item, ids = pd.factorize(others["item_id"])
    annotator, _ = pd.factorize(others["annotator"])
    texts = others.drop_duplicates("item_id").set_index("item_id").loc[ids]["text"].tolist()
    return Gold(
        answers(item, annotator, others["label"].to_numpy(), n_labels=2),
        gold.loc[ids].to_numpy(dtype=np.int64),
        texts,
    )


def simulated(seed: int = 5) -> Gold:
    """Sixty people of very unequal skill on 600 items of unequal difficulty, three labels, two
    of them easily confused; eight an item.
    """
    rng = np.random.default_rng(seed)
    gold, ease = rng.integers(0, 3, 600), rng.lognormal(0, 0.7, 600)
    item = np.repeat(np.arange(600), 8)
    annotator = np.concatenate([rng.permutation(60)[:8] for _ in range(600)])
    skill = np.where(rng.random(60) < 0.25, 0.0, rng.normal(1.2, 0.6, 60))
    knows = rng.random(item.size) < 1 / (1 + np.exp(-skill[annotator] * ease[item]))
    wrong = np.where(
        gold[item] == 2,
        rng.integers(0, 2, item.size),
        np.where(rng.random(item.size) < 0.8, 1 - gold[item], 2),
    )
    label = np.where(knows, gold[item], wrong)
    words = [["alpha", "beta", "gamma"][g] if rng.random() < 0.6 else "delta" for g in gold]
    return Gold(
        answers(item, annotator, label, n_labels=3),
        gold,
        [f"{word} text {n}" for n, word in enumerate(words)],
    )


def out_of_fold(texts: list[str], share: Floats, seed: int) -> Floats:
    """(N, K) probabilities by a classifier that has not seen the item."""
    predicted = np.full(share.shape, 1.0 / share.shape[1])
    for train, test in KFold(N_FOLDS, shuffle=True, random_state=seed).split(texts):
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        x, rest = (
            words.fit_transform([texts[i] for i in train]),
            words.transform([texts[i] for i in test]),
        )
        rows, labels = np.nonzero(share[train] > 0)
        learner = LogisticRegression(C=4.0, max_iter=300).fit(
            x[rows], labels, sample_weight=share[train][rows, labels]
        )
        predicted[np.ix_(test, learner.classes_)] = learner.predict_proba(rest)
    return predicted


def scored(distribution: Floats, gold: Ints) -> dict[str, Floats]:
    """Per item: right (ties share), cross-entropy, and the certainty behind the quality AUROC."""
    top = distribution >= distribution.max(axis=1, keepdims=True) - 1e-9
    right = top[np.arange(gold.size), gold] / top.sum(axis=1)
    mixed = (1 - LEAST) * distribution + LEAST / distribution.shape[1]
    return {
        "accuracy": right,
        "cross_entropy": -np.log(mixed[np.arange(gold.size), gold]),
        "certainty": distribution.max(axis=1),
    }


def measured(gold: Gold, n_answers: int | None, n_draws: int) -> dict[str, Figures]:
    rng = np.random.default_rng(0)
    items: dict[str, dict[str, list[Floats]]] = {name: {} for name in METHODS}
    for draw in range(n_draws if n_answers else 1):
        kept = (
            gold.answers
            if n_answers is None
            else gold.answers.where(random_ranks(gold.answers, rng) < n_answers)
        )
        there = label_counts(kept).sum(axis=1) > 0
        share = label_counts(kept) / np.maximum(label_counts(kept).sum(axis=1, keepdims=True), 1)
        model = out_of_fold(gold.texts, share, draw)
        given = Evidence(
            kept, np.ones(len(kept)), np.ones(kept.n_annotators), model, np.random.default_rng(draw)
        )
        for name in METHODS:
            scores = scored(aggregate(name, given).distribution[there], gold.gold[there])
            for metric, values in scores.items():
                items[name].setdefault(metric, []).append(values)
    return {
        name: summary({metric: np.stack(values) for metric, values in one.items()})
        for name, one in items.items()
    }


def summary(values: dict[str, Floats]) -> Figures:
    """values: (n_draws, N) each. Items are drawn again, the same in every draw of answers."""
    rng = np.random.default_rng(0)
    n = values["accuracy"].shape[1]
    picks = rng.integers(0, n, (300, n))
    figures: Figures = {}
    for metric in ("accuracy", "cross_entropy"):
        mean = values[metric].mean(axis=0)
        figures[metric] = [float(mean.mean()), interval_of(mean[picks].mean(axis=1))]
    areas = [area(values, draw, np.arange(n)) for draw in range(len(values["accuracy"]))]
    drawn = [area(values, draw % len(values["accuracy"]), pick) for draw, pick in enumerate(picks)]
    figures["quality_auroc"] = [float(np.nanmean(areas)), interval_of(np.array(drawn))]
    return figures


def area(values: dict[str, Floats], draw: int, pick: Ints) -> float:
    value = auroc(
        values["certainty"][draw][pick], (values["accuracy"][draw][pick] > 0.5).astype(float)
    )
    return float("nan") if value is None else value


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("data", type=Path)
    words.add_argument("--draws", type=int, default=20)
    options = words.parse_args()
    warnings.simplefilter("ignore")
    sets = {
        "snow_rte": load(options.data / "snow_rte.csv.gz"),
        "weather_sentiment": load(options.data / "weather_sentiment.csv.gz"),
        "convabuse, one expert as gold": conv_abuse(options.data / "convabuse_full.csv.gz"),
        "simulated, unequal people": simulated(),
    }
    for name, gold in sets.items():
        for n_answers in (2, 3, 5, None):
            for method, figures in measured(gold, n_answers, options.draws).items():
                print(
                    json.dumps(
                        {
                            "set": name,
                            "answers_an_item": n_answers or "all",
                            "method": method,
                            "n_items": gold.gold.size,
                            **figures,
                        }
                    ),
                    flush=True,
                )


if __name__ == "__main__":
    main()
