"""What a start may cost: nothing is loaded that an embedded installation does not use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Each costs every start of every command time and memory; whoever needs one imports it where it is used.
SPARED = (
    "jsonschema",  # only a document that is wrong is told so by it
    "nh3",
    "psycopg",
    "pypinyin",
    "re2",
    "rich",
    "sqlalchemy.dialects.postgresql",
    "websockets",
)
SERVING = """
import asyncio, json, sys
from pathlib import Path
from runtime.bootstrap import compose
from runtime.config import Settings
from runtime.crew import crew_of
from runtime.installation import open_installation
from runtime.log import open_log
from runtime.serve import application, listen, web_server
from runtime.work import worker_of

settings = Settings(data=Path(sys.argv[1]), port=0)
tenants = open_installation(settings, compose(), create=True)
log = open_log(settings)
crew_of(settings, tenants, log, worker_of(compose(), tenants, log))
with listen(settings) as bound:
    server = web_server(settings, application(settings, tenants, log), lambda: None)
    server.config.load()
print(json.dumps(sorted(sys.modules)))
"""
HELP = """
import contextlib, json, sys
from runtime.cli.main import app

sys.argv = ["strata", "--help"]
with contextlib.redirect_stdout(None), contextlib.suppress(SystemExit):
    app()
print(json.dumps(sorted(sys.modules)))
"""


def _loaded(program: str, *arguments: str) -> set[str]:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", SPARED)
def test_the_spared_are_there_to_be_loaded(module: str) -> None:
    """Otherwise the claims below would hold for a name that is misspelt."""
    __import__(module)


def test_a_server_of_embedded_tenants_starts_without_what_it_does_not_use(tmp_path: Path) -> None:
    assert _loaded(SERVING, str(tmp_path)).isdisjoint(SPARED)


def test_help_is_printed_before_any_room_is_entered() -> None:
    loaded = _loaded(HELP)
    rooms = {name for name in loaded if name.partition(".")[0] in ("metadata", "workflow")}
    assert (rooms, loaded & {*SPARED, "sqlalchemy", "starlette", "lark"}) == (set(), set())
