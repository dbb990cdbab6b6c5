"""A web server that plays the other side of a download, also a bad one."""

import contextlib
import http.server
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Site:
    """What the server gives, how it behaves, and what it was asked for.

    Attributes
    ----------
    files : dict
        Content by path.
    ranges : bool
        Whether it answers range requests.
    cut_after : list of int
        For each of the next answers, the bytes after which the connection is cut.
    delay : float
        Seconds before each 64 KiB.
    length_error : int
        What is added to the true Content-Length.
    status : int, optional
        An error status to answer with.
    requests : list of (str, str or None)
        Path and range of each request.
    """

    files: dict[str, bytes]
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    delay: float = 0.0
    length_error: int = 0
    status: int | None = None
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""


@contextlib.contextmanager
def serve(site: Site, port: int = 0) -> Iterator[Site]:
    """Serve a site on a local port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            asked = self.headers.get("Range")
            site.requests.append((path, asked))
            if site.status or path not in site.files:
                self.send_error(site.status or 404)
                return
            body = site.files[path]
            start = int(re.match(r"bytes=(\d+)-", asked)[1]) if asked and site.ranges else 0
            if start >= len(body) and start:
                self.send_error(416)
                return
            self.send_response(206 if asked and site.ranges else 200)
            if site.ranges:
                self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(body) - start + site.length_error))
            self.end_headers()
            body = body[start:]
            if site.cut_after:
                body = body[: site.cut_after.pop(0)]
            with contextlib.suppress(ConnectionError):
                for position in range(0, len(body), 1 << 16):
                    time.sleep(site.delay)
                    self.wfile.write(body[position : position + (1 << 16)])
            self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the name that the library calls

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
