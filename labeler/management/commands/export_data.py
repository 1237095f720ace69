from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, Options, project_named
from labeler.exporting.writing import PLAIN, SAFE
from labeler.selectors import dataset_for
from labeler.services.exports import Manifest, export_annotations, export_dataset


class Command(JsonCommand[Manifest]):
    help = (
        "Write raw annotations (long) or a dataset's soft labels (soft_labels) to a .jsonl, .csv or"
        " .parquet file, with a manifest."
    )

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--format",
            required=True,
            choices=["long", "soft_labels"],
            help="long: every annotation; soft_labels: a dataset",
        )
        parser.add_argument(
            "--out",
            required=True,
            type=Path,
            metavar="PATH",
            help="the ending chooses the container",
        )
        parser.add_argument(
            "--dataset", type=int, metavar="ID", help="for soft_labels; the newest when left out"
        )

        parser.add_argument(
            "--cells",
            default=SAFE,
            choices=[SAFE, PLAIN],
            help="in a CSV: an apostrophe before what a spreadsheet would take for a formula, or"
            " none; import_data takes it off again",
        )

    def run(self, options: Options) -> Manifest:
        project, path = project_named(options["slug"]), options["out"].absolute()
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent}. Make it first.")
        if options["format"] == "long":
            return export_annotations(
                project=project, path=path, now=timezone.now(), cells=options["cells"]
            )
        dataset = dataset_for(project, options["dataset"])
        return export_dataset(
            dataset=dataset, path=path, now=timezone.now(), cells=options["cells"]
        )

    def describe(self, result: Manifest) -> str:
        return (
            f"Wrote {result.n_rows} rows to {result.file} (SHA-256 {result.sha256[:12]}…)"
            " and a manifest beside it."
        )
