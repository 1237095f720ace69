from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from labeler.management.settings import (
    add_reliability_arguments,
    interval,
    number,
    reliability_settings,
)
from labeler.numerics.agreement.measure import Measure
from labeler.results import AgreementReport
from labeler.selectors import agreement_report
from labeler.services.reliability import run_reliability


class Command(JsonCommand[AgreementReport]):
    help = (
        "How far people agree beyond chance: over all, for each pair, and each person with"
        " themselves."
    )

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        add_reliability_arguments(parser)

    def run(self, options: Options) -> AgreementReport:
        project = project_named(options["slug"])
        return agreement_report(
            run_reliability(
                project=project, settings=reliability_settings(options), now=timezone.now()
            )
        )

    def describe(self, result: AgreementReport) -> str:
        value = (
            f"{result.value:.3f} {interval(result.interval)}"
            if result.value is not None
            else f"undefined: {result.reason}"
        )
        head = (
            f"Krippendorff's alpha over {result.n_items} items, {result.n_annotators}"
            f" annotators, {result.n_annotations} answers: {value}"
        )
        others = [_line(row.metric, row) for row in result.coefficients[1:]]
        if result.both_choices:
            others.append(
                _line("masi (first and second choice as a set)", result.both_choices.masi)
            )
        labels = [_line(row.label, row) for row in result.per_label]
        lines = [
            f"  {p.a:<20} {p.b:<20} {number(p.value)} {interval(p.interval):<16}"
            f" n={p.n} {p.reason or ''}"
            for p in result.pairs[:60]
        ]
        selves = [
            f"  {i.annotator:<20} {number(i.value)} {interval(i.interval):<16} n={i.n}"
            f" {i.reason or ''}"
            for i in result.intra[:60]
        ]
        return "\n".join(
            [
                head,
                *others,
                "By label:",
                *labels,
                f"Pairs ({result.metric}):",
                *lines,
                "With themselves:",
                *selves,
            ]
        )


def _line(name: str, measure: Measure) -> str:
    return (
        f"  {name:<41} {number(measure.value)} {interval(measure.interval):<16} n={measure.n}"
        f" {measure.reason or ''}".rstrip()
    )
