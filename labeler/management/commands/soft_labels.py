from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from annotate.models import Project
from annotate.selectors.projects import labels_of
from labeler.given_model import GivenModel
from labeler.management.settings import add_reliability_arguments, reliability_settings
from labeler.numerics.confidence.methods import METHODS as CONFIDENCE_METHODS
from labeler.services.models_given import model_given
from labeler.services.soft_labels import (
    CHOICES,
    DEFAULT_CONFIDENCE,
    DEFAULT_METHOD,
    SoftLabelSettings,
    make_soft_labels,
)


@dataclass(frozen=True)
class SoftLabelsMade:
    id: int
    method: str
    confidence: str
    labels: list[str]
    n_items: int
    digest: str
    converged: bool
    iterations: int
    n_ties: int
    annotator_quality: dict[str, object]
    confusion: dict[str, object]


class Command(JsonCommand[SoftLabelsMade]):
    help = "Make and store a soft label for every answered item."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--method", default=DEFAULT_METHOD, choices=CHOICES)
        parser.add_argument("--confidence", default=DEFAULT_CONFIDENCE, choices=CONFIDENCE_METHODS)
        parser.add_argument(
            "--probabilities",
            type=Path,
            metavar="FILE",
            help="a model's, out of sample: .csv or .parquet, item_id and a column a label",
        )
        add_reliability_arguments(parser)

    def run(self, options: Options) -> SoftLabelsMade:
        project = project_named(options["slug"])
        settings = SoftLabelSettings(
            options["method"], options["confidence"], reliability_settings(options)
        )
        model = _model(project, options["probabilities"]) if options["probabilities"] else None
        soft_label_set = make_soft_labels(
            project=project, settings=settings, now=timezone.now(), model=model
        )
        return SoftLabelsMade(
            id=soft_label_set.pk,
            method=soft_label_set.method,
            confidence=soft_label_set.confidence,
            labels=soft_label_set.labels,
            n_items=soft_label_set.n_items,
            digest=soft_label_set.digest,
            **soft_label_set.report,
        )

    def describe(self, result: SoftLabelsMade) -> str:
        ties = f", {result.n_ties} of them ties" if result.n_ties else ""
        end = "" if result.converged else f" It did NOT converge in {result.iterations} iterations."
        return (
            f"Soft-label set {result.id}: {result.n_items} items by {result.method}{ties},"
            f" confidence {result.confidence}.{end}"
        )


def _model(project: Project, path: Path) -> GivenModel:
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    frame = (
        pd.read_parquet(path)
        if path.suffix == ".parquet"
        else pd.read_csv(path, dtype={"item_id": str})
    )
    if "item_id" not in frame.columns:
        raise CommandError(
            f"{path} needs a column item_id; it has {', '.join(map(str, frame.columns))}."
        )
    twice = frame["item_id"][frame["item_id"].duplicated()]
    if not twice.empty:
        raise CommandError(f"{path} has item {twice.iloc[0]} twice. Keep one row an item.")
    labels = [str(name) for name in frame.columns if name != "item_id"]
    rows = {
        str(item): dict(zip(labels, row, strict=True))
        for item, *row in frame[["item_id", *labels]].itertuples(index=False)
    }
    return model_given(
        project=project, rows=rows, labels=tuple(label.key for label in labels_of(project))
    )
