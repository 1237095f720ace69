"""irrCAC's coefficients of random answers with gaps, for an environment of its own: `python
irrcac_peer.py` prints the answers and the values.
"""

import json

import numpy as np
import pandas as pd
from irrCAC.raw import CAC

N_ITEMS, N_PEOPLE, N_LABELS = 300, 5, 4
WEIGHTS = {"nominal": "identity", "interval": "quadratic", "ordinal": "ordinal", "linear": "linear"}


def main() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(0, N_LABELS, N_ITEMS)[:, None]
    table = np.where(
        rng.random((N_ITEMS, N_PEOPLE)) < 0.6, truth, rng.integers(0, N_LABELS, (N_ITEMS, N_PEOPLE))
    ).astype(float)
    table[rng.random(table.shape) < 0.3] = np.nan
    coefficients = {}
    for level, weights in WEIGHTS.items():
        peer = CAC(
            pd.DataFrame(table),
            weights=weights,
            categories=[float(k) for k in range(N_LABELS)],
            digits=10,
        )
        ways = {"gwet": peer.gwet, "fleiss": peer.fleiss, "randolph": peer.bp} | (
            {"krippendorff": peer.krippendorff} if level == "nominal" else {}
        )
        coefficients[level] = {
            name: way()["est"]["coefficient_value"] for name, way in ways.items()
        }
    print(
        json.dumps(
            {
                "answers": [[None if np.isnan(one) else int(one) for one in row] for row in table],
                "values": coefficients,
            }
        )
    )


if __name__ == "__main__":
    main()
