"""How gunicorn serves Halftone: `gunicorn -c config/gunicorn.py config.wsgi`.

One thread a process: four threads cost a seventh of the cycles and doubled the 95th percentile. A
client that sends half a request is cut off after READ_SECONDS of silence; where many may do that, a
proxy in front takes requests whole (compose.yaml).
"""

import gc
import socket
import struct
from typing import Any

READ_SECONDS = 3

preload_app = True
threads = 1
control_socket_disable = True
accesslog = "/dev/null"
forwarded_allow_ips = "*"  # whoever reaches this port is the proxy, or the machine itself


def when_ready(server: Any) -> None:
    """Accepted sockets inherit the time to wait for a read from the one that listens."""
    wait = struct.pack("ll", READ_SECONDS, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, wait)


def pre_fork(server: Any, worker: Any) -> None:
    """What is loaded stays shared: the collector does not write to objects that it leaves alone."""
    gc.collect()
    gc.freeze()
