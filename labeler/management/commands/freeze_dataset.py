from django.core.management.base import CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from labeler.results import DatasetReport
from labeler.selectors import dataset_report, soft_label_set_for
from labeler.services.datasets import freeze_dataset
from labeler.splits import KEEP, MOVE, SplitRule


class Command(JsonCommand[DatasetReport]):
    help = "Freeze a dataset from a soft-label set (the newest, unless --soft-labels says which)."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--soft-labels", type=int, metavar="ID")
        parser.add_argument("--validation-share", type=float, default=0.1)
        parser.add_argument("--test-share", type=float, default=0.2)
        parser.add_argument("--split-seed", type=int, default=0)
        parser.add_argument(
            "--contradictions",
            default=KEEP,
            choices=[KEEP, MOVE],
            help="where an import puts one text into two splits: keep it, or move it to train",
        )

    def run(self, options: Options) -> DatasetReport:
        project = project_named(options["slug"])
        rule = SplitRule(
            options["validation_share"],
            options["test_share"],
            options["split_seed"],
            options["contradictions"],
        )
        soft_label_set = soft_label_set_for(project, options["soft_labels"])
        dataset = freeze_dataset(
            project=project,
            soft_label_set=soft_label_set,
            rule=rule,
            author=None,
            now=timezone.now(),
        )
        return dataset_report(dataset)

    def describe(self, result: DatasetReport) -> str:
        splits = ", ".join(f"{name} {n}" for name, n in result.splits.items())
        return (
            f"Dataset {result.id}: {result.n_rows} rows ({splits}), hash"
            f" {result.content_hash[:12]}…"
        )
