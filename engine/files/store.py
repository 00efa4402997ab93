"""Where the bytes of one tenant's files lie: a folder or a bucket, each blob under its own digest.

A blob is first staged under a name nobody else has and then renamed, so that no half of one is ever found
under a digest; in a folder it is forced to disk before anybody is told of it. Knows nothing of names, rights
and tables. Made by the runtime from the settings (`store_of`), one for each tenant.
"""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.files.codes import FILE_TOO_LARGE, STORE_FAILED
from engine.files.sniff import HEAD
from engine.problem import Problem
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO

    from obstore import ReadableFile
    from obstore.store import ObjectStore

INCOMING, PREVIEWS = "incoming", "previews"
CHUNK = 1024 * 1024
"""Bytes that are in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A blob that is whole but not yet in its place; `head` are its first bytes."""

    key: str
    digest: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A blob, or what was staged, as the store lists it; `at` is in seconds since 1970."""

    key: str
    size: int
    at: float

    @property
    def digest(self) -> str:
        """The digest it is called after; "" for what is no blob."""
        shard, _, name = self.key.rpartition("/")
        return name if shard == name[:2] and len(name) == 64 else ""


class Store:
    """The blobs of one tenant. Safe to share between threads."""

    def __init__(self, objects: ObjectStore, ids: Callable[[], str], folder: Path | None = None) -> None:
        self._objects = objects
        self._ids = ids
        self._folder = folder

    def stage(self, chunks: Iterable[bytes], limit: int) -> Staged:
        """Take bytes in, hashing them as they come.

        Raises `Problem`: 413 as soon as there are more than `limit`, 507 where the store takes no more;
        nothing is left of them then.
        """
        import obstore

        key, digest, size, head = f"{INCOMING}/{self._ids()}", hashlib.sha256(), 0, b""
        with _told():
            writer = obstore.open_writer(self._objects, key, buffer_size=8 * CHUNK)
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                digest.update(chunk)
                head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
                with _told():
                    writer.write(chunk)
            with _told():
                writer.close()
                self._settle(key)
        except BaseException:
            self._leave(key)
            raise
        return Staged(key=key, digest=digest.hexdigest(), size=size, head=head)

    def keep(self, staged: Staged) -> None:
        """Put a staged blob in its place; to be called while its row is held (`hold_blob`)."""
        import obstore

        with _told():
            obstore.rename(self._objects, staged.key, place(staged.digest))
            self._settle_folder(place(staged.digest))

    def drop(self, staged: Staged) -> None:
        """Forget what was staged; nothing happens where it was kept."""
        self._leave(staged.key)

    def read(self, digest: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes of a blob from `start` up to, and without, `end`; raises `FileNotFoundError`."""
        return self._read(place(digest), start, end)

    @contextmanager
    def opened(self, key: str) -> Iterator[IO[bytes]]:
        """The content behind a key, to be read and sought in; only what is asked for is fetched."""
        import obstore

        with _told():
            reader = obstore.open_reader(self._objects, key)
        with io.BufferedReader(_Content(reader), 64 * 1024) as content:
            yield content

    def preview(self, name: str) -> bytes | None:
        """A small file made of a blob, kept beside the blobs; None where it was not made yet."""
        import obstore

        try:
            with _told():
                return bytes(obstore.get(self._objects, f"{PREVIEWS}/{name}").bytes())
        except FileNotFoundError:
            return None

    def keep_preview(self, name: str, content: bytes) -> None:
        """Keep what was made of a blob."""
        import obstore

        with _told():
            obstore.put(self._objects, f"{PREVIEWS}/{name}", content)

    def delete(self, key: str) -> None:
        """Delete by key; what is not there is deleted."""
        import obstore

        with _told(), suppress(FileNotFoundError):
            obstore.delete(self._objects, key)

    def listed(self) -> Iterator[Listed]:
        """Everything there is: blobs, what was staged, previews."""
        import obstore

        with _told():
            for batch in obstore.list(self._objects):
                for each in batch:
                    yield Listed(key=each["path"], size=each["size"], at=each["last_modified"].timestamp())

    def _read(self, key: str, start: int, end: int | None) -> Iterator[bytes]:
        import obstore

        if end is not None and end <= start:
            return
        with _told():
            if end is not None:
                found = obstore.get(self._objects, key, options={"range": (start, end)})
            elif start:
                found = obstore.get(self._objects, key, options={"range": {"offset": start}})
            else:  # an empty file has no range at all
                found = obstore.get(self._objects, key)
            for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def _leave(self, key: str) -> None:
        """Best effort: what stays of a broken upload the clean-up finds."""
        with suppress(Problem):
            self.delete(key)
        if self._folder is not None:
            for part in self._folder.glob(f"{key}#*"):
                part.unlink(missing_ok=True)

    def _settle(self, key: str) -> None:
        if self._folder is not None:
            _to_disk(self._folder / key, os.O_RDONLY)

    def _settle_folder(self, key: str) -> None:
        if self._folder is not None:
            for folder in ((self._folder / key).parent, self._folder):
                _to_disk(folder, os.O_RDONLY | os.O_DIRECTORY)


class _Content(io.RawIOBase):
    """A stored file as Python's own kind of file, which decoders want."""

    def __init__(self, reader: ReadableFile) -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._reader.seek(offset, whence)

    def tell(self) -> int:
        return self._reader.tell()

    def readinto(self, buffer: Any) -> int:
        found = bytes(self._reader.read(len(buffer)))
        buffer[: len(found)] = found
        return len(found)


def place(digest: str) -> str:
    """Where the blob of a digest lies."""
    return f"{digest[:2]}/{digest}"


def too_large(limit: int) -> Problem:
    """The Problem of a file with more than `limit` bytes."""
    message = said("The file is larger than {limit} bytes.", limit=limit)
    return Problem(FILE_TOO_LARGE, message, status=413, hint=FILE_TOO_LARGE.mend)


@contextmanager
def _told() -> Iterator[None]:
    """What the store refuses, as a Problem without the store's own words: they name folders and buckets."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, BaseError) as error:
        message = "The store of files cannot be used at present."
        raise Problem(STORE_FAILED, message, status=507, hint=STORE_FAILED.mend) from error


def _to_disk(path: Path, flags: int) -> None:
    held = os.open(path, flags)
    try:
        os.fsync(held)
    finally:
        os.close(held)
