"""A file's bytes as an answer: headers under which a browser runs nothing of it, parts, validators.

Only pictures and PDF are shown by the browser itself; all else is saved. What the type is, our own look at
the content says, and the browser is told not to guess (`nosniff`). RFC 9110 (ranges, validators), RFC 6266
and RFC 8187 (names), CSP Level 3 (`sandbox`).
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from engine.codes import NOT_FOUND
from engine.files.sniff import PDF
from engine.problem import Problem
from runtime.codes import BAD_RANGE

if TYPE_CHECKING:
    from engine.files.file import File
    from runtime.exchange import Exchange

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", PDF})
"""What a browser shows and does not run."""
POLICY = "default-src 'none'; frame-ancestors 'none'"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_PLAIN = re.compile(r"[^\w. ()-]", re.ASCII)


def answer_file(exchange: Exchange, file: File) -> Response:
    """The file, the part of it that was asked for, or that nothing has changed."""
    headers = _headers(file)
    if exchange.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    part = _part(exchange, file, headers["ETag"])
    start, end = part or (0, file.size)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    status = 200 if part is None else 206
    if exchange.request.method == "HEAD":
        return Response(status_code=status, headers={**headers, "Content-Type": file.media_type})
    return _streamed(exchange, file, start, end, status, headers)


def answer_preview(exchange: Exchange, file: File) -> Response:
    """The small picture of a file. Raises Problem 404 where there is none."""
    made = exchange.tenant.gate.depot.previews.of(exchange.tenant.store, file)
    if made is None:
        raise Problem(NOT_FOUND, "There is no preview of this file.", status=404)
    headers = {"ETag": f'"{file.digest}-p"', "Content-Security-Policy": f"{POLICY}; sandbox"}
    if exchange.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(made, headers=headers, media_type="image/png")


def disposition(name: str, *, shown: bool) -> str:
    """The header that says what the file is called, for old browsers without what they cannot read."""
    way = "inline" if shown else "attachment"
    plain = _PLAIN.sub("_", name)
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _headers(file: File) -> dict[str, str]:
    sandbox = "" if file.media_type == PDF else "; sandbox"  # the browser's own viewer would stay blank
    return {
        "Content-Disposition": disposition(file.name, shown=file.media_type in SHOWN),
        "Content-Security-Policy": POLICY + sandbox,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "ETag": f'"{file.digest}"',
    }


def _part(exchange: Exchange, file: File, tag: str) -> tuple[int, int] | None:
    """From where up to where, without the end; None for all. Several parts at once are answered with all."""
    asked = _RANGE.fullmatch(exchange.headers.get("range", "").strip())
    if asked is None or not any(asked.groups()) or exchange.headers.get("if-range", tag) != tag:
        return None
    first, last = asked.groups()
    if not first:
        start, end = max(0, file.size - int(last)), file.size
    else:
        start, end = int(first), min(file.size, int(last) + 1) if last else file.size
    if start >= end:
        message = f"The file has {file.size:,} bytes."
        raise Problem(BAD_RANGE, message, status=416, hint=BAD_RANGE.mend)
    return start, end


def _streamed(
    exchange: Exchange, file: File, start: int, end: int, status: int, headers: dict[str, str]
) -> Response:
    """The first bytes are fetched at once: a blob that is missing is a Problem, and no broken answer."""
    chunks = exchange.tenant.store.read(file.digest, start, end)
    try:
        first = next(chunks, b"")
    except FileNotFoundError as error:
        raise Problem(NOT_FOUND, "The file's content is missing.", status=404) from error
    response = StreamingResponse(chain((first,), chunks), status, headers)
    response.headers["Content-Type"] = file.media_type
    return response
