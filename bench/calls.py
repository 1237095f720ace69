"""One measured call: seconds, memory and what came out. Memory is what the call adds at its peak to
the process that has loaded libraries and data.
"""

import json
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.crowds import Crowd, read
from bench.figures import Figures

GLAD_ITERATIONS = 3
MACE_ITERATIONS = 50
SAMPLE_OF_PAIRS = 100
Call = Callable[[], Any]
Prepare = Callable[[Crowd, int], Call]


def print_call(prepared: Mapping[str, Prepare], name: str, folder: str, n_annotators: str) -> None:
    """The call of this name, on the crowd in the folder."""
    warnings.simplefilter("ignore")
    call = prepared[name](read(Path(folder)), int(n_annotators))
    print(json.dumps(measured(call)))


def measured(call: Call) -> Figures:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = status("VmRSS")
    began = time.perf_counter()
    value = call()
    seconds = time.perf_counter() - began
    peak = status("VmHWM") - before
    while seconds < 1.0 and (again := time.perf_counter()):
        call()
        best = min(seconds, time.perf_counter() - again)
        if best > 0.9 * seconds:
            break
        seconds = best
    return {
        "seconds": seconds,
        "megabytes": peak / 1024,
        "process_megabytes": status("VmHWM") / 1024,
        "value": value,
    }


def status(name: str) -> int:
    """Kilobytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
