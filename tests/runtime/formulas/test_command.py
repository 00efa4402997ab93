"""`strata formula check`, `explain`, `evaluate`: of packages, of tenants, and the sentence that refuses."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from runtime.cli.output import counted
from tests.runtime.site import PACKAGES
from tests.runtime.terminal import Run, refused

if TYPE_CHECKING:
    from pathlib import Path

ME = "018f3c5e-1111-7abc-8def-000000000001"
SHOP = ("--package", str(PACKAGES / "shop"))


def _lines(answer: tuple[int, str, str]) -> list[str]:
    code, out, err = answer
    assert (code, err) == (0, "")
    return out.splitlines()


def test_a_formula_that_is_right_says_its_type(strata: Run) -> None:
    assert _lines(strata("formula", "check", "deal", 'amount > 10 && stage = "won"', *SHOP)) == [
        "Boolean, no problems."
    ]


def test_warnings_are_shown_and_refuse_nothing(strata: Run) -> None:
    code, out, err = strata("formula", "check", "deal", "amount = null", *SHOP)
    assert (code, out) == (0, f"Boolean, {counted(1, 'warning')}.\n")
    assert "formula:1:1: warning F" in err


def test_everything_that_is_wrong_is_shown_with_a_caret(strata: Run) -> None:
    code, out, err = strata("formula", "check", "deal", "amuont > 10 &&\n  LEFT(1, 2) = client.nme", *SHOP)
    assert (code, out) == (1, "")
    assert "formula:1:1: error F101: there is no amuont\n  amuont > 10 &&\n  ^^^^^^\n" in err
    assert "hint: did you mean amount?" in err
    assert "formula:2:8: error F201" in err
    assert "formula:2:23: error F101: there is no nme in client" in err
    assert "3 problems" in err


def test_the_place_and_the_wanted_type_are_heeded(strata: Run) -> None:
    refused(
        strata("formula", "check", "deal", "ISCHANGED(amount)", *SHOP), "not available in a formula field"
    )
    context = ("--context", "validation")
    assert _lines(strata("formula", "check", "deal", "ISCHANGED(amount)", *context, *SHOP))
    assert _lines(strata("formula", "check", "deal", '$old.stage = "won"', *context, *SHOP))
    refused(strata("formula", "check", "deal", "amount", "--returns", "text", *SHOP), "expected Text")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "dael", "1", *SHOP), "There is no object called `dael`.\n  did you mean deal?"),
        (("check", "deal", "1", "--package", "/nowhere"), "/nowhere"),
        (("check", "deal", "1"), "There is no installation"),
        (("check", "deal", "1", "--context", "kitchen", *SHOP), "\"context\" cannot be 'kitchen'"),
        (("explain", "deal", "1", "--returns", "money", *SHOP), "\"returns\" cannot be 'money'"),
        (("evaluate", "deal", "1", "--blanks", "no", *SHOP), '"blanks" cannot be'),
        (("evaluate", "deal", "1", "--tz", "Mars", *SHOP), "there is no time zone 'Mars'"),
        (("evaluate", "deal", "1", "--now", "soon", *SHOP), "'soon' is not an instant"),
        (("evaluate", "deal", "1", "--row", "[1]", *SHOP), "--row: the line is not a JSON object"),
        (("evaluate", "deal", "1", "--row", "{", *SHOP), "--row: the line is not JSON"),
        (("evaluate", "deal", "amount", "--row", '{"amont": 1}', *SHOP), "did you mean amount?"),
        (("evaluate", "deal", "1", "--row", '{"client": {"x": 1}}', *SHOP), "client has no field client.x"),
        (("evaluate", "deal", "amount", "--row", '{"amount": "x"}', *SHOP), "amount: “x” is not a number"),
        (("evaluate", "deal", "amount", "--row", '{"amount": 1e30}', *SHOP), "amount: "),
        (("evaluate", "deal", "closes", "--row", '{"closes": "2026-02-30"}', *SHOP), "closes: "),
        (("evaluate", "deal", "1 / amount", "--row", '{"amount": 0}', *SHOP), "an error: division by zero."),
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_with_a_sentence(
    strata: Run, arguments: tuple[str, ...], said: str
) -> None:
    refused(strata("formula", *arguments), said)


def test_an_unknown_backend_is_wrong_use(strata: Run) -> None:
    code, _, err = strata("formula", "batch", "--backend", "oracle")
    assert code == 2
    assert "oracle is none of python, sqlite, postgresql" in err


def test_the_explanation_has_parts_dependencies_functions_and_both_databases(strata: Run) -> None:
    text = 'IF(amount > 10, client.name, "-")'
    told = json.loads(strata("formula", "explain", "deal", text, "--json", *SHOP)[1])
    assert [(part["depth"], part["text"], part["type"]) for part in told["parts"]][:3] == [
        (0, text, "Text"),
        (1, "amount > 10", "Boolean"),
        (2, "amount", "Number of 18 digits, 2 behind the point"),
    ]
    assert [reference["name"] for reference in told["references"]] == ["amount", "client.name"]
    assert told["functions"] == [">", "IF"]
    assert [query["database"] for query in told["sql"]] == ["sqlite", "postgresql"]
    for query in told["sql"]:
        assert "CASE WHEN" in query["statement"]
        assert "LEFT OUTER JOIN client" in query["statement"]
    assert 1000 in told["sql"][0]["constants"].values(), "an amount is a scaled integer on SQLite"


def test_a_condition_is_explained_as_the_condition_of_a_list(strata: Run) -> None:
    lines = _lines(strata("formula", "explain", "deal", 'stage = "won"', *SHOP))
    assert lines[0].split("  ") == ['ISPICKVAL(stage, "won")', "Boolean"]
    assert [line for line in lines if "WHERE" in line]
    assert "Depends on:" in lines
    assert "Functions: ISPICKVAL." in lines


def test_what_a_database_cannot_compute_has_its_reason(strata: Run) -> None:
    lines = _lines(strata("formula", "explain", "deal", "ISCHANGED(amount)", "--context", "rule", *SHOP))
    gaps = [line for line in lines if "cannot be computed" in line]
    assert [line.split()[1] for line in gaps] == ["sqlite", "postgresql"]
    assert all("before the change" in line for line in gaps)


@pytest.mark.parametrize(
    ("formula", "record", "value"),
    [
        ("amount * discount", {"amount": "12.50", "discount": 20}, "2.5"),
        ("client.name", {"client": {"name": "北京"}}, "北京"),
        ("client.name", {"client": None}, "null"),
        ("amount > 1", {}, "null"),
        ('stage = "won" && NOT(ISBLANK(client))', {"stage": "won", "client": {}}, "true"),
        ("closes + 1", {"closes": "2024-02-28"}, "2024-02-29"),
        ("TODAY()", {}, "2026-02-01"),
        ("$User.id = client", {"$user": {"id": ME}, "client": {"id": ME}}, "true"),
    ],
)
def test_a_formula_is_computed_on_a_record(
    strata: Run, formula: str, record: dict[str, Any], value: str
) -> None:
    when = ("--tz", "Asia/Tokyo", "--now", "2026-01-31T20:00:00Z")
    asked = ("formula", "evaluate", "deal", formula, "--row", json.dumps(record))
    assert _lines(strata(*asked, *when, *SHOP)) == [value]


def test_the_record_before_the_change_and_blanks_as_zero(strata: Run) -> None:
    record = json.dumps({"amount": 3, "$old": {"amount": 2}})
    formula = "ISCHANGED(amount) && $old.amount = 2 && discount = 0"
    options = ("--context", "rule", "--blanks", "as_zero")
    assert _lines(strata("formula", "evaluate", "deal", formula, "--row", record, *options, *SHOP)) == [
        "true"
    ]


def test_values_of_several_parts_are_seen_as_formulas_see_them(strata: Run) -> None:
    record = {
        "geo": {"latitude": 48.1, "longitude": 11.5},
        "address": {"city": "Bonn"},
        "person_name": {"family": "Li", "given": "An"},
        "multi_picklist": ["red"],
        "amount": 12,
        "amount.company": 3,
    }
    formula = """geo & "|" & TEXT(geo.latitude) & "|" & address.city & "|" & address & "|" & person_name & "|"
        & TEXT(amount.company) & IF(INCLUDES(multi_picklist, "red"), "!", "?")"""
    asked = ("formula", "evaluate", "specimen", formula, "--package", str(PACKAGES / "wide"))
    told = _lines(strata(*asked, "--row", json.dumps(record)))
    assert told == ["48.100000, 11.500000|48.1|Bonn|Bonn|An Li|3!"]
    assert _lines(strata(*asked)) == ["|||||?"]


def test_computed_fields_are_computed_and_not_given(strata: Run, shop: Path) -> None:
    deal = shop / "objects" / "deal.yaml"
    computed = (
        "  worth: {type: formula, returns: number, label: Worth, formula: amount / (1 - discount)}\nrules:\n"
    )
    deal.write_text(deal.read_text(encoding="utf-8").replace("rules:\n", computed), encoding="utf-8")
    assert strata("lock", str(shop))[0] == 0
    asked = ("formula", "evaluate", "deal", "IFERROR(worth, -1)", "--package", str(shop), "--row")
    assert _lines(strata(*asked, '{"amount": 3, "discount": 25}')) == ["4"]
    assert _lines(strata(*asked, '{"amount": 3, "discount": 100}')) == ["-1"]
    refused(strata(*asked, '{"worth": 4}'), "worth: ")


def test_formulas_and_records_may_come_from_standard_input(
    strata: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("amount +\n 1"))
    assert _lines(strata("formula", "evaluate", "deal", "-", "--row", '{"amount": 3}', *SHOP)) == ["4"]
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"amount": 3}'))
    assert _lines(strata("formula", "evaluate", "deal", "amount", "--row", "-", *SHOP)) == ["3"]


def test_a_tenant_is_asked_for_what_it_has_published(strata: Run, data: Path) -> None:
    place = ("--data", str(data))
    assert _lines(strata("formula", "check", "user", 'CONTAINS(name, "a")', *place)) == [
        "Boolean, no problems."
    ]
    lines = _lines(strata("formula", "explain", "user", "LEN(name)", *place))
    assert [line for line in lines if line.startswith("On postgresql:")]
    assert _lines(strata("formula", "evaluate", "user", "LEN(name)", "--row", '{"name": "Zoë"}', *place)) == [
        "3"
    ]
    refused(strata("formula", "check", "deal", "1", *place), "There is no object called `deal`.")
    refused(strata("formula", "check", "user", "1", "--tenant", "nobody", *place), "nobody")
