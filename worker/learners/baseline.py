"""Word and character n-grams into a softmax regression on soft targets: seconds on a CPU, and
hard to beat on a few hundred texts.
"""

import json
import resource
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer

from worker.contract import BASELINE, MODEL, Cost
from worker.learners.protocol import (
    Diverged,
    Fitted,
    Floats,
    Split,
    Task,
    Tell,
    check_parent,
    joined,
    taken,
)
from worker.patience import patiently

KINDS = {
    "word": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    "char": {"analyzer": "char_wb", "ngram_range": (2, 5)},
}
MOST_FEATURES = 100_000  # of each kind
# C of the penalty |W|²/(2·C·N) on the mean loss; the best on the validation split is kept
STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
MOST_ITERATIONS = 300
N_FOLDS = 5  # of the validation split, for the temperature


class BaselinePredictor:
    def __init__(self, vectorizers: list[TfidfVectorizer], weight: Floats, bias: Floats) -> None:
        self._vectorizers, self._weight, self._bias = vectorizers, weight, bias

    def logits(self, texts: Sequence[str]) -> Floats:
        return np.asarray(_features(self._vectorizers, texts) @ self._weight + self._bias)


class Baseline:
    spec = BASELINE

    def fit(self, task: Task, folder: Path, tell: Tell) -> Fitted:
        """The penalty is chosen on the validation split; the model that is kept then learns from
        both splits. Its temperature is fitted on logits out of fold: each part of the validation
        split is judged by a model that learned from all the rest, as the kept one does.
        """
        vectorizers = _vectorizers(task.train)
        train, validation = (
            _features(vectorizers, task.train.texts),
            _features(vectorizers, task.validation.texts),
        )
        tried: list[tuple[float, float, Floats]] = []
        parameters = _prior(task.train)
        for step, strength in enumerate(STRENGTHS, start=1):
            parameters = _fit(train, task.train, strength, parameters)
            loss = _loss(validation, task.validation, parameters)
            tried.append((loss, strength, parameters))
            tell(
                step=step,
                n_steps=len(STRENGTHS) + 1,
                loss=_loss(train, task.train, parameters),
                validation_loss=loss,
            )
        _, strength, parameters = min(tried, key=lambda one: one[0])
        logits = _out_of_fold(task, strength)
        n = self._keep(folder, joined(task.train, task.validation), strength)
        tell(step=len(STRENGTHS) + 1, n_steps=len(STRENGTHS) + 1)
        cost = Cost(n, n, "cpu", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        return Fitted(cost, logits)

    def _keep(self, folder: Path, split: Split, strength: float) -> int:
        vectorizers = _vectorizers(split)
        parameters = _fit(_features(vectorizers, split.texts), split, strength, _prior(split))
        patiently(lambda: _write(folder / MODEL, vectorizers, parameters), check_parent)
        return int(parameters.size)

    def load(self, folder: Path) -> BaselinePredictor:
        tensors = load_file(folder / "model.safetensors")
        vectorizers = []
        for name, kind in KINDS.items():
            terms = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            vectorizer = TfidfVectorizer(sublinear_tf=True, vocabulary=terms, **kind)
            vectorizer.idf_ = tensors[f"{name}_idf"]
            vectorizers.append(vectorizer)
        return BaselinePredictor(vectorizers, tensors["weight"], tensors["bias"])


def _out_of_fold(task: Task, strength: float) -> Floats:
    """(N, K) logits of the validation split, parts of which hold each label evenly."""
    hard = task.validation.target.argmax(axis=1)
    part = np.empty(hard.size, dtype=np.int64)
    part[np.argsort(hard, kind="stable")] = np.arange(hard.size) % min(N_FOLDS, hard.size)
    logits = np.empty(task.validation.target.shape)
    for one in np.unique(part):
        held = part == one
        rest = joined(task.train, taken(task.validation, ~held)) if (~held).any() else task.train
        vectorizers = _vectorizers(rest)
        parameters = _fit(_features(vectorizers, rest.texts), rest, strength, _prior(rest))
        texts = taken(task.validation, held).texts
        logits[held] = _features(vectorizers, texts) @ parameters[:-1] + parameters[-1]
    return logits


def _vectorizers(split: Split) -> list[TfidfVectorizer]:
    return [
        TfidfVectorizer(sublinear_tf=True, max_features=MOST_FEATURES, **kind).fit(split.texts)
        for kind in KINDS.values()
    ]


def _features(vectorizers: list[TfidfVectorizer], texts: Sequence[str]) -> sparse.csr_matrix:
    """(N, n_features)"""
    stacked: sparse.csr_matrix = sparse.hstack(
        [vectorizer.transform(texts) for vectorizer in vectorizers], format="csr"
    )
    return stacked


def _prior(split: Split) -> Floats:
    """(n_features + 1, K) is set up by `_fit`; this is the bias row: the log of the mean target."""
    return np.asarray(np.log(np.average(split.target, axis=0, weights=split.weight) + 1e-6))[
        None, :
    ]


def _fit(features: sparse.csr_matrix, split: Split, strength: float, start: Floats) -> Floats:
    """Minimise the weighted soft cross-entropy + |W|²/(2·C·N) by L-BFGS from `start`; the last
    row is the bias.
    """
    n_features, n_labels = features.shape[1], split.target.shape[1]
    if start.shape[0] == 1:
        start = np.vstack([np.zeros((n_features, n_labels)), start])
    penalty = 1.0 / (strength * len(split.texts))
    share = (split.weight / split.weight.sum())[:, None]

    def loss_and_gradient(flat: Floats) -> tuple[float, Floats]:
        parameters = flat.reshape(n_features + 1, n_labels)
        weight, bias = parameters[:-1], parameters[-1]
        logits = features @ weight + bias
        loss = (
            -(share * split.target * log_softmax(logits, axis=1)).sum()
            + penalty / 2 * (weight**2).sum()
        )
        error = share * (softmax(logits, axis=1) - split.target)
        gradient = np.vstack([features.T @ error + penalty * weight, error.sum(axis=0)])
        return float(loss), gradient.ravel()

    minimum = minimize(
        loss_and_gradient,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_ITERATIONS},
    )
    if not np.isfinite(minimum.fun):
        raise Diverged
    return np.asarray(minimum.x.reshape(n_features + 1, n_labels))


def _loss(features: sparse.csr_matrix, split: Split, parameters: Floats) -> float:
    logits = features @ parameters[:-1] + parameters[-1]
    return float(-(split.target * log_softmax(logits, axis=1)).sum(axis=1).mean())


def _write(folder: Path, vectorizers: list[TfidfVectorizer], parameters: Floats) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        "weight": np.ascontiguousarray(parameters[:-1]),
        "bias": np.ascontiguousarray(parameters[-1]),
    }
    for name, vectorizer in zip(KINDS, vectorizers, strict=True):
        terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        (folder / f"{name}.json").write_text(
            json.dumps(terms, ensure_ascii=False), encoding="utf-8"
        )
        tensors[f"{name}_idf"] = np.ascontiguousarray(vectorizer.idf_)
    save_file(tensors, folder / "model.safetensors")
