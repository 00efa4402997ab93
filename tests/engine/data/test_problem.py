"""Refusals and problems: their one JSON shape, and codes that people can look up."""

import re
from pathlib import Path

import pytest

from engine import codes
from engine.problem import Detail, Problem, Refusal
from formula.issue import Code


def test_a_problem_is_the_document_of_rfc_9457_with_an_entry_per_detail() -> None:
    refusal = Refusal(codes.TOO_LONG, "The text has 300 characters; 255 are allowed.", "Shorten it.")
    problem = Problem(
        codes.INVALID,
        "Some values are refused.",
        details=[refusal.detail("name", row=0), Detail(code="P122", message="Say why.")],
        hint="Correct them.",
        data={"record": "x"},
    )
    assert problem.json() == {
        "type": "urn:strata:problem:P207",
        "title": "Some values are refused",
        "status": 422,
        "detail": "Some values are refused.",
        "code": "P207",
        "hint": "Correct them.",
        "record": "x",
        "errors": [
            {
                "field": "name",
                "row": 0,
                "code": "P103",
                "message": "The text has 300 characters; 255 are allowed.",
                "hint": "Shorten it.",
            },
            {"code": "P122", "message": "Say why."},
        ],
    }


def test_data_never_hides_a_member_of_the_document() -> None:
    problem = Problem(codes.NOT_FOUND, "No.", status=404, data={"status": 200, "code": "X"})
    assert problem.json()["status"] == 404
    assert problem.json()["code"] == "P201"


def test_no_code_is_given_twice() -> None:
    assert len({code.id for code in codes.CODES}) == len(codes.CODES)


def test_every_code_is_answered_somewhere() -> None:
    engine = Path(codes.__file__).parent
    sources = "\n".join(path.read_text("utf-8") for path in engine.rglob("*.py") if path.name != "codes.py")
    names = [name for name, code in vars(codes).items() if isinstance(code, Code)]
    assert [name for name in names if not re.search(rf"\b{name}\b", sources)] == []


@pytest.mark.parametrize("code", codes.CODES, ids=lambda code: code.id)
def test_every_code_says_what_it_is_why_it_comes_and_how_to_mend_it(code: Code) -> None:
    assert re.fullmatch(r"P[123]\d\d", code.id)
    assert code.title
    assert not code.title.endswith(".")
    assert code.cause.endswith(".")
    assert code.mend.endswith(".")
