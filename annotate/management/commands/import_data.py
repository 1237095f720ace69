from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from annotate.importing.accounting import ColumnUse
from annotate.importing.choices import CHOICES
from annotate.importing.registry import NAMES
from annotate.management.jsoncommand import JsonCommand, Options, pairs, project_named
from annotate.services.import_plans import ImportReport, Source
from annotate.services.imports import import_file, try_import


@dataclass(frozen=True, kw_only=True)
class ImportOutcome(ImportReport):
    dry_run: bool


class Command(JsonCommand[ImportOutcome]):
    help = "Bring items and annotations in from a file: all of it, or nothing and the reasons."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="auto", choices=["auto", *NAMES])
        several: Options = {"nargs": "*", "action": "extend", "default": []}
        parser.add_argument(
            "--map", metavar="FIELD=COLUMN", help="which column means which field", **several
        )
        parser.add_argument(
            "--label", metavar="SPELLING=KEY", help="how the file spells a label", **several
        )
        names = ", ".join(choice.name for choice in CHOICES)
        parser.add_argument(
            "--choose", metavar="NAME=OPTION", help=f"where it asks: {names}", **several
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and store nothing"
        )

    def run(self, options: Options) -> ImportOutcome:
        project, source = project_named(options["slug"]), _source(options)
        if options["dry_run"]:
            return ImportOutcome(**vars(try_import(project=project, source=source)), dry_run=True)
        now = timezone.now()
        report = import_file(project=project, source=source, author=None, now=now)
        return ImportOutcome(**vars(report), dry_run=False)

    def describe(self, result: ImportOutcome) -> str:
        verb = "Would add" if result.dry_run else "Added"
        parts = (
            f"{result.items_added} items, {result.annotations_added} annotations and"
            f" {result.annotators_added} annotators"
        )
        there = f"{result.updated} updated; {result.unchanged} were there already"
        columns = [_column(use) for use in result.account.columns]
        rows = [f"  {n} rows: {what}" for what, n in result.account.rows.items()]
        lines = [f"{verb} {parts}; {there}.", *result.notes, "Columns:", *columns]
        return "\n".join([*lines, f"Rows ({result.account.n_rows}):", *rows])


def _column(use: ColumnUse) -> str:
    why = f" ({use.why})" if use.why else ""
    return f"  {use.column:<24} {use.became}{why}, {use.n_cells} cells"


def _source(options: Options) -> Source:
    path: Path = options["file"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
    return Source(
        path.name,
        content,
        options["format"],
        pairs(options["map"], "--map"),
        pairs(options["label"], "--label"),
        pairs(options["choose"], "--choose"),
    )
