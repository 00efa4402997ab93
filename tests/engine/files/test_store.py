"""The store of bytes: whole or not at all, in a folder and in a bucket; scanners; what they leave behind."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from itertools import count
from typing import TYPE_CHECKING

import pytest
from obstore.store import LocalStore, MemoryStore, S3Store

from engine.files.file import State
from engine.files.scan import Scanner
from engine.files.store import Store, place
from engine.problem import Problem
from tests.engine.files.bucket import KEY, SECRET, bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that scanners find (eicar.org)."""


def in_folder(folder: Path) -> Store:
    """A store in a folder."""
    numbers = count()
    return Store(LocalStore(prefix=folder, mkdir=True), lambda: f"upload-{next(numbers)}", folder)


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind."""
    numbers = count()
    match request.param:
        case "folder":
            yield in_folder(tmp_path)
        case "memory":
            yield Store(MemoryStore(), lambda: f"upload-{next(numbers)}")
        case _:
            with bucket() as server:
                objects = S3Store(
                    "files", prefix="tenant", endpoint=server.address, region="us-east-1",
                    access_key_id=KEY, secret_access_key=SECRET, client_options={"allow_http": True},
                )  # fmt: skip
                yield Store(objects, lambda: f"upload-{next(numbers)}")


def keys(store: Store) -> list[str]:
    """What is in a store."""
    return sorted(each.key for each in store.listed())


def test_bytes_are_kept_under_their_digest_and_read_back_in_parts(store: Store) -> None:
    staged = store.stage([b"hello ", b"world"], 100)
    assert staged.digest == hashlib.sha256(b"hello world").hexdigest()
    assert (staged.size, staged.head) == (11, b"hello world")
    store.keep(staged)
    assert keys(store) == [place(staged.digest)]
    assert b"".join(store.read(staged.digest)) == b"hello world"
    assert b"".join(store.read(staged.digest, 6)) == b"world"
    assert b"".join(store.read(staged.digest, 0, 5)) == b"hello"
    assert b"".join(store.read(staged.digest, 5, 5)) == b""
    with store.opened(place(staged.digest)) as content:
        content.seek(6)
        assert content.read(3) == b"wor"
    store.delete(place(staged.digest))
    store.delete(place(staged.digest))
    with pytest.raises(FileNotFoundError):
        list(store.read(staged.digest))


def test_the_same_bytes_twice_are_kept_once(store: Store) -> None:
    for _ in range(2):
        store.keep(store.stage([b"same"], 100))
    assert len(keys(store)) == 1


def test_an_empty_file_is_a_file(store: Store) -> None:
    staged = store.stage([], 100)
    store.keep(staged)
    assert b"".join(store.read(staged.digest)) == b""


def test_more_bytes_than_allowed_are_refused_on_the_way_and_leave_nothing(store: Store) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1000

    with pytest.raises(Problem) as problem:
        store.stage(endless(), 5000)
    assert (problem.value.status, problem.value.code.id, taken) == (413, "P182", 6)
    assert keys(store) == []


def test_a_sender_who_breaks_off_leaves_nothing(store: Store) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * 1000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.stage(broken(), 5000)
    assert keys(store) == []


def test_previews_lie_beside_the_blobs(store: Store) -> None:
    assert store.preview("a.png") is None
    store.keep_preview("a.png", b"")
    assert store.preview("a.png") == b""


def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk's end."""
    program = (
        "import resource, sys\n"
        "from obstore.store import LocalStore\n"
        "from pathlib import Path\n"
        "from engine.files.store import Store\n"
        "from engine.problem import Problem\n"
        "import signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "folder = Path(sys.argv[1])\n"
        "store = Store(LocalStore(prefix=folder, mkdir=True), lambda: 'one', folder)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "try:\n"
        "    store.stage((b'x' * 1_000_000 for _ in range(50)), 10**9)\n"
        "except Problem as problem:\n"
        "    print(problem.status, problem.code.id, str(folder) in str(problem.message))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == ["507", "P186", "False"], done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_process_that_is_killed_in_an_upload_leaves_no_blob(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from obstore.store import LocalStore\n"
        "from pathlib import Path\n"
        "from engine.files.store import Store\n"
        "folder = Path(sys.argv[1])\n"
        "def slow():\n"
        "    for n in range(10_000):\n"
        "        yield b'x' * 1_000_000\n"
        "        print(n, flush=True)\n"
        "Store(LocalStore(prefix=folder, mkdir=True), lambda: 'one', folder).stage(slow(), 10**12)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        while run.stdout.readline().strip() != "20":
            pass
        os.kill(run.pid, signal.SIGKILL)
    assert [each.digest for each in in_folder(tmp_path).listed()] in ([], [""])


def test_a_bucket_that_is_away_is_said_without_its_address(tmp_path: Path) -> None:
    del tmp_path
    objects = S3Store(
        "files", endpoint="http://127.0.0.1:9", access_key_id=KEY, secret_access_key=SECRET,
        region="us-east-1", client_options={"allow_http": True, "timeout": "1s"},
        retry_config={"max_retries": 0},
    )  # fmt: skip
    with pytest.raises(Problem) as problem:
        Store(objects, lambda: "one").stage([b"x"], 10)
    assert problem.value.status == 507
    assert not any(word in str(problem.value.json()) for word in ("127.0.0.1", "files/", KEY, SECRET))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ('grep -qv EICAR', State.READY),
        ("true", State.READY), ("false", State.BLOCKED), ("sh -c 'exit 2'", State.PENDING),
        ("no-such-program-anywhere", State.PENDING), ("sleep 5", State.PENDING), ("", State.READY),
    ],
)  # fmt: skip
def test_a_command_says_by_its_end_whether_a_file_is_harmful(command: str, said: State) -> None:
    assert Scanner(by=command, seconds=0.5)([b"harmless"]) is said


