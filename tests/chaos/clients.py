"""People who do not give up: each claims and submits over HTTP, and sends an answer again with
its key until it is confirmed.
"""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Log:
    """What the server confirmed: assignment to answer. `codes` counts every status, 0 for no
    answer at all.
    """

    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, code: int) -> None:
        with self.lock:
            self.codes[code] = self.codes.get(code, 0) + 1


def call(
    url: str, token: str, method: str, path: str, body: Any = None, key: str | None = None
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | (
        {"Idempotency-Key": key} if key else {}
    )
    request = urllib.request.Request(
        f"{url}/api/v1{path}", json.dumps(body or {}).encode(), headers, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, (
            json.loads(error.read() or b"{}")
            if error.headers.get_content_type().endswith("json")
            else {}
        )
    except (OSError, ValueError, http.client.HTTPException):  # the last: cut off within an answer
        return 0, {}


def insist(
    url: str,
    token: str,
    log: Log,
    deadline: float,
    method: str,
    path: str,
    body: Any = None,
    key: str | None = None,
) -> tuple[int, Any]:
    """Until there is an answer that is not the server's failure."""
    while time.monotonic() < deadline:
        code, answer = call(url, token, method, path, body, key)
        log.count(code)
        if 200 <= code < 500:
            return code, answer
        time.sleep(0.2)
    raise TimeoutError(f"{method} {path} got no answer in time")


def annotate_until_done(url: str, slug: str, token: str, log: Log, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        _, found = insist(url, token, log, deadline, "POST", f"/projects/{slug}/next/")
        assignment = found.get("assignment")
        if assignment is None:
            return
        place = assignment["public_id"]
        answer = {
            "primary": "yes" if int(place[:2], 16) % 2 else "no",
            "confidence": 1 + int(place[2:4], 16) % 5,
        }
        code, _ = insist(
            url, token, log, deadline, "PUT", f"/assignments/{place}/annotation/", answer, key=place
        )
        if code == 200:
            with log.lock:
                log.accepted[place] = answer
