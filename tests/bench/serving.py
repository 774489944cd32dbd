"""A host of static pages for the bench: compressed, cacheable, counting what it sends."""

import functools
import gzip
import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SENT: Counter[str] = Counter()
_NOINDEX = b'<meta name="robots" content="noindex">'


def fetched(start: str) -> int:
    """Count how often files were sent whose names start so."""
    return sum(times for name, times in _SENT.items() if name.startswith(start))


class _Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(404)
            return
        body = self.body(path)
        _SENT[path.name] += 1
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def body(self, path: Path) -> bytes:
        return _compressed(path)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Listed(_Handler):
    """Serves a site of simulated data as if it asked to be found, as a real one does."""

    def body(self, path: Path) -> bytes:
        if path.name == "robots.txt":
            return gzip.compress(b"User-agent: *\nAllow: /\n")
        if path.suffix == ".html":
            return gzip.compress(path.read_bytes().replace(_NOINDEX, b""))
        return super().body(path)


@functools.cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


@contextmanager
def served(folder: Path, *, as_listed: bool = False) -> Iterator[str]:
    """Serve a folder on loopback; *as_listed* leaves out that it asks not to be found."""
    handler = functools.partial(_Listed if as_listed else _Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
