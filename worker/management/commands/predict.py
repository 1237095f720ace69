from django.core.management.base import CommandParser

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from worker.results import PredictionsReport
from worker.services.prediction import predict


class Command(JsonCommand[PredictionsReport]):
    help = "Ask the serving model about texts."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--text", action="append", required=True, help="give it several times for several texts"
        )

    def run(self, options: Options) -> PredictionsReport:
        version, predictions = predict(
            project=project_named(options["slug"]), texts=options["text"]
        )
        return PredictionsReport(version.number, predictions)

    def describe(self, result: PredictionsReport) -> str:
        lines = [f"Model {result.model_version}:"]
        for prediction in result.predictions:
            shares = ", ".join(
                f"{label} {p:.2f}"
                for label, p in sorted(prediction.distribution.items(), key=lambda pair: -pair[1])
            )
            lines.append(f"  {prediction.label} ({prediction.confidence:.2f})   {shares}")
        return "\n".join(lines)
