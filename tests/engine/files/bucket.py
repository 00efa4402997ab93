"""A small server that speaks as much of S3 as the store of files asks for, and refuses unsigned requests."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMP = "Thu, 01 Jan 2026 00:00:00 GMT"
KEY, SECRET = "key-of-the-test", "secret-of-the-test"


class Bucket(ThreadingHTTPServer):
    """`kept` are the objects by key; `asked` the lines of the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kept: dict[str, bytes] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def bucket() -> Iterator[Bucket]:
    """A server until the end of the context."""
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _key(self) -> str:
        self.server.asked.append(self.requestline)
        return unquote(urlsplit(self.path).path).removeprefix("/files/")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def _answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        if KEY not in self.headers.get("authorization", ""):
            status, content = 403, b""
        self.send_response(status)
        given = {"ETag": '"1"', "Last-Modified": STAMP, "Content-Length": str(len(content)), **headers}
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_PUT(self) -> None:
        key, body = self._key(), self._body()
        source = self.headers.get("x-amz-copy-source")
        if source is not None:
            body = self.server.kept[unquote(source).lstrip("/").removeprefix("files/")]
        self.server.kept[key] = body
        self._answer(200, b"<CopyObjectResult><ETag>1</ETag></CopyObjectResult>" if source else b"")

    def do_GET(self) -> None:
        key = self._key()
        if "list-type" in parse_qs(urlsplit(self.path).query):
            self._answer(200, self._listing(), Content_Type="application/xml")
            return
        content = self.server.kept.get(key)
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if asked is None:
            self._answer(200, content)
            return
        start, end = int(asked[1]), min(len(content), int(asked[2]) + 1) if asked[2] else len(content)
        told = f"bytes {start}-{end - 1}/{len(content)}"
        self._answer(206, content[start:end], Content_Range=told)

    do_HEAD = do_GET  # noqa: N815  (the name that the library calls)

    def do_DELETE(self) -> None:
        self.server.kept.pop(self._key(), None)
        self._answer(204)

    def do_POST(self) -> None:
        self._key()
        named = re.findall(r"<Key>([^<]*)</Key>", self._body().decode())
        for key in named:
            self.server.kept.pop(key, None)
        told = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in named)
        self._answer(200, f"<DeleteResult>{told}</DeleteResult>".encode(), Content_Type="application/xml")

    def _listing(self) -> bytes:
        prefix = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        found = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(content)}</Size>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>1</ETag></Contents>"
            for key, content in sorted(self.server.kept.items())
            if key.startswith(prefix)
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode()
