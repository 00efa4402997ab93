"""The text form of questions: one grammar for the API and the command line, all mistakes in their places."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runtime.site import Site
    from tests.runtime.terminal import Run


@pytest.fixture(scope="module")
def sold(site: Site) -> Site:
    """Clients with deals of their own."""
    for name, amounts in (("Zeta", (1, 2, 3)), ("Eta", (500,)), ("Theta", ())):
        client = site.made("client", name=name)["id"]
        for amount in amounts:
            site.made("deal", name=f"{name} {amount}", client=client, amount=amount, stage="open")
    return site


MINE = 'client.name = "Zeta" || client.name = "Eta"'


def _get(site: Site, path: str, who: str = "boss", **params: str) -> Any:
    return site.call("GET", path, who, params=params).json()


def test_clients_are_asked_for_by_their_deals(sold: Site) -> None:
    names = {"where": "EXISTS(deal.client, amount > 100) && COUNT(deal.client) < 3", "fields": "name"}
    assert [row["name"] for row in sold.call("GET", "/client", params=names).json()["records"]] == ["Eta"]
    idle = {"where": "COUNT(deal.client) = 0 && name = 'Theta'", "fields": "name"}
    assert [row["name"] for row in sold.call("GET", "/client", params=idle).json()["records"]] == ["Theta"]


def test_figures_have_conditions_orders_and_bounds(sold: Site) -> None:
    asked = {"group": "client.name", "measures": "count,sum(amount)", "where": MINE, "order": "-sum(amount)"}
    assert _get(sold, "/deal/aggregate", **asked) == {
        "columns": ["client.name", "count", "sum:amount"],
        "rows": [["Eta", 1, 500], ["Zeta", 3, 6]],
    }
    assert _get(sold, "/deal/aggregate", **asked, having="count > 1")["rows"] == [["Zeta", 3, 6]]
    assert _get(sold, "/deal/aggregate", **asked, limit="1")["rows"] == [["Eta", 1, 500]]
    by_name = asked | {"order": "client.name", "measures": "avg:amount", "having": "avg(amount) < 500"}
    assert _get(sold, "/deal/aggregate", **by_name)["rows"] == [["Zeta", 2]]


def test_different_values_come_in_pages(sold: Site) -> None:
    first = _get(sold, "/deal/distinct", fields="client.name", where=MINE, limit="1")
    assert (first["columns"], first["rows"], first["previous"]) == (["client.name"], [["Eta"]], None)
    second = _get(sold, "/deal/distinct", fields="client.name", where=MINE, limit="1", after=first["next"])
    assert second["rows"] == [["Zeta"]]
    back = _get(
        sold, "/deal/distinct", fields="client.name", where=MINE, limit="1", before=second["previous"]
    )
    assert back["rows"] == [["Eta"]]


def test_all_mistakes_are_told_at_once_each_in_its_place(sold: Site) -> None:
    response = sold.call("GET", "/deal", params={
        "fields": "name, nmae,client.nmae", "where": "amuont > 1 && COUNT(x.y) = 0", "order": "name,-colour",
        "limit": "0", "count": "perhaps", "fileds": "x",
    })  # fmt: skip
    assert response.status_code == 422
    found = {(error.get("field"), error.get("column")) for error in response.json()["errors"]}
    assert found == {
        ("fields", 7), ("fields", 12), ("where", 1), ("where", 21), ("order", 6), (None, None)
    }  # fmt: skip
    figures = sold.call("GET", "/deal/aggregate", params={
        "group": "stage,closes:hour", "measures": "sum(amuont),most(amount)", "order": "name",
    })  # fmt: skip
    places = [(error["field"], error["column"]) for error in figures.json()["errors"]]
    assert places == [("group", 7), ("measures", 1), ("measures", 13), ("order", 1)]


def test_one_mistake_has_its_own_code_and_place(sold: Site) -> None:
    answer = sold.call("GET", "/deal", params={"fields": "name,nmae"}).json()
    assert (answer["code"], answer["errors"][0]["column"]) == ("P118", 6)


def test_a_hidden_name_among_mistakes_is_told_like_one_that_there_is_not(sold: Site) -> None:
    for text in ("margin", "mirage"):
        answer = sold.call("GET", "/deal", "ann", params={"fields": f"{text},name", "where": "nothing > 1"})
        assert [(e.get("field"), e.get("column")) for e in answer.json()["errors"]] == [
            ("fields", 1),
            ("where", 1),
        ]
    for path in ("/deal/distinct", "/deal"):
        hidden, absent = (
            sold.call("GET", path, "ann", params={"fields": name}).text for name in ("margin", "mirage")
        )
        assert hidden.replace("margin", "mirage") == absent


@pytest.fixture
def terminal(strata: Run, data: Path, shop: Path) -> Run:
    """A company with a user who asks."""
    assert strata("publish", str(shop), "--tenant", "acme", "--data", str(data))[0] == 0
    for email, granted in (("boss@example.com", "administrator"), ("nobody@example.com", "guest")):
        user = ("user", "add", email, "--password", "long enough", "-p", granted, "--data", str(data))
        assert strata(*user)[0] == 0

    def run(*arguments: str, user: str = "boss@example.com") -> tuple[int, str, str]:
        return strata("query", *arguments, "--as", user, "--data", str(data))

    return run


def test_a_command_asks_as_a_user_and_prints_a_table_json_or_csv(terminal: Run) -> None:
    asked = (
        "user",
        "--fields",
        "email,active",
        "--order",
        "-email",
        "--where",
        'CONTAINS(email, "@example")',
    )
    code, out, _ = terminal(*asked, "--count")
    assert code == 0
    head, *rows, counted = out.splitlines()
    assert head.split() == ["id", "email", "active"]
    assert [row.split()[1:] for row in rows] == [["nobody@example.com", "true"], ["boss@example.com", "true"]]
    assert counted == "2 in all."
    answer = json.loads(terminal(*asked, "--format", "json")[1])
    assert [row[1:] for row in answer["rows"]] == [["nobody@example.com", True], ["boss@example.com", True]]
    lines = csv.reader(terminal(*asked, "--format", "csv")[1].splitlines())
    assert [line[1:] for line in lines] == [
        ["email", "active"], ["nobody@example.com", "true"], ["boss@example.com", "true"]
    ]  # fmt: skip
    code, out, _ = terminal("user", "--group", "active", "--measures", "count", "--having", "count > 0")
    assert out.splitlines()[0].split() == ["active", "count"]
    assert terminal("user", "--fields", "active", "--distinct")[1] == "active\ntrue\n"


def test_pages_of_the_command_line_lead_on(terminal: Run) -> None:
    asked = ("user", "--fields", "email", "--order", "email", "--limit", "1")
    *_, more = terminal(*asked)[1].splitlines()
    assert more.startswith("More with --after ")
    assert "nobody@example.com" in terminal(*asked, "--after", more.split()[-1])[1]


def test_mistakes_stand_under_what_was_written_and_the_exit_code_says_so(terminal: Run) -> None:
    code, out, err = terminal("user", "--fields", "email,emial", "--where", "activ && 1", "--order", "-x")
    assert (code, out) == (1, "")
    assert err.splitlines()[1:3] == [
        "  fields: email,emial",
        "                ^ user has no field 'emial' that you may use.",
    ]
    assert "  where: activ && 1" in err
    assert "did you mean active?" in err.lower()
    assert terminal("usr")[0] == 1
    assert terminal("user", "--fields", "email", user="nobody@example.com")[0] == 1
    assert terminal("user", user="no@example.com")[0] == 1
    assert terminal("user", "--format", "xml")[0] == 2
