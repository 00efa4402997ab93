"""The body of a request that brings files, as it comes: into temporary files, never whole into memory.

Read on the event loop, so that a slow sender keeps no thread; only for routes that take files, and only after
the dispatcher has let the sender in. The files have no name on disk and go when the request is answered.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request

from engine.files.codes import STORE_FAILED
from engine.files.store import CHUNK
from engine.problem import Problem
from runtime.codes import TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from starlette.types import Message, Receive, Scope

MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """A file of a request: the input of the form that it came by, "" for a bare body, and its given name."""

    field: str
    name: str
    content: BinaryIO

    def chunks(self) -> Iterator[bytes]:
        """Its bytes from the start, piece by piece."""
        self.content.seek(0)
        while chunk := self.content.read(CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spooled:
    """A body that was read: the fields of its form, and its files."""

    form: FormData
    files: tuple[Sent, ...]

    def close(self) -> None:
        """Forget the files."""
        for each in self.files:
            each.content.close()


async def spool(scope: Scope, receive: Receive, *, limit: int, files: int, fields: int) -> Spooled:
    """Read a body of at most `limit` bytes, or of so many files and fields.

    Raises Problem: 413 for more bytes, 507 where no room is left for them.
    """
    request = Request(scope, _limited(receive, limit))
    with _told():
        if request.headers.get("content-type", "").lower().startswith(MULTIPART):
            return _of_form(await request.form(max_files=files, max_fields=fields))
        return await _bare(request)


async def _bare(request: Request) -> Spooled:
    held = tempfile.TemporaryFile()  # noqa: SIM115  (closed with what is made of it)
    try:
        async for chunk in request.stream():
            await asyncio.to_thread(held.write, chunk)
    except BaseException:
        held.close()
        raise
    name = request.query_params.get("name", "")
    return Spooled(form=FormData(), files=(Sent(field="", name=name, content=held),))


def _of_form(form: FormData) -> Spooled:
    """An input of files in which none was chosen sends one without a name and without bytes."""
    files = ((name, value) for name, value in form.multi_items() if isinstance(value, UploadFile))
    return Spooled(
        form=form,
        files=tuple(
            Sent(field=name, name=value.filename, content=value.file)
            for name, value in files
            if value.filename
        ),
    )


def _limited(receive: Receive, limit: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        size += len(message.get("body", b""))
        if size > limit:
            raise Problem(TOO_LARGE, f"The body is larger than {limit:,} bytes.", status=413)
        return message

    return counted


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = "There is no room for what was sent."
        raise Problem(STORE_FAILED, message, status=507, hint=STORE_FAILED.mend) from error
