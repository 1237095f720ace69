"""How fast people are served: `python -m bench.serving [--clients 32] [--seconds 15]`, on SQLite
and on PostgreSQL.

10,000 items, 3 wanted. Clients of one process claim and submit over HTTP without a pause. The
server is gunicorn with two processes; its CPU time is read from /proc before and after,
PostgreSQL's backends included. Then 60 items are drained by all clients. Client and server share
the machine, as when the peers were measured. Prints one JSON line a database.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.figures import Figures
from bench.site import BASE, Site, site
from tests.services.postgres import free_port, postgres

N_ITEMS, WANTED = 10_000, 3
READ = """
import django, json; django.setup()
from annotate.models import Annotation
rows = Annotation.objects.filter(assignment__project__slug="drain")
print(json.dumps(list(rows.values_list("assignment__item_id", "annotator_id"))))
"""


class Client:
    """One person with one kept connection."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, float]:
        began = time.perf_counter()
        self.connection.request(
            method, f"/api/v1{path}", json.dumps(body or {}), {**self.headers, **headers}
        )
        response = self.connection.getresponse()
        answer = json.loads(response.read())
        return response.status, answer, time.perf_counter() - began


def work(port: int, slug: str, token: str, until: float) -> list[tuple[int, float, float]]:
    """(worst status, seconds to claim, seconds to submit) of every cycle until the clock or the
    items run out.
    """
    client, cycles = Client(port, token), []
    while time.perf_counter() < until:
        code, claim, claimed = client.call("POST", f"/projects/{slug}/next/")
        if code != 200 or claim["assignment"] is None:
            if code != 200:
                cycles.append((code, claimed, 0.0))
            break
        place = claim["assignment"]["public_id"]
        answer = {"primary": "yes", "confidence": 4, "secondary": "no"}
        stored, _, submitted = client.call(
            "PUT", f"/assignments/{place}/annotation/", answer, **{"Idempotency-Key": place}
        )
        cycles.append((max(code, stored), claimed, submitted))
    return cycles


def cpu_seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes if process.is_running())


def server_processes(web: psutil.Process, postgres_port: int | None) -> list[psutil.Process]:
    processes = [web, *web.children(recursive=True)]
    if postgres_port:
        processes += [
            p
            for p in psutil.process_iter(["name"])
            if p.info["name"] and p.info["name"].startswith("postgres")
        ]
    return processes


def drive(
    port: int, slug: str, tokens: list[str], seconds: float
) -> list[tuple[int, float, float]]:
    until = time.perf_counter() + seconds
    with concurrent.futures.ThreadPoolExecutor(len(tokens)) as pool:
        return [
            cycle
            for cycles in pool.map(lambda token: work(port, slug, token, until), tokens)
            for cycle in cycles
        ]


@dataclass(frozen=True)
class Load:
    """cycles: (status, seconds of the claim, seconds of the submit) each."""

    cycles: list[tuple[int, float, float]]
    drained: list[tuple[int, float, float]]
    wall_seconds: float
    cpu_seconds: float
    cold_seconds: float
    idle_megabytes: float


def measure(
    made: Site, postgres_port: int | None, clients: int, seconds: float, threads: int
) -> Figures:
    tokens = {
        slug: prepared(made, slug, n_items, clients)
        for slug, n_items in (("load", N_ITEMS), ("drain", 60))
    }
    load = under_load(made, tokens, postgres_port, seconds, threads)
    return summary(load, stored_answers(made))


def prepared(made: Site, slug: str, n_items: int, clients: int) -> list[str]:
    """A project of that many items; the keys of its annotators."""
    words = ["tests.chaos.prepare", slug, str(n_items), str(WANTED), str(clients)]
    out = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=BASE,
        env=made.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return list(json.loads(out.splitlines()[-1]).values())


