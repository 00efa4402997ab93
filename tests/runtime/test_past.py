"""Claims about the past over the API and the command line: feed, bin, as-of, audit."""

import json
from pathlib import Path

import pytest

from runtime.bootstrap import compose
from runtime.cli.opening import opened_tenant, published
from runtime.config import Settings
from tests.runtime.site import Site
from tests.runtime.terminal import Run


@pytest.fixture
def acme(site: Site) -> Site:
    """A company whose boss may purge."""
    return site


def work(site: Site) -> None:
    """Let the worker number the entries, chain them, and purge."""
    with site.tenant() as tenant:
        from engine.changes.chain import carry_on

        while carry_on(tenant.database):
            pass


def test_the_feed_is_followed_by_its_cursor(acme: Site) -> None:
    work(acme)
    start = acme.call("GET", "/changes", params={"since": "now"}).json()
    assert (start["changes"], start["more"]) == ([], False)
    deal = acme.made("deal", name="One")
    acme.call("PATCH", f"/deal/{deal['id']}", json={"name": "Two", "version": 1})
    acme.call("DELETE", f"/deal/{acme.made('deal', name='Gone')['id']}", headers={"If-Match": "*"})
    work(acme)
    page = acme.call("GET", "/changes", params={"since": start["next"], "object": "deal"}).json()
    told = [(one["kind"], one["gone"], "fields" in one) for one in page["changes"]]
    assert told == [
        ("created", False, True), ("updated", False, True),
        ("created", True, False), ("deleted", True, False),
    ]  # fmt: skip
    assert page["changes"][1]["fields"] == [{"name": "name", "old": "One", "new": "Two"}]
    rest = acme.call("GET", "/changes", params={"since": page["next"]}).json()
    assert (rest["changes"], rest["next"] != "") == ([], True)


@pytest.mark.parametrize(
    ("params", "status"),
    [({"since": "x"}, 422), ({"limit": "0"}, 400), ({"limit": "x"}, 400), ({"object": "none"}, 404)],
)
def test_a_feed_that_cannot_be_read_is_refused(acme: Site, params: dict[str, str], status: int) -> None:
    assert acme.call("GET", "/changes", params=params).status_code == status


def test_a_record_is_told_as_it_was_and_a_field_comes_back(acme: Site) -> None:
    deal = acme.made("deal", name="One", amount=5)
    acme.call("PATCH", f"/deal/{deal['id']}", json={"name": "Two", "version": 1})
    history = acme.call("GET", f"/deal/{deal['id']}/history").json()["changes"]
    at = history[-1]["at"]
    past = acme.call("GET", f"/deal/{deal['id']}/as-of", params={"at": at}).json()
    fields = {one["name"]: one for one in past["fields"]}
    assert (past["version"], past["now"]) == (1, {"version": 2, "deleted": False})
    assert (fields["name"]["then"], fields["name"]["now"], fields["name"]["differs"]) == ("One", "Two", True)
    assert not fields["amount"]["differs"]
    body = {"at": at, "fields": ["name"], "reason": "a slip"}
    unseen = acme.call("POST", f"/deal/{deal['id']}/as-of", json=body)
    assert unseen.status_code == 428
    back = acme.call("POST", f"/deal/{deal['id']}/as-of", json={**body, "version": 2})
    assert (back.status_code, back.json()["name"], back.headers["etag"]) == (200, "One", '"3"')
    newest = acme.call("GET", f"/deal/{deal['id']}/history").json()["changes"][0]
    assert (newest["entry"], newest["reason"]) == ("restore", "a slip")


@pytest.mark.parametrize("at", ["", "soon", "2026-13-01", "9999-12-31"])
def test_an_instant_that_is_none_is_refused(acme: Site, at: str) -> None:
    deal = acme.made("deal", name="One")
    assert acme.call("GET", f"/deal/{deal['id']}/as-of", params={"at": at}).status_code == 400


def test_the_bin_is_listed_and_emptied_record_by_record(acme: Site) -> None:
    deal = acme.made("deal", name="Gone")
    acme.call("DELETE", f"/deal/{deal['id']}", headers={"If-Match": "*"})
    one = acme.call("GET", "/bin").json()["records"][0]
    assert (one["object"], one["id"], one["title"], one["along"]) == ("deal", deal["id"], "Gone", {})
    purged = acme.call("POST", f"/deal/{deal['id']}/purge", json={"reason": "no use"})
    assert (purged.status_code, purged.json()["records"]) == (200, {"deal": 1})
    left = acme.call("GET", "/bin", params={"object": "deal"}).json()["records"]
    assert deal["id"] not in [each["id"] for each in left]
    assert acme.call("POST", f"/deal/{deal['id']}/restore").status_code == 404
    assert acme.call("POST", f"/deal/{deal['id']}/purge").status_code == 404


def test_the_command_line_exports_verifies_lists_and_purges(
    strata: Run, data: Path, shop: Path, tmp_path: Path
) -> None:
    here = ("--data", str(data))
    assert strata("publish", str(shop), *here)[0] == 0
    with opened_tenant(Settings(data=data), compose(), None) as (_, tenant):
        session = tenant.upkeep(published(tenant))
        target = session.release.catalog.objects["deal"]
        from engine.mutation import Create, Delete, Mutation

        made = session.apply(Mutation(object=target, changes=(Create(values={"name": "D"}),), entry="test"))
        assert made.records[0]
        deal = made.records[0].id
        session.apply(Mutation(object=target, changes=(Delete(id=deal),), entry="test"))
    file = tmp_path / "audit.ndjson"
    assert strata("audit", "export", str(file), *here)[0] == 0
    code, out, _ = strata("audit", "verify", str(file))
    assert (code, "Nothing was changed." in out) == (0, True)
    assert strata("audit", "check", "--file", str(file), *here)[0] == 0
    rows = file.read_text().splitlines()
    file.write_text("\n".join([*rows[:1], *rows[2:]]))
    code, out, told = strata("audit", "verify", str(file))
    assert (code, told.startswith("line 2")) == (1, True)
    code, out, _ = strata("changes", "follow", "--once", "--object", "deal", *here)
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line.get("kind") for line in lines] == ["created", "deleted", None]
    assert "deal" in strata("bin", "list", *here)[1]
    assert strata("bin", "restore", "deal", deal, *here)[0] == 0
    assert strata("bin", "list", *here)[1] == ""
    assert strata("bin", "purge", "deal", deal, *here)[0] == 1
    assert strata("bin", "keep", "7", *here)[1] == "Records stay in the bin for 7 days.\n"