def test_a_command_reads_the_file() -> None:
    scanner = Scanner(by="""sh -c '! grep -q EICAR-STANDARD'""", seconds=5)
    assert (scanner([EICAR[:30], EICAR[30:]]), scanner([b"harmless"])) == (State.BLOCKED, State.READY)


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_clamd_is_asked_in_its_own_protocol(tmp_path: Path, kind: str) -> None:
    with _clamd(tmp_path, kind) as (by, heard):
        scanner = Scanner(by=by, seconds=5)
        assert scanner([EICAR[:20], b"", EICAR[20:]]) is State.BLOCKED
        assert scanner([b"harmless"]) is State.READY
        assert scanner([b"too large"]) is State.PENDING
        assert heard == [EICAR, b"harmless", b"too large"]
    assert Scanner(by=by, seconds=0.5)([b"harmless"]) is State.PENDING, "nobody listens any more"


class _clamd:  # noqa: N801  (used as a function)
    """As much of clamd as INSTREAM is, finding EICAR."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.heard: list[bytes] = []
        unix = kind == "unix"
        self.line = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        self.line.bind(str(folder / "clamd.sock") if unix else ("127.0.0.1", 0))
        self.line.listen()
        name = self.line.getsockname()
        self.by = f"clamd:{name}" if unix else f"clamd://127.0.0.1:{name[1]}"
        self.thread = threading.Thread(target=self._serve)

    def __enter__(self) -> tuple[str, list[bytes]]:
        self.thread.start()
        return self.by, self.heard

    def __exit__(self, *_: object) -> None:
        self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()
        self.thread.join()

    def _serve(self) -> None:
        while True:
            try:
                asked, _ = self.line.accept()
            except OSError:
                return
            with asked, asked.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!L", stream.read(4))[0]:
                    content += stream.read(size)
                self.heard.append(content)
                answers = {EICAR: b"stream: Eicar-Signature FOUND\0", b"harmless": b"stream: OK\0"}
                asked.sendall(answers.get(content, b"INSTREAM size limit exceeded. ERROR\0"))
