import os
import secrets
from dataclasses import dataclass

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, pairs, project_named
from labeler.management.settings import interval, number
from labeler.selectors import dataset_for
from worker.contract import LEARNERS, WEIGHTS
from worker.models import TrainingRun
from worker.results import RunReport
from worker.selectors import run_for, run_report
from worker.services.runner import run_job
from worker.services.training import TrainingDraft, start_training


@dataclass(frozen=True, kw_only=True)
class TrainOutcome(RunReport):
    """`ok`: it waits for a worker or has succeeded."""

    ok: bool


class Command(JsonCommand[TrainOutcome]):
    help = "Train a model on a frozen dataset: queued for a worker, or --now in this process."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--learner", default="baseline", choices=LEARNERS)
        parser.add_argument("--dataset", type=int, metavar="ID", help="the newest when left out")
        parser.add_argument("--objective", default="soft", choices=TrainingRun.Objective.values)
        parser.add_argument("--weights", default="reliability", choices=WEIGHTS)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--set",
            nargs="*",
            default=[],
            metavar="NAME=NUMBER",
            help="epochs, batch_size, learning_rate, longest, checkpoint_steps",
        )
        parser.add_argument("--now", action="store_true", help="train here and wait for the result")

    def run(self, options: Options) -> TrainOutcome:
        project = project_named(options["slug"])
        draft = TrainingDraft(
            options["learner"],
            options["objective"],
            options["weights"],
            options["seed"],
            _numbers(options["set"]),
        )
        dataset = dataset_for(project, options["dataset"])
        run = start_training(
            dataset=dataset,
            draft=draft,
            key=f"command:{secrets.token_hex(8)}",
            author=None,
            now=timezone.now(),
        )
        if options["now"]:
            run_job(job_id=run.job_id, owner=f"command:{os.getpid()}", clock=timezone.now)
        report = run_report(run_for(project, run.job.public_id))
        return TrainOutcome(**vars(report), ok=report.status in ("queued", "succeeded"))

    def is_good(self, result: TrainOutcome) -> bool:
        return result.ok

    def describe(self, result: TrainOutcome) -> str:
        if result.status == "queued":
            return (
                f"Training {result.run} is queued. A worker picks it up within seconds; watch it"
                " on the Trainings page."
            )
        if result.status != "succeeded":
            return f"The training ended as {result.status}: {result.reason}"
        serving = ", now serving" if result.is_serving else ""
        took = f"{result.seconds or 0:.0f} s on {result.device}"
        lines = [f"Model {result.model_version} in {took}{serving}."]
        for name, metric in (result.metrics or {}).get("test", {}).items():
            lines.append(f"  {name:<20} {number(metric.value)} {interval(metric.interval)}")
        return "\n".join(lines)


def _numbers(words: list[str]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name, word in pairs(words, "--set").items():
        try:
            value = float(word)
        except ValueError as error:
            raise CommandError(f"--set {name}={word}: {word} is not a number.") from error
        numbers[name] = int(value) if value.is_integer() else value
    return numbers
