from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, project_named
from labeler.management.settings import add_reliability_arguments, reliability_settings
from labeler.numerics import confidence, soft_labels
from labeler.services.soft_labels import SoftLabelSettings, make_soft_labels


class Command(JsonCommand):
    help = "Make and store a soft label for every answered item."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--method", default="reliability", choices=list(soft_labels.METHODS))
        parser.add_argument("--confidence", default="linear", choices=confidence.METHODS)
        add_reliability_arguments(parser)

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        settings = SoftLabelSettings(options["method"], options["confidence"], reliability_settings(options))
        made = make_soft_labels(project=project_named(options["slug"]), settings=settings, now=timezone.now())
        return {
            "id": made.pk,
            "method": made.method,
            "confidence": made.confidence,
            "labels": made.labels,
            "n_items": made.n_items,
            "digest": made.digest,
        }

    def describe(self, result: dict[str, Any]) -> str:
        return f"Soft-label set {result['id']}: {result['n_items']} items by {result['method']}, confidence {result['confidence']}."