def under_load(
    made: Site,
    tokens: dict[str, list[str]],
    postgres_port: int | None,
    seconds: float,
    threads: int,
) -> Load:
    port, began = free_port(), time.perf_counter()
    words = ["config.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", str(threads)]
    command = [sys.executable, "-m", "gunicorn", *words, "--no-control-socket"]
    web = subprocess.Popen(command, cwd=BASE, env=made.environment, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(port)
        cold, parent = time.perf_counter() - began, psutil.Process(web.pid)
        idle = sum(p.memory_info().rss for p in (parent, *parent.children())) / 1e6
        drive(port, "load", tokens["load"], 3)  # warm
        before = cpu_seconds(server_processes(parent, postgres_port))
        clock = time.perf_counter()
        cycles = drive(port, "load", tokens["load"], seconds)
        wall = time.perf_counter() - clock
        cpu = cpu_seconds(server_processes(parent, postgres_port)) - before
        drained = drive(port, "drain", tokens["drain"], 60)
    finally:
        web.terminate()
        web.wait(timeout=20)
    return Load(cycles, drained, wall, cpu, cold, idle)


def stored_answers(made: Site) -> list[list[int]]:
    """(item, annotator) of each answer of the drained project."""
    command = [sys.executable, "-c", READ]
    out = subprocess.run(
        command, cwd=BASE, env=made.environment, capture_output=True, text=True, check=True
    ).stdout
    return list(json.loads(out))


def summary(load: Load, stored: list[list[int]]) -> Figures:
    good = [cycle for cycle in load.cycles if cycle[0] == 200]
    wrong = [cycle for cycle in load.cycles + load.drained if cycle[0] != 200]
    steps = {name: sorted(one[at] for one in good) for name, at in (("claim", 1), ("submit", 2))}
    return {
        "cycles": len(good),
        "errors": dict(Counter(str(cycle[0]) for cycle in wrong)),
        "cycles_a_second": round(len(good) / load.wall_seconds, 1),
        "server_cpu_ms_a_cycle": round(1000 * load.cpu_seconds / max(1, len(good)), 2),
        **{
            f"p95_{name}_ms": round(1000 * statistics.quantiles(values, n=20)[-1], 1)
            for name, values in steps.items()
        },
        "drained_answers": len(stored),
        "drained_an_item": sorted(set(Counter(item for item, _ in stored).values())),
        "cold_start_seconds": round(load.cold_seconds, 2),
        "idle_memory_mb_all_web_processes": round(load.idle_megabytes),
    }


def wait_until_ready(port: int) -> None:
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)


def movement(made: Site) -> Figures:
    """Import of 10,000 items, and export of 30,000 annotations: seconds and peak memory of the
    command.
    """
    rows = "".join(f"i{n},Text number {n} with some words in it.\n" for n in range(N_ITEMS))
    answers = "".join(
        f"i{n},{a},{'yes' if (n + a) % 3 else 'no'},{1 + n % 5}\n"
        for n in range(N_ITEMS)
        for a in range(3)
    )
    (made.folder / "items.csv").write_text("item_id,text\n" + rows)
    (made.folder / "answers.csv").write_text("item_id,annotator,label,confidence\n" + answers)
    made.manage("create_project", "move", "--labels", "yes,no")
    out = str(made.folder / "out.jsonl")
    return {
        "import_10000_items": timed(made, "import_data", "move", str(made.folder / "items.csv")),
        "import_30000_annotations": timed(
            made, "import_data", "move", str(made.folder / "answers.csv")
        ),
        "export_30000_annotations": timed(
            made, "export_data", "move", "--format", "long", "--out", out
        ),
    }


def timed(made: Site, *words: str) -> dict[str, float]:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=BASE,
        env=made.environment,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{words} failed")
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "peak_memory_mb": round(usage.ru_maxrss / 1000),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--threads", type=int, default=1, help="of each of the two web processes")
    options = parser.parse_args()
    with site() as made:
        print(
            json.dumps(
                {
                    "sqlite": (
                        measure(made, None, options.clients, options.seconds, options.threads)
                        | movement(made)
                    )
                }
            ),
            flush=True,
        )
    # a socket path must be short
    with (
        tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder,
        postgres(Path(folder), safe=True) as url,
    ):
        port = int(re.findall(r":(\d+)/", url)[0])
        with site(url) as made:
            print(
                json.dumps(
                    {
                        "postgresql": (
                            measure(made, port, options.clients, options.seconds, options.threads)
                            | movement(made)
                        )
                    }
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
