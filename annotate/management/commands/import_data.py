from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from annotate.management.jsoncommand import JsonCommand, pairs, project_named
from annotate.services.imports import DIALECTS, Source, import_file, try_import


class Command(JsonCommand):
    help = "Bring items and annotations in from a file: all of it, or nothing and the reasons."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="auto", choices=["auto", *DIALECTS])
        parser.add_argument(
            "--map",
            nargs="*",
            default=[],
            metavar="FIELD=COLUMN",
            help="which column means which of our fields",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and store nothing"
        )

    def run(self, options: dict[str, Any]) -> dict[str, Any]:
        project, path = project_named(options["slug"]), options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
        source = Source(path.name, content, options["format"], pairs(options["map"], "--map"))
        if options["dry_run"]:
            return try_import(project=project, source=source, now=timezone.now()).as_dict() | {
                "dry_run": True
            }
        return import_file(
            project=project, source=source, author=None, now=timezone.now()
        ).as_dict() | {"dry_run": False}

    def describe(self, result: dict[str, Any]) -> str:
        verb = "Would add" if result["dry_run"] else "Added"
        parts = (
            f"{result['items_added']} items, {result['annotations_added']} annotations and"
            f" {result['annotators_added']} annotators"
        )
        lines = [f"{verb} {parts}; {result['unchanged']} were there already.", *result["notes"]]
        return "\n".join(lines)
