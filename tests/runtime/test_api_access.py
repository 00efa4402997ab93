"""The API and the command line explain access: in the same words, to whom they may."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from runtime.api.access_shapes import altered, explained, seen_by
from tests.runtime.site import Site
from tests.runtime.terminal import Run, refused


def asked(site: Site, address: str, person: str, **given: str) -> Any:
    """The answer of one of the addresses."""
    return site.call("GET", f"/access/{address}", person, params=given)


@pytest.fixture(scope="module")
def visit(site: Site) -> str:
    """A client of the boss, which no seller may change."""
    id_: str = site.made("client", name="Explained")["id"]
    return id_


def user(site: Site, name: str) -> str:
    """The id of one of the people."""
    found = site.call("GET", "/user", "admin", params={"where": f'email = "{name}@example.com"'})
    id_: str = found.json()["records"][0]["id"]
    return id_


def test_an_administrator_asks_why_somebody_may_not(site: Site, visit: str) -> None:
    given = {"user": user(site, "ann"), "action": "update", "object": "client", "record": visit}
    answer = asked(site, "explain", "admin", **given)
    told = answer.json()
    assert (answer.status_code, told["allowed"]) == (200, False)
    assert [each["kind"] for each in told["obstacles"]] == ["outside"]
    named = {(each["kind"], each["name"]) for each in told["would_change"]}
    assert ("permission_set", "boss") in named
    Draft202012Validator(explained()).validate(told)


def test_everybody_asks_about_herself_and_nobody_about_others(site: Site, visit: str) -> None:
    given = {"object": "client", "record": visit}
    told = asked(site, "explain", "ann", **given).json()
    assert (told["allowed"], told["action"]) == (True, "read")
    assert asked(site, "explain", "ann", user=user(site, "bob"), **given).status_code == 403
    assert asked(site, "explain", "nobody", **given).status_code == 403


def test_a_hidden_field_is_as_unknown_as_one_that_is_not_there(site: Site) -> None:
    answers = [asked(site, "explain", "ann", object="deal", field=name) for name in ("margin", "nothing")]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["detail"].replace("margin", "nothing") == answers[1].json()["detail"]


def test_who_sees_a_record_is_told_in_pages(site: Site, visit: str) -> None:
    first = asked(site, "who", "admin", object="client", record=visit, limit="2").json()
    Draft202012Validator(seen_by()).validate(first)
    rest = asked(site, "who", "admin", object="client", record=visit, after=first["next"]).json()
    names = [each["name"] for each in (*first["users"], *rest["users"])]
    assert len(names) == first["total"]
    assert "Nobody" not in names
    levels = {each["name"]: each["level"] for each in (*first["users"], *rest["users"])}
    assert (levels["Ann"], levels["Boss"]) == ("read", "delete")
    assert asked(site, "who", "boss", object="client", record=visit).status_code == 403


def test_what_another_set_would_alter_is_counted(site: Site, visit: str) -> None:
    guest = user(site, "guest")
    told = asked(site, "preview", "admin", user=guest, assign="boss").json()
    Draft202012Validator(altered()).validate(told)
    clients = next(each for each in told["records"] if (each["object"], each["action"]) == ("client", "read"))
    assert clients["gaining"] == 1
    assert clients["gained"] >= 1
    assert {"object": "client", "field": "name", "shown": 1, "hidden": 0} in told["fields"]
    assert asked(site, "preview", "admin", user=guest, assign="none").status_code == 400
    assert asked(site, "preview", "guest", user=guest, assign="boss").status_code == 403


@pytest.mark.parametrize(
    "given", [{}, {"object": "client", "action": "paint"}, {"object": "client", "field": "nothing"}]
)
def test_a_question_that_cannot_be_understood_is_refused(site: Site, given: dict[str, str]) -> None:
    assert asked(site, "explain", "admin", **given).status_code == 400


def test_the_command_line_tells_the_same(strata: Run, data: Path, shop: Path) -> None:
    at = ("--data", str(data))
    strata("publish", str(shop), *at)
    strata("user", "add", "a@example.com", "--password", "long enough", "-p", "guest", *at)
    code, out, _ = strata("access", "explain", "a@example.com", "update", "deal", "--field", "margin", *at)
    assert code == 0
    assert out.splitlines()[0] == "a@example.com may not update it."
    assert "  assign the permission set boss" in out.splitlines()
    _, out, _ = strata("access", "explain", "a@example.com", "read", "deal", "--json", *at)
    assert json.loads(out)["allowed"] is True
    refused(strata("access", "explain", "a@example.com", "read", "nothing", *at), "no object")
    refused(strata("access", "explain", "a@example.com", "paint", "deal", *at), "create, read")
    refused(strata("access", "who", "deal", *at), "OBJECT/RECORD")


def test_the_command_line_tells_who_sees_a_record(strata: Run, data: Path, shop: Path) -> None:
    at = ("--data", str(data))
    strata("publish", str(shop), *at)
    strata("user", "add", "a@example.com", "--password", "long enough", *at)
    _, out, _ = strata("query", "user", "--fields", "id,name", "--as", "a@example.com", *at)
    record = next(part for part in out.replace(",", " ").replace('"', " ").split() if len(part) == 36)
    code, out, _ = strata("access", "who", f"user/{record}", *at)
    assert (code, out.splitlines()[0]) == (0, "1 people can see it.")
    assert "permission set administrator" in out


def test_a_plan_says_who_gains_and_loses_access(strata: Run, data: Path, shop: Path) -> None:
    at = ("--data", str(data))
    strata("publish", str(shop), *at)
    strata("user", "add", "a@example.com", "--password", "long enough", "-p", "guest", *at)
    rule = shop / "permissions" / "guest.yaml"
    rule.write_text(rule.read_text("utf-8").replace('"*": read', '"*": read, margin: none'), "utf-8")
    _, out, _ = strata("plan", str(shop), *at)
    assert out.splitlines()[-2:] == ["Access:", "  deal.margin: hidden from 1 person"]
    _, out, _ = strata("access", "preview", "a@example.com", "--assign", "boss", "--remove", "guest", *at)
    assert "client.name: visible to 1 person" in out.splitlines()
    assert strata("access", "preview", "a@example.com", *at)[1] == "Nothing would change.\n"
    refused(strata("access", "preview", "a@example.com", "--assign", "none", *at), "no permission set")
