"""Seconds and memory of the arithmetic beside its peers: `python -m bench.numerics [--sizes 1e5 1e6
2e7] [--limit SECONDS]`.

Every call runs in a process of its own, one after the other, on the same simulated crowd: five
labels, ten answers an item, 200 or 10,000 annotators. A peer that passes the limit or the memory of
the machine is named as such and left out of larger sizes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.crowds import write
from bench.figures import Figures

MATCHES = [  # ours, peer, aimed ratio at 10⁶
    ("alpha", "krippendorff_matrix", 30),
    ("alpha_of_counts", "krippendorff_counts", 2),
    ("kappas", "sklearn_kappas", 200),
    ("dawid_skene", "crowdkit_dawid_skene", 4),
    ("one_coin", "crowdkit_one_coin", None),
    ("mace", "crowdkit_mace", 30),
    ("glad", "crowdkit_glad", 30),
    ("crowdlab", "cleanlab_crowdlab", 20),
    ("active_lab", "cleanlab_active_lab", 20),
]
ALONE = (
    "one_pass",
    "alpha_interval",
    "vote_share",
    "reliability",
    "product",
    "wawa",
    "zero_based",
    "crowdtruth",
    "ensemble",
)
GIGABYTES = 20
OURS, PEERS = "bench.ours", "bench.peers"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sizes", nargs="+", type=float, default=[1e5, 1e6, 2e7])
    words.add_argument("--annotators", nargs="+", type=int, default=[200, 10_000])
    words.add_argument(
        "--only", nargs="+", default=[], help="names of our calls; all when left out"
    )
    words.add_argument("--limit", type=float, default=600.0, help="seconds a call may take")
    options = words.parse_args()
    gone: set[str] = set()
    for n_annotators in options.annotators:
        for size in options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder), int(size), n_annotators)
                for row in rows(Path(folder), int(size), n_annotators, options, gone):
                    print(
                        json.dumps({"answers": int(size), "annotators": n_annotators, **row}),
                        flush=True,
                    )


def rows(
    folder: Path, size: int, n_annotators: int, options: argparse.Namespace, gone: set[str]
) -> Iterator[Figures]:
    limit, wanted = options.limit, options.only
    for name, peer, aim in (match for match in MATCHES if not wanted or match[0] in wanted):
        first = one(OURS, name, folder, n_annotators, limit)
        second = (
            {"failed": "passed its limit at a smaller size"}
            if peer in gone
            else one(PEERS, peer, folder, n_annotators, limit)
        )
        if "failed" in second:
            gone.add(peer)
        yield {
            "what": name,
            "ours": first,
            "peer": {"name": peer, **second},
            "aim": aim,
            **ratios(name, first, second),
        }
    for name in (name for name in ALONE if not wanted or name in wanted):
        yield {"what": name, "ours": one(OURS, name, folder, n_annotators, limit)}


def ratios(name: str, ours: Figures, peer: Figures) -> Figures:
    if "failed" in ours or "failed" in peer:
        return {}
    # a sample of the pairs was timed
    share = ours["value"]["pairs"] / peer["value"]["pairs"] if name == "kappas" else 1.0
    times = {"times_faster": round(peer["seconds"] * share / ours["seconds"], 1)}
    return times | {"share_of_memory": round(ours["megabytes"] / max(1.0, peer["megabytes"]), 3)}


def one(module: str, name: str, folder: Path, n_annotators: int, limit: float) -> Figures:
    """`module`: bench.ours or bench.peers."""
    command = [sys.executable, "-m", module, name, str(folder), str(n_annotators)]
    bounded = ["bash", "-c", f'ulimit -v {GIGABYTES * 1024**2}; exec "$@"', "bash", *command]
    try:
        done = subprocess.run(
            bounded,
            capture_output=True,
            text=True,
            timeout=limit,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {limit:.0f} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["killed"])[-1][:200]}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    main()
