"""What a claim and a submit take as a project grows: `python -m bench.claiming`, on SQLite and on
PostgreSQL.

1,000, 10,000 and 100,000 items, 32 people, without a plan and with 10,000 planned repeats that are
due, one process that goes through claim and submit for one person after the other. Prints one JSON
line a database: the median milliseconds of a cycle, and the ratio of the largest project to the
smallest.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from bench.figures import Figures
from bench.site import Site, site
from tests.services.postgres import postgres

SIZES = (1_000, 10_000, 100_000)
N_PEOPLE, N_REPEATS, CYCLES = 32, 10_000, 1500
INSIDE = "import django; django.setup(); from bench.claiming_inside import main; main({}, {})"


def main() -> None:
    with site() as made:
        print(json.dumps({"database": "sqlite", **measure(made)}), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder,
        postgres(Path(folder), safe=True) as url,
        site(url) as made,
    ):
        print(json.dumps({"database": "postgresql", **measure(made)}), flush=True)


def measure(made: Site) -> Figures:
    figures: Figures = {}
    for n_repeats, name in ((0, "open"), (N_REPEATS, "with_repeats")):
        medians = [one(made, n_items, n_repeats) for n_items in SIZES]
        figures[f"{name}_ms"] = dict(zip(SIZES, medians, strict=True))
        figures[f"{name}_largest_to_smallest"] = round(medians[-1] / medians[0], 2)
    return figures


def one(made: Site, n_items: int, n_repeats: int) -> float:
    code = INSIDE.format(n_items, n_repeats)
    out = made.python("-c", code, stdout=subprocess.PIPE).communicate(timeout=900)[0]
    return round(float(out.splitlines()[-1]), 3)


if __name__ == "__main__":
    main()
