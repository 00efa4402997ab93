"""Talks to a running server as one person of one company, and starts what runs beside the server."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from benchmarks.process import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.company import Company


def client_of(company: Company, port: int, person: str = "admin") -> httpx.Client:
    """A client whose addresses begin at the company's API."""
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}/t/{company.slug}/api/v1",
        headers={"Authorization": f"Bearer {company.tokens[person]}"},
        timeout=30,
        trust_env=False,
    )


def strata(arguments: Sequence[str]) -> str:
    """Run a `strata` command to its end and return what it wrote. Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", "runtime.cli.main", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return done.stdout


@contextmanager
def working(company: Company, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own until the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "runtime.cli.main", "worker", *company.arguments()],
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env={**os.environ},
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
