"""`make experiments`: every measurement at full size, one after the other. Those on real answers
need the files named in DATA=folder.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests import settings

SCHEMA_EXAMPLES = "250"  # an operation: with some forty of them, ten thousand requests a role
STUDY_TIMES = "10"  # EffiARA's first study at its full size: 2,160 items, 3,600 answers


def main() -> int:
    settings.apply()
    os.environ |= {"SCHEMA_EXAMPLES": SCHEMA_EXAMPLES, "STUDY_TIMES": STUDY_TIMES}
    data = os.environ.get("DATA")
    commands = [
        ["-m", "bench.serving", "--seconds", "30"],
        ["-m", "pytest", "-q", "tests/chaos"],
        ["-m", "bench.claiming"],
        ["-m", "bench.importing", "--items", "100000"],
        ["-m", "pytest", "-q", "tests/frontend/test_schema.py"],
        ["-m", "pytest", "-q", "tests/frontend/test_plans.py"],
        ["-m", "bench.full_disk"],
        ["-m", "bench.numerics"],
        ["-m", "bench.large_project"],
    ]
    if data:
        folder = Path(data)
        commands += [
            [
                "-m",
                "bench.ruc",
                str(folder / "ruc_mcd_wide_original.csv"),
                str(folder.parent / "golden_ruc.json"),
            ],
            ["-m", "bench.oracles", data],
            ["-m", "bench.confidence", data],
            ["-m", "bench.held_out", data],
            ["-m", "bench.aggregation", data],
            [
                "-m",
                "bench.learning",
                str(folder / "weather_sentiment.csv.gz"),
                str(folder / "lewidi2_hsbrexit.csv.gz"),
            ],
        ]
    else:
        print(
            "DATA is not set, so the measurements on real answers are left out: make experiments"
            " DATA=folder",
            file=sys.stderr,
        )
    return max(subprocess.run([sys.executable, *command]).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main())
