"""The web processes by themselves: clients that send half a request, and a proxy that serves the
site below a path.
"""

import http.client
import re
import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.services.postgres import free_port
from tests.services.site import Site, site, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]
PREFIX = "/halftone"


@contextmanager
def web(made: Site) -> Iterator[int]:
    port = free_port()
    made.manage("collectstatic", "--noinput", "-v", "0")
    words = ("-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi", "-w", "2")
    process = made.python(*words, "-b", f"127.0.0.1:{port}")
    try:
        wait_for(lambda: answers(port), 30, "the first answer")
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("half", [b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\n"])
def test_half_sent_requests_do_not_stop_the_site(half: bytes) -> None:
    with site() as made, web(made) as port:
        stuck = [socket.create_connection(("127.0.0.1", port)) for _ in range(6)]
        for connection in stuck:
            connection.sendall(half)
        time.sleep(0.3)
        began = time.monotonic()

        assert answers(port)

        for connection in stuck:
            connection.close()
    assert time.monotonic() - began < 20


class Stripping(BaseHTTPRequestHandler):
    """Takes the prefix off and hands the request on, as nginx does with a trailing slash."""

    target = 0

    def handle_any(self) -> None:
        if not self.path.startswith(PREFIX + "/"):
            self.send_error(404)
            return
        there = http.client.HTTPConnection("127.0.0.1", self.target, timeout=20)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        there.request(self.command, self.path[len(PREFIX) :], body, dict(self.headers))
        answer = there.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = handle_any  # noqa: N815  the names that http.server looks for

    def log_message(self, *_: Any) -> None:
        pass


def test_below_a_path_every_style_script_and_form_is_found() -> None:
    with site() as made:
        made.environment["SITE_PATH"] = PREFIX
        password = re.search(r"once: (\S+)", made.manage("create_account", "ann"))
        assert password is not None
        with web(made) as port:
            Stripping.target = port
            proxy = ThreadingHTTPServer(("127.0.0.1", 0), Stripping)
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{proxy.server_port}"
            jar = urllib.request.HTTPCookieProcessor(CookieJar())
            browser = urllib.request.build_opener(jar)
            page = browser.open(f"{address}{PREFIX}/accounts/login/").read().decode()
            assets = re.findall(r'(?:href|src)="([^"]+\.(?:css|js|svg))"', page)
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            action = re.search(r'action="([^"]*login[^"]*)"', page)
            assert token is not None and action is not None
            fields = {"login": "ann", "password": password[1], "csrfmiddlewaretoken": token[1]}
            signed_in = browser.open(
                f"{address}{action[1]}", urllib.parse.urlencode(fields).encode()
            )

            assert len(assets) >= 5
            for asset in assets:
                assert browser.open(f"{address}{asset}").status == 200
            assert urllib.parse.urlsplit(signed_in.url).path == f"{PREFIX}/"
            assert "My projects" in signed_in.read().decode()
            proxy.shutdown()
