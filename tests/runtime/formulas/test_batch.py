"""`strata formula batch`: every line has its answer, and all that compute have the same."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.problem import Problem
from formula.language import Language, language
from formula.sql import Backend
from runtime.codes import INTERNAL
from runtime.formulas.batch import Batch
from runtime.formulas.compute import Outcome, PythonComputer
from runtime.formulas.database import DatabaseComputer, postgresql_connection, sqlite_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.formulas.compute import Computer
    from tests.postgres import Server

HERE = Path(__file__).parent
LINES: list[dict[str, Any]] = yaml.safe_load((HERE / "lines.yaml").read_text(encoding="utf-8"))
REFUSALS: list[dict[str, Any]] = yaml.safe_load((HERE / "refusals.yaml").read_text(encoding="utf-8"))
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def tongue() -> Language:
    """The language with every function."""
    return language()


@pytest.fixture(scope="module", params=["python", "sqlite", "postgresql"])
def computer(request: pytest.FixtureRequest) -> Iterator[Computer]:
    """What computes; each test runs with each."""
    if request.param == "python":
        yield PythonComputer()
        return
    if request.param == "sqlite":
        with closing(sqlite_connection()) as connection:
            yield DatabaseComputer(Backend.SQLITE, connection)
        return
    server: Server = request.getfixturevalue("postgres_server")
    with server.database() as url, closing(postgresql_connection(url)) as connection:
        yield DatabaseComputer(Backend.POSTGRESQL, connection)


@pytest.fixture
def batch(tongue: Language, computer: Computer) -> Batch:
    """What answers lines."""
    return _batch(tongue, computer)


@pytest.fixture
def python(tongue: Language) -> Batch:
    """What answers lines without a database."""
    return _batch(tongue, PythonComputer())


def _batch(tongue: Language, computer: Computer, *, rounds: bool = False) -> Batch:
    return Batch(language=tongue, computer=computer, clock=lambda: NOW, rounds=rounds)


def _line(**keys: object) -> bytes:
    return json.dumps(keys).encode()


@pytest.mark.parametrize("case", LINES, ids=[case["about"] for case in LINES])
def test_all_that_compute_answer_alike(batch: Batch, case: dict[str, Any]) -> None:
    asked = {key: value for key, value in case.items() if key not in {"about", "type", "values"}}
    answer = batch.answer(_line(id=7, **asked))
    assert answer.get("issues") is None, answer
    assert (answer["id"], answer["type"]) == (7, case["type"])
    assert [_shown(value) for value in answer["values"]] == case["values"]


def _shown(value: dict[str, Any]) -> object:
    assert len(value) == 1
    assert "alone" not in value.get("error", "")
    return "#" if value.get("error") else value["value"]


@pytest.mark.parametrize("case", REFUSALS, ids=[str(case.get("line", case.get("keys"))) for case in REFUSALS])
def test_what_is_wrong_with_a_line_is_its_answer(python: Batch, case: dict[str, Any]) -> None:
    given = case["line"].encode() if "line" in case else _line(id="x", **case["keys"])
    answer = python.answer(given)
    first = answer["issues"][0]
    assert first["code"] == case["code"], answer
    assert case["says"] in first["message"]
    assert set(first) == {"code", "message", "line", "column", "hint"}
    assert answer.get("id") == ("x" if "keys" in case else None)


def test_every_issue_has_its_place(python: Batch) -> None:
    answer = python.answer(
        _line(formula="amuont +\n  ROUND(amount, 1", objects={"deal": {"amount": "number"}})
    )
    places = [(issue["code"], issue["line"], issue["column"]) for issue in answer["issues"]]
    assert places == [("F101", 1, 1), ("F004", 2, 8)]
    assert answer["issues"][0]["hint"] == "did you mean amount?"


def test_without_objects_a_line_is_only_parsed(python: Batch) -> None:
    assert python.answer(_line(id=1, formula="nobody.knows(this) + $What.Ever", objects=None)) == {
        "id": 1,
        "type": None,
    }


def test_without_rows_a_line_is_only_checked(python: Batch) -> None:
    assert python.answer(_line(formula="1 / 0", objects={})) == {"type": "number"}


def test_the_record_before_the_change_is_in_the_row(python: Batch) -> None:
    answer = python.answer(
        _line(
            formula="ISCHANGED(amount) && $old.amount < amount && PRIORVALUE(amount) = 2 && NOT(ISNEW())",
            context="validation",
            objects={"deal": {"Amount__c": "number"}},
            rows=[
                {"amount": 3, "$old": {"amount__c": "2.0"}},
                {"amount": 3, "$old": {"amount": 3}},
                {"amount": 3},
            ],
        )
    )
    assert answer["values"] == [{"value": True}, {"value": False}, {"value": False}]


def test_a_row_says_whether_its_record_is_new_or_a_copy(python: Batch) -> None:
    rows = [{}, {"$copied_from": "018f3c5e-1111-7abc-8def-000000000001"}, {"$old": {}, "$copied_from": "x"}]
    formula = 'IF(ISCLONE(), "copy", IF(ISNEW(), "new", "old"))'
    answer = python.answer(_line(formula=formula, context="validation", objects={"deal": {}}, rows=rows))
    assert [value["value"] for value in answer["values"]] == ["new", "copy", "old"]


def test_what_has_no_form_in_sql_says_why(tongue: Language) -> None:
    with closing(sqlite_connection()) as connection:
        batch = _batch(tongue, DatabaseComputer(Backend.SQLITE, connection))
        answer = batch.answer(
            _line(formula="ISCHANGED(x)", context="flow", objects={"deal": {"x": "number"}}, rows=[{}])
        )
        assert answer["issues"][0]["code"] == "P841"
        assert "before the change" in answer["issues"][0]["message"]
        following = batch.answer(_line(formula="x", objects={"deal": {"x": "number"}}, rows=[{"x": 1}]))
        assert following["values"] == [{"value": "1"}]


def test_a_scale_rounds_where_that_is_asked_for(tongue: Language) -> None:
    line = _line(formula="x", scale=2, objects={"deal": {"x": "number"}}, rows=[{"x": "-1.005"}, {"x": "2"}])
    plain, rounding = _batch(tongue, PythonComputer()), _batch(tongue, PythonComputer(), rounds=True)
    assert plain.answer(line)["values"] == [{"value": "-1.005"}, {"value": "2"}]
    assert rounding.answer(line)["values"] == [{"value": "-1.01"}, {"value": "2"}]


def test_a_huge_model_costs_what_is_asked_of_it(python: Batch) -> None:
    """Links among many objects in a circle, and a path that leads nowhere: each place is looked at once."""
    many = [f"o{i}" for i in range(60)]
    fields = {"next": {"type": "lookup", "to": many}, "nextid": {"type": "lookup", "to": many}}
    answer = python.answer(
        _line(formula=".".join(["next"] * 9 + ["nothing"]), object="o0", objects=dict.fromkeys(many, fields))
    )
    assert answer["issues"][0]["code"] == "F101"


@pytest.mark.parametrize(
    "formula",
    [
        "1" + "+1" * 50_000,
        "(" * 50_000,
        "NOT(" * 1_000 + "true" + ")" * 1_000,
        '"' + "x" * 100_000,
        "-" * 100_000,
    ],
    ids=["long", "open", "deep", "text", "signs"],
)
def test_a_formula_of_100_kilobytes_is_answered(python: Batch, formula: str) -> None:
    nothing: dict[str, object] = {}
    for objects in (nothing, None):
        answer = python.answer(_line(id=1, formula=formula, objects=objects, rows=[{}]))
        assert answer["id"] == 1
        assert answer.keys() & {"issues", "type"}


def test_answers_come_line_by_line_and_in_order(python: Batch) -> None:
    out = io.BytesIO()
    lines = [_line(id=number, formula="id", objects={}) + b"\n" for number in range(3)]
    python.run([*lines, b"\n", b"  \n", '{"id": "é\ud800"}'.encode("utf-8", "surrogatepass"), lines[0]], out)
    answers = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert [answer.get("id") for answer in answers] == [0, 1, 2, None, 0]


def test_a_defect_costs_one_line_and_not_the_lines_after_it(tongue: Language) -> None:
    class Broken:
        def compute(self, *_: object) -> list[Outcome]:
            raise ZeroDivisionError

    batch, out = _batch(tongue, Broken()), io.BytesIO()
    lines = [_line(id=1, formula="1", objects={}, rows=[{}]), _line(id=2, formula="1", objects={})]
    batch.run(lines, out)
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["id"], first["issues"][0]["code"]) == (1, INTERNAL.id)
    assert "ZeroDivisionError" in first["issues"][0]["message"]
    assert second == {"id": 2, "type": "number"}


def test_an_id_that_utf_8_cannot_carry_comes_back_escaped(python: Batch) -> None:
    out = io.BytesIO()
    python.run([b'{"id": "\\ud800", "formula": "1", "objects": {}}'], out)
    assert json.loads(out.getvalue()) == {"id": "\ud800", "type": "number"}


def _strata(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "runtime.cli.main", "formula", "batch", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_the_program_streams_and_leaves_quietly_when_nobody_reads() -> None:
    with _strata() as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdin.write(_line(id=1, formula="1", objects={}) + b"\n")
        program.stdin.flush()
        assert json.loads(program.stdout.readline()) == {"id": 1, "type": "number"}
        program.stdout.close()
        with suppress(BrokenPipeError):
            while program.poll() is None:
                os.write(program.stdin.fileno(), _line(id=2, formula="1", objects={}) + b"\n")
        assert program.wait(20) == 0
        assert program.stderr.read() == b""


def test_without_postgresql_the_program_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("STRATA_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    for url in ("", "postgresql://nobody@127.0.0.1:1/none"):
        with pytest.raises(Problem, match="PostgreSQL"):
            postgresql_connection(url)
