"""Asking a model. It runs in a process of its own, so that the web server stays small and a bad
model cannot take it down.
"""

import json
import logging
import subprocess
import sys
import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings

from annotate.errors import Conflict, Invalid
from annotate.importing.tables import is_blank
from annotate.jsonform import JsonObject, as_json
from annotate.models import Project, User
from annotate.progress import Progress
from labeler.numerics.arrays import Floats
from labeler.numerics.calibration import probabilities
from labeler.numerics.soft_labels import entropy
from worker.models import Job, ModelVersion
from worker.results import Prediction, PredictionsReport
from worker.services.jobs import Asked, enqueue

log = logging.getLogger(__name__)
MOST_TEXTS = 1000
LONGEST_TEXT = 20_000  # characters
MOST_AT_ONCE = 50_000  # characters a request waits for; more is a job
TEXTS_OF_PART = 32
MOST_PROCESSES = 2  # kept warm by one web process


class NoModel(Conflict):
    code = "no-model"


class BadTexts(Invalid):
    code = "bad-texts"


class ModelBroken(Conflict):
    code = "model-broken"


def predict(*, project: Project, texts: Sequence[str]) -> tuple[ModelVersion, list[Prediction]]:
    """What the serving model says of each text. Raises NoModel, BadTexts, ModelBroken."""
    version = _serving(project, texts)
    return version, _predictions(version, texts)


def _serving(project: Project, texts: Sequence[str]) -> ModelVersion:
    if not 1 <= len(texts) <= MOST_TEXTS:
        raise BadTexts(f"Send 1 to {MOST_TEXTS} texts at a time; there are {len(texts)}.")
    if any(is_blank(text) or len(text) > LONGEST_TEXT for text in texts):
        raise BadTexts(f"A text is empty or has more than {LONGEST_TEXT} characters.")
    version = ModelVersion.objects.filter(project=project, is_serving=True).first()
    if version is None:
        raise NoModel(
            "No model serves this project yet. Train one first; it serves as soon as it beats the"
            " class prior."
        )
    return version


def is_large(texts: Sequence[str]) -> bool:
    """More than somebody can wait for in a request."""
    return sum(map(len, texts)) > MOST_AT_ONCE


def predict_later(
    *, project: Project, texts: Sequence[str], author: User | None, now: datetime
) -> Job:
    """A job that asks the serving model about all of them. Raises NoModel, BadTexts."""
    _serving(project, texts)
    asked = Asked(f"predict:{uuid.uuid4().hex}", author=author, payload={"texts": list(texts)})
    return enqueue(project=project, kind=Job.Kind.PREDICT, asked=asked, now=now)


def carry_out(*, job: Job, progress: Progress) -> None:
    """Part by part, so that the lease is kept; the result stands in the job's row."""
    texts = job.payload["texts"]
    version = _serving(job.project, texts)
    predictions: list[Prediction] = []
    for start in range(0, len(texts), TEXTS_OF_PART):
        progress("Asking the model", start / len(texts))
        part = texts[start : start + TEXTS_OF_PART]
        predictions += _predictions(version, part)
    result = as_json(PredictionsReport(version.number, predictions))
    Job.objects.filter(pk=job.pk, attempt=job.attempt).update(result=result)


def _predictions(version: ModelVersion, texts: Sequence[str]) -> list[Prediction]:
    """`confidence` is that of the decision, which has a temperature of its own."""
    logits = _logits(version, texts)
    shares = probabilities(logits, version.temperature)
    sure = probabilities(logits, version.decision_temperature).max(axis=1)
    return [
        _prediction(row, float(confidence), version.labels)
        for row, confidence in zip(shares, sure, strict=True)
    ]


def _prediction(row: Floats, confidence: float, labels: list[str]) -> Prediction:
    distribution = {label: float(p) for label, p in zip(labels, row, strict=True)}
    label = labels[int(row.argmax())]
    return Prediction(distribution, label, float(entropy(row[None, :])[0]), confidence)


def _logits(version: ModelVersion, texts: Sequence[str]) -> Floats:
    if not texts:
        return np.zeros((0, len(version.labels)))
    return POOL.logits(settings.DATA_DIR / version.folder, texts)


def probabilities_of(version: ModelVersion, texts: Sequence[str]) -> Floats:
    """(N, K) the distribution of one model over the labels, for each text."""
    return probabilities(_logits(version, texts), version.temperature)


class PredictorProcess:
    """One model in one process; one question at a time."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "worker.learners.predict", str(folder)]
        self._folder = folder
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    def logits(self, texts: Sequence[str]) -> Floats:
        with self._lock:
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps({"texts": list(texts)}) + "\n")
                self._process.stdin.flush()
            except BrokenPipeError as error:
                raise self._broken() from error
            return np.array(self._read()["logits"], dtype=np.float64)

    def _read(self) -> JsonObject:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise self._broken()
        message: JsonObject = json.loads(line)
        return message

    def _broken(self) -> ModelBroken:
        self.end()
        log.error("the model in %s does not answer", self._folder)
        return ModelBroken(
            "The model does not answer: its files are damaged or memory ran out. An admin finds the"
            " reason in the log."
        )

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


class Pool:
    """The models asked last, each in its process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: OrderedDict[Path, PredictorProcess] = OrderedDict()

    def logits(self, folder: Path, texts: Sequence[str]) -> Floats:
        process = self._process(folder)
        try:
            return process.logits(texts)
        except ModelBroken:
            with self._lock:
                self._processes.pop(folder, None)
            raise

    def _process(self, folder: Path) -> PredictorProcess:
        with self._lock:
            if folder not in self._processes:
                self._processes[folder] = PredictorProcess(folder)
            self._processes.move_to_end(folder)
            while len(self._processes) > MOST_PROCESSES:
                self._processes.popitem(last=False)[1].end()
            return self._processes[folder]


POOL = Pool()
