"""How long people wait while a file comes in: `python -m bench.importing [--items 100000]`, on
SQLite and on PostgreSQL.

Eight clients claim and submit over HTTP without a pause: quietly, while `import_data` brings items
into their own project, and right after. Prints one JSON line a database: the 95th percentile of
claim + submit in milliseconds of each time, and its ratio to the quiet one.
"""

import argparse
import concurrent.futures
import json
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from bench.figures import Figures
from bench.serving import Client
from bench.site import Site, site
from tests.services.postgres import free_port, postgres

N_CLIENTS, SECONDS = 8, 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    n_items = parser.parse_args().items
    with site() as made:
        print(json.dumps({"database": "sqlite", **measure(made, n_items)}), flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder,
        postgres(Path(folder), safe=True) as url,
        site(url) as made,
    ):
        print(json.dumps({"database": "postgresql", **measure(made, n_items)}), flush=True)


def measure(made: Site, n_items: int) -> Figures:
    words = ("-m", "tests.chaos.prepare", "load", "10000", "3", str(N_CLIENTS))
    prepared = made.python(*words, stdout=subprocess.PIPE).communicate(timeout=120)[0]
    tokens = list(json.loads(prepared.splitlines()[-1]).values())
    file = made.folder / "items.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("item_id,text\n")
        out.writelines(f"new-{n},The text of the new item {n}.\n" for n in range(n_items))
    port = free_port()
    server = made.serve(port)
    try:
        time.sleep(3)
        load(port, tokens, 3.0)
        quiet = load(port, tokens, SECONDS)
        over = threading.Event()
        began = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            importing = pool.submit(bring_in, made, file, over)
            meanwhile = load_until(port, tokens, over)
            report = importing.result()
        seconds = time.perf_counter() - began
        after = load(port, tokens, SECONDS)
    finally:
        server.terminate()
        server.wait(timeout=20)
    p95 = {"quiet": p95_of(quiet), "during": p95_of(meanwhile), "after": p95_of(after)}
    return {
        "items": report["items_added"],
        "import_seconds": round(seconds, 1),
        "p95_ms": p95,
        "during_to_quiet": round(p95["during"] / p95["quiet"], 2),
        "after_to_quiet": round(p95["after"] / p95["quiet"], 2),
        "worst_ms_during": round(max(took for _, took in meanwhile) * 1000),
        "errors": sum(code != 200 for code, _ in [*quiet, *meanwhile, *after]),
    }


def bring_in(made: Site, file: Path, over: threading.Event) -> Figures:
    try:
        return made.json("import_data", "load", str(file))
    finally:
        over.set()


def load(port: int, tokens: list[str], seconds: float) -> list[tuple[int, float]]:
    over = threading.Event()
    threading.Timer(seconds, over.set).start()
    return load_until(port, tokens, over)


def load_until(port: int, tokens: list[str], over: threading.Event) -> list[tuple[int, float]]:
    """(worst status, seconds of claim + submit) of every cycle until `over`."""
    with concurrent.futures.ThreadPoolExecutor(len(tokens)) as pool:
        cycles = pool.map(lambda token: cycles_of(port, token, over), tokens)
        return [cycle for one in cycles for cycle in one]


def cycles_of(port: int, token: str, over: threading.Event) -> list[tuple[int, float]]:
    client, cycles = Client(port, token), []
    while not over.is_set():
        code, claim, claimed = client.call("POST", "/projects/load/next/")
        if code != 200 or claim["assignment"] is None:
            cycles.append((code, claimed))
            continue
        place = claim["assignment"]["public_id"]
        answer = {"primary": "yes", "confidence": 4, "secondary": "no"}
        path = f"/assignments/{place}/annotation/"
        stored, _, submitted = client.call("PUT", path, answer, **{"Idempotency-Key": place})
        cycles.append((max(code, stored), claimed + submitted))
    return cycles


def p95_of(cycles: list[tuple[int, float]]) -> float:
    return round(statistics.quantiles([took for _, took in cycles], n=20)[-1] * 1000, 1)


if __name__ == "__main__":
    main()
