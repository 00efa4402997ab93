"""The log: one line an event, nothing below its level, tracebacks where something failed."""

import json
from decimal import Decimal
from io import StringIO

import pytest

from runtime.config import Settings
from runtime.log import Log, as_text, open_log


def test_an_event_is_one_line_of_json_with_time_and_level() -> None:
    lines = StringIO()
    Log(lines).warning("slow", ms=Decimal("1.5"), path="/商机\n")
    line = json.loads(lines.getvalue())
    assert lines.getvalue().count("\n") == 1
    assert (line["level"], line["event"], line["path"]) == ("warning", "slow", "/商机\n")
    assert line["at"].endswith("Z")


@pytest.mark.parametrize(
    ("level", "written"),
    [("debug", "debug info warning error"), ("warning", "warning error"), ("nonsense", "info warning error")],
)
def test_what_is_below_the_level_is_not_written(level: str, written: str) -> None:
    lines = StringIO()
    log = Log(lines, level=level)
    for write in (log.debug, log.info, log.warning, log.error):
        write("event")
    assert [json.loads(line)["level"] for line in lines.getvalue().splitlines()] == written.split()


def test_a_failure_comes_with_its_traceback() -> None:
    lines = StringIO()
    try:
        raise ValueError("broken")
    except ValueError as error:
        Log(lines).error("defect", raised=error)
    assert json.loads(lines.getvalue())["exception"].endswith("ValueError: broken")


def test_on_a_terminal_an_event_reads_as_a_sentence_with_the_traceback_below(
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_log(Settings(log_format="text")).info("request", status=200)
    assert capsys.readouterr().err.endswith("Z info    request status=200\n")
    event = {"at": "now", "level": "error", "event": "defect", "exception": "Traceback", "id": 7}
    assert as_text(event) == "now error   defect id=7\nTraceback"
