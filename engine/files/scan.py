"""The virus scanner that an installation names: a command, or clamd by its socket.

A command reads the file from its input and ends with 0 for harmless and 1 for harmful, as `clamscan -` does.
clamd is spoken to in its INSTREAM protocol (clamd(8), "COMMANDS"). A scanner that cannot be asked, or does
not answer in time, has said nothing: the file waits.
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.files.file import State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO

CLAMD = "clamd:"
HARMLESS, HARMFUL = 0, 1
LONGEST_ANSWER = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """`by` is "" for none, `clamd:/run/clamd.sock`, `clamd://host:3310`, or a command with its arguments."""

    by: str
    seconds: float

    def __call__(self, content: Iterable[bytes]) -> State:
        """What the scanner says of a file: ready, blocked, or pending while it says nothing."""
        if not self.by:
            return State.READY
        try:
            return self._clamd(content) if self.by.startswith(CLAMD) else self._command(content)
        except (OSError, subprocess.SubprocessError):
            return State.PENDING

    def _command(self, content: Iterable[bytes]) -> State:
        with tempfile.TemporaryFile() as held:
            held.writelines(content)
            held.seek(0)
            done = subprocess.run(  # noqa: S603  (named by who runs the installation)
                shlex.split(self.by), stdin=held, capture_output=True, timeout=self.seconds, check=False
            )
        return {HARMLESS: State.READY, HARMFUL: State.BLOCKED}.get(done.returncode, State.PENDING)

    def _clamd(self, content: Iterable[bytes]) -> State:
        with self._connected() as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in content:
                if chunk:
                    line.sendall(struct.pack("!L", len(chunk)) + chunk)
            line.sendall(struct.pack("!L", 0))
            with line.makefile("rb") as answer:
                return _verdict(answer)

    def _connected(self) -> socket.socket:
        place = urlsplit(self.by)
        if place.hostname is not None:
            return socket.create_connection((place.hostname, place.port or 3310), self.seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(self.seconds)
            line.connect(place.path)
        except BaseException:
            line.close()
            raise
        return line


def _verdict(answer: IO[bytes]) -> State:
    said = answer.read(LONGEST_ANSWER).rstrip(b"\0\r\n ")
    if said.endswith(b" FOUND"):
        return State.BLOCKED
    return State.READY if said.endswith(b": OK") else State.PENDING
