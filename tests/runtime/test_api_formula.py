"""POST /api/v1/formula/check: what an editor is told, and what nobody is told who may not know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.codes import FORBIDDEN
from formula.completion import Item, Sort
from runtime.api.formula import item_json
from runtime.codes import BAD_BODY, BAD_JSON, NO_PAGE, NOT_IN_SCOPE, NOT_MEDIA

if TYPE_CHECKING:
    from runtime.bootstrap import Composition
    from tests.runtime.site import Site


def _asked(site: Site, person: str, formula: str, **more: Any) -> dict[str, Any]:
    body = {"object": "deal", "formula": formula, **more}
    answer = site.call("POST", "/formula/check", person, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _proposed(told: dict[str, Any]) -> list[str]:
    return [item["text"] for item in told["completion"]["items"]]


def test_a_formula_that_is_right_has_a_type_and_references(site: Site) -> None:
    told = _asked(site, "boss", 'client.name = "x" && amount > 1')
    assert (told["type"], told["issues"], told["warnings"], told["completion"]) == ("boolean", [], [], None)
    assert told["references"] == [
        {"name": "client.name", "type": "text", "label": "Name"},
        {"name": "amount", "type": "number", "label": "Amount"},
    ]


def test_everything_that_is_wrong_is_told_with_its_place(site: Site) -> None:
    told = _asked(site, "boss", "amuont >\n (1", returns="boolean")
    assert told["type"] is None
    first = told["issues"][0]
    assert (first["code"], first["line"], first["column"], first["start"], first["end"]) == (
        "F101",
        1,
        1,
        0,
        6,
    )
    assert first["hint"] == "did you mean amount?"
    assert told["issues"][1]["line"] == 2
    assert _asked(site, "boss", "amount = null")["warnings"]


def test_proposals_are_labelled_in_the_readers_language(site: Site) -> None:
    told = _asked(site, "boss", "am", position=2)
    (item,) = [each for each in told["completion"]["items"] if each["text"] == "amount"]
    assert item == {
        "kind": "field",
        "text": "amount",
        "detail": "Number",
        "label": "Amount",
        "documentation": "",
    }
    option = _asked(site, "boss", 'stage = "w', position=10)["completion"]
    assert (option["start"], option["end"]) == (9, 10)
    assert [(each["text"], each["label"], each["kind"]) for each in option["items"]] == [
        ("won", "Won", "option")
    ]


def test_functions_are_described_in_the_readers_language(composition: Composition) -> None:
    item = Item(sort=Sort.FUNCTION, text="ROUND", function=composition.language.functions["ROUND"])
    assert str(item_json(item, "en")["detail"]).startswith("ROUND(")
    assert "decimal places" in str(item_json(item, "en")["documentation"])
    for language in ("zh-CN", "zh-TW"):
        assert "小数" in str(item_json(item, language)["documentation"])


def test_what_is_hidden_is_neither_found_nor_proposed_nor_hinted_at(site: Site) -> None:
    assert _asked(site, "boss", "margin > 1", position=6)["type"] == "boolean"
    hidden = _asked(site, "ann", "margin > 1", position=6)
    unknown = _asked(site, "ann", "qqqqqq > 1", position=6)
    assert hidden["type"] is None
    assert hidden["issues"][0]["message"] == unknown["issues"][0]["message"].replace("qqqqqq", "margin")
    assert hidden["issues"][0]["hint"].replace("margin", "") == unknown["issues"][0]["hint"].replace(
        "qqqqqq", ""
    )
    assert "margin" not in _proposed(hidden)
    assert "margin" not in _proposed(_asked(site, "ann", "", position=0))
    assert "margin" not in _proposed(_asked(site, "ann", "client.", position=7))
    assert "margin" not in str(_asked(site, "ann", "margn")["issues"][0]["hint"])


def test_behind_an_object_that_is_closed_to_her_there_is_nothing(site: Site) -> None:
    assert _asked(site, "guest", "client.name")["issues"][0]["code"] == "F101"
    assert _proposed(_asked(site, "guest", "client.", position=7)) == []


def test_an_object_that_is_closed_to_her_does_not_exist(site: Site) -> None:
    for person, name in (("guest", "client"), ("nobody", "deal"), ("boss", "nothing"), ("boss", "")):
        answer = site.call("POST", "/formula/check", person, json={"object": name, "formula": "1"})
        assert (answer.status_code, answer.json()["code"]) == (404, NO_PAGE.id)


def test_places_of_the_model_are_for_those_who_set_it_up(site: Site) -> None:
    body = {"object": "user", "formula": "ISCHANGED(email)", "context": "validation"}
    assert site.call("POST", "/formula/check", "admin", json=body).json()["type"] == "boolean"
    refused = site.call("POST", "/formula/check", "ann", json={**body, "object": "deal"})
    assert (refused.status_code, refused.json()["code"]) == (403, FORBIDDEN.id)


def test_the_place_decides_what_is_proposed(site: Site) -> None:
    body = {"object": "user", "formula": "$", "position": 1}
    rule = site.call("POST", "/formula/check", "admin", json={**body, "context": "rule"}).json()
    assert set(_proposed(rule)) == {"$user", "$org", "$calendar", "$old"}
    assert set(_proposed(site.call("POST", "/formula/check", "admin", json=body).json())) == {
        "$user",
        "$org",
        "$calendar",
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, BAD_BODY),
        ([], 422, BAD_BODY),
        ({"object": "deal"}, 422, BAD_BODY),
        ({"object": "deal", "formula": 1}, 422, BAD_BODY),
        ({"object": "deal", "formula": "1", "position": "1"}, 422, BAD_BODY),
        ({"object": "deal", "formula": "1", "nothing": 1}, 422, BAD_BODY),
        ({"object": "deal", "formula": "1", "context": "kitchen"}, 422, BAD_BODY),
        ({"object": "deal", "formula": "1", "returns": "money"}, 422, BAD_BODY),
        ({"object": "deal", "formula": "1", "blanks": "no"}, 422, BAD_BODY),
    ],
)
def test_another_shape_is_refused(site: Site, body: object, status: int, code: Any) -> None:
    answer = site.call("POST", "/formula/check", "boss", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code.id)


def test_what_is_no_json_is_refused(site: Site) -> None:
    json_ = {"Content-Type": "application/json"}
    answer = site.call("POST", "/formula/check", "boss", content=b"{", headers=json_)
    assert (answer.status_code, answer.json()["code"]) == (400, BAD_JSON.id)
    answer = site.call(
        "POST", "/formula/check", "boss", content=b"{}", headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, NOT_MEDIA.id)


@pytest.mark.parametrize("position", [-5, 0, 3, 10**9, -(10**30)])
def test_any_position_is_answered(site: Site, position: int) -> None:
    told = _asked(site, "boss", "amount", position=position)
    assert 0 <= told["completion"]["start"] <= told["completion"]["end"] <= 6


@pytest.mark.parametrize(
    "formula", ["+1" * 50_000, "(" * 5_000, '"' + "x" * 100_000, "\0", ""], ids=str.__len__
)
def test_any_text_is_answered(site: Site, formula: str) -> None:
    told = _asked(site, "boss", formula, position=len(formula))
    assert told["issues"]


def test_a_token_for_one_object_learns_nothing_of_others(site: Site) -> None:
    token = site.token("boss", scopes=("client:read",))
    headers = {"Authorization": f"Bearer {token}"}
    answer = site.client.post(
        "/t/acme/api/v1/formula/check", json={"object": "deal", "formula": "1"}, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (403, NOT_IN_SCOPE.id)
