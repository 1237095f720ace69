from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from labeler.management.settings import add_reliability_arguments, number, reliability_settings
from labeler.results import AnnotatorReliability, ReliabilityReport
from labeler.selectors import reliability_report
from labeler.services.reliability import run_reliability


class Command(JsonCommand[ReliabilityReport]):
    help = (
        "How reliable each annotator is (mean 1), from agreement with others and with themselves."
    )

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        add_reliability_arguments(parser)

    def run(self, options: Options) -> ReliabilityReport:
        project = project_named(options["slug"])
        return reliability_report(
            run_reliability(
                project=project, settings=reliability_settings(options), now=timezone.now()
            )
        )

    def describe(self, result: ReliabilityReport) -> str:
        rows = sorted(result.annotators, key=lambda row: -row.reliability)
        lines = [_line(row) for row in rows]
        end = f"{result.sweeps} sweeps, {'converged' if result.converged else 'NOT converged'}"
        return "\n".join(
            [
                (f"Reliability (alpha {result.alpha}, normalised by {result.normalise}; {end}):"),
                *lines,
            ]
        )


def _line(row: AnnotatorReliability) -> str:
    state = "" if row.state == "counted" else "   not enough overlap yet"
    return (
        f"  {row.name:<24} {row.reliability:.3f}"
        f"   others {number(row.inter)}   self {number(row.intra)}"
        f"   shared {row.n_shared}, repeated {row.n_repeated}{state}"
    )
