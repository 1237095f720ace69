"""A private Redis on a Unix socket: owner only, no TCP port, everything written down before it
is confirmed.
"""

import shutil
import sys
from pathlib import Path

LONGEST_SOCKET = 107  # bytes; the kernel's limit


class NoRedis(Exception):
    """No redis-server is to be found; the message says what to install."""


def redis_binary() -> Path:
    """The one that came with the packages, else one on PATH."""
    packaged = Path(sys.prefix) / "bin" / "redis-server"
    binary = packaged if packaged.exists() else shutil.which("redis-server")
    if not binary:
        raise NoRedis(
            "There is no redis-server. Install one with “apt-get install redis-server”, or set"
            " BROKER_URL to a Redis that runs."
        )
    return Path(binary)


def redis_command(folder: Path) -> list[str]:
    """The command that serves on folder/redis.sock. `folder` is made and closed to others."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    socket = folder / "redis.sock"
    if len(str(socket).encode()) > LONGEST_SOCKET:
        raise NoRedis(
            f"The path {socket} is too long for a socket. Set RUN_DIR to a shorter folder, such as"
            " /tmp/halftone."
        )
    settings = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
    }
    return [str(redis_binary()), *(word for pair in settings.items() for word in pair)]
