"""The options that the label commands share, and what they mean."""

from typing import Any

from django.core.management.base import CommandParser

from annotate.management.jsoncommand import pairs
from labeler.numerics.reliability import NORMALISATIONS
from labeler.settings import LEVELS, METRICS, ReliabilitySettings, Selection


def add_reliability_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--alpha", type=float, default=0.5, help="weight of agreement with oneself, 0 to 1"
    )
    parser.add_argument("--normalise", default="mean", choices=NORMALISATIONS)
    parser.add_argument(
        "--min-overlap", type=int, default=15, help="shared items below which a pair says nothing"
    )
    parser.add_argument(
        "--metric",
        default="krippendorff",
        choices=METRICS,
        help="of pairs; cosine and jensen_shannon compare soft labels",
    )
    parser.add_argument(
        "--level",
        default="auto",
        choices=LEVELS,
        help="how far labels are apart; auto: as the project's labels are",
    )
    parser.add_argument(
        "--damping",
        type=float,
        default=0.0,
        help="share of the old value kept in each sweep, 0 to below 1",
    )
    parser.add_argument(
        "--shrinkage",
        type=float,
        default=0.0,
        metavar="N",
        help="draw reliabilities towards 1 as N answers of an average person would",
    )
    parser.add_argument(
        "--merge", nargs="*", default=[], metavar="LABEL=INTO", help="count one label as another"
    )
    parser.add_argument(
        "--where",
        nargs="*",
        default=[],
        metavar="COLUMN=VALUE",
        help="only items with this value in an imported column",
    )


def reliability_settings(options: dict[str, Any]) -> ReliabilitySettings:
    own = {
        name: options[name]
        for name in ("alpha", "normalise", "min_overlap", "metric", "level", "damping", "shrinkage")
    }
    return ReliabilitySettings(
        **own,
        selection=Selection(
            merge=pairs(options["merge"], "--merge"), where=pairs(options["where"], "--where")
        ),
    )


def number(value: float | None) -> str:
    return "  –  " if value is None else f"{value:.3f}"


def interval(bounds: tuple[float, float] | None) -> str:
    return f"[{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else ""
