"""A server under measurement: started on a free port, watched through /proc, stopped in the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

START_SECONDS = 60
_TICK = 1 / os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parent.parent


class StartError(RuntimeError):
    """A server ended, or did not answer in time; the message carries what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server process on 127.0.0.1; `started` is how long it took to answer, in seconds."""

    process: subprocess.Popen[bytes]
    port: int
    started: float

    def cpu(self) -> float:
        """Processor time used so far by all its threads, in seconds (steps of 10 ms)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * _TICK

    def memory(self) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def kill(self) -> None:
        """End it at once, without warning (SIGKILL)."""
        self.process.kill()
        self.process.wait(START_SECONDS)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    module: str,
    arguments: Sequence[str],
    *,
    log: Path,
    health: str = "/health",
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run `python -m module … --port N` until the block ends.

    Raises StartError when it does not answer at `health` within a minute.
    """
    port = free_port()
    start = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments, "--port", str(port)],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env={**os.environ, **(environment or {})},
        )
    try:
        _await(process, f"http://127.0.0.1:{port}{health}", log)
        yield Server(process=process, port=port, started=time.perf_counter() - start)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
        else:
            return
    raise StartError(f"No answer from {address}:\n{log.read_text(errors='replace')[-4000:]}")
