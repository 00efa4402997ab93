"""Small pictures of files: of pictures themselves, and of the first page of a PDF.

Made when first asked for and kept in the store beside the blob, so for one content once; that none can be
made is kept too. Whatever decodes runs in a process of its own with little memory and little time, so that
hostile bytes can hang or break nothing else. Vector graphics get none: they are programs.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from engine.files import picture
from engine.files.sniff import PDF, PICTURES

if TYPE_CHECKING:
    from engine.files.file import File
    from engine.files.store import Store

SIDE = 320
"""Pixels that a preview is wide and high at most."""
MOST_BYTES = 50 * 1024 * 1024
"""Larger files get none."""
SECONDS = 15.0
AT_ONCE = 2


class Previews:
    """Makes previews, at most `AT_ONCE` at a time. Safe to share between threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def of(self, store: Store, file: File) -> bytes | None:
        """A PNG of a file that may be handed out; None where there is none of it, or none in time."""
        if not has_preview(file):
            return None
        name = f"{file.digest}-{SIDE}.png"
        if (kept := store.preview(name)) is not None:
            return kept or None
        if not self._turns.acquire(timeout=self._seconds):
            return None
        try:
            made = self._made(b"".join(store.read(file.digest)), file.media_type)
        finally:
            self._turns.release()
        store.keep_preview(name, made)
        return made or None

    def _made(self, content: bytes, media_type: str) -> bytes:
        """What the process answers; nothing where it fails or takes too long."""
        kind = "page" if media_type == PDF else "picture"
        command = [sys.executable, "-I", picture.__file__, kind, str(SIDE), str(int(self._seconds))]
        try:
            done = subprocess.run(  # noqa: S603  (our own program; the content goes in by its input)
                command, input=content, capture_output=True, timeout=self._seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return b""
        return done.stdout if done.returncode == 0 else b""


def has_preview(file: File) -> bool:
    """Whether there can be a preview of a file at all."""
    return has_preview_of(file.media_type, file.size)


def has_preview_of(media_type: str, size: int) -> bool:
    """The same by what a field's value tells."""
    return (media_type in PICTURES or media_type == PDF) and size <= MOST_BYTES
