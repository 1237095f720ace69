"""The coefficients for any number of people beside irrCAC: `python -m bench.irrcac_random
PYTHON`, where PYTHON is that of an environment with irrcac 0.4.4. Prints the largest difference;
alpha is compared at the nominal level, as irrCAC weighs it otherwise at the others.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from labeler.numerics.agreement.overall import coefficient
from labeler.numerics.counts import coincidences


def main(python: str) -> None:
    done = subprocess.run(
        [python, str(Path(__file__).with_name("irrcac_peer.py"))],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout.splitlines()[-1])
    answers = np.array([[-1 if one is None else one for one in row] for row in theirs["answers"]])
    counted = coincidences(
        np.stack([(answers == k).sum(axis=1) for k in range(answers.max() + 1)], axis=1)
    )
    gaps = {
        f"{name}, {level}": abs((coefficient(counted, name, level) or 0.0) - value)
        for level, values in theirs["values"].items()
        for name, value in values.items()
    }
    print(
        json.dumps(
            {
                "n": len(gaps),
                "largest": max(gaps.values()),
                "at": max(gaps, key=lambda name: gaps[name]),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
