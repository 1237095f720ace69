"""The six numbers of a plan as options of a command; one is left out and worked out."""

from django.core.management.base import CommandParser

from annotate.management.jsoncommand import Options
from labeler.numerics.planning.resources import NAMES, Resources


def add_resources(parser: CommandParser) -> None:
    parser.add_argument("--annotators", type=float, metavar="N", help="people")
    parser.add_argument("--hours", type=float, metavar="T", help="hours of each person")
    parser.add_argument("--rate", type=float, metavar="R", help="answers an hour")
    parser.add_argument("--items", type=float, metavar="K")
    parser.add_argument(
        "--double",
        type=float,
        metavar="D",
        help="share of items that two people answer, 0 to 1",
    )
    parser.add_argument(
        "--repeat",
        type=float,
        metavar="P",
        help="share of the single items that the same person answers again, 0 to 1",
    )


def resources_of(options: Options) -> Resources:
    return Resources(**{name: options[name] for name in NAMES})
