"""A stand-in for the vendor's host of documents: it gives them only to who signs with the account's token, as the vendor."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TOKEN = "not-a-token-either"


class Bins:
    """`documents` by path, `moved` paths that redirect, `status` of every answer; `plain` paths are anybody's, with a
    status. /slow gives a byte and no more."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.plain: dict[str, int] = {}
        self.status, self.asked, self.port = 200, 0, 0
        self.over = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


def _handler(bins: Bins) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            bins.asked += 1
            path = urlsplit(self.path).path.strip("/")
            if path in bins.moved:
                self._say(302, b"", bins.moved[path])
            elif path in bins.plain:
                self._say(bins.plain[path], b"{}")
            elif path == "slow":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<")
                self.wfile.flush()
                bins.over.wait(20)
            elif not self._is_signed():
                self._say(403, b"Not Authorized")
            elif path not in bins.documents:
                self._say(404, b"")
            else:
                self._say(bins.status, bins.documents[path].encode())

        def _is_signed(self) -> bool:
            signature = self.headers.get("x-twilio-signature", "")
            asked = parse_qs(urlsplit(self.path).query).get("AccountSid") == [ACCOUNT]
            return asked and RequestValidator(TOKEN).validate(bins.url(self.path[1:]), {}, signature)

        def _say(self, status: int, body: bytes, location: str = "") -> None:
            self.send_response(status)
            if location:
                self.send_header("location", location)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on standard error."""

    return Handler


@contextlib.contextmanager
def serving() -> Iterator[Bins]:
    """On a thread of its own, so that commands that run to their end can ask it too."""
    bins = Bins()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bins))
    server.daemon_threads = True
    bins.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield bins
    finally:
        bins.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
