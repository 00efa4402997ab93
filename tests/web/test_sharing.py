"""With whom a record is shared, and who stands in: the pages, for whom they are and for whom not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from runtime.config import Settings
from tests.acceptance.crm import COMPANY, Crm, founded_crm
from tests.runtime.conftest import QUIET
from tests.runtime.site import email
from tests.web.reader import Reader, untouched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.bootstrap import Composition


@pytest.fixture(scope="module")
def crm(composition: Composition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """The company in an embedded database."""
    with founded_crm(Settings(data=tmp_path_factory.mktemp("crm"), port=0, **QUIET), composition) as founded:
        yield founded


@pytest.fixture(scope="module")
def bob(crm: Crm) -> Iterator[Reader]:
    """A sales representative."""
    page = Reader(crm.site, "bob", COMPANY)
    yield page
    page.http.close()


@pytest.fixture(scope="module")
def gus(crm: Crm) -> Iterator[Reader]:
    """A service agent, who reads all accounts and changes none."""
    page = Reader(crm.site, "gus", COMPANY)
    yield page
    page.http.close()


def person(crm: Crm, name: str) -> str:
    """The id of somebody."""
    params = {"where": f'email = "{email(name)}"', "fields": "name"}
    return str(crm.call("GET", "/user", params=params).json()["records"][0]["id"])


def own(crm: Crm, name: str) -> str:
    """An account that bob makes."""
    return str(crm.site.made("account", "bob", COMPANY, name=name)["id"])


def added(page: Reader, member: str, given: dict[str, str], typed: dict[str, str]) -> int:
    """Fill the form for one more and send it; the answer's status."""
    address = f"/o/{member}/new?{urlencode(given)}"
    form = page.get(address)
    assert form.status_code == 200, form.text
    return page.post(f"/o/{member}/new", {**untouched(form), **typed}).status_code


def test_who_may_change_a_record_shares_it_and_ends_that(crm: Crm, bob: Reader) -> None:
    record, ann = own(crm, "Shared"), person(crm, "ann")
    here = f"{bob.base}/o/account/{record}/sharing"
    assert here in bob.get(f"/o/account/{record}").text
    page = bob.get(f"/o/account/{record}/sharing")
    assert page.text.count("Nobody yet.") == 2, "neither a team nor a share"
    given = {"record": f"account/{record}", "back": here}
    assert added(bob, "record_share", given, {"user": ann, "until": "2999-12-31"}) == 303
    page = bob.get(f"/o/account/{record}/sharing")
    assert "Ann" in page.text
    assert "12/31/2999" in page.text or "2999" in page.text
    (row,) = crm.call("GET", "/record_share", "bob").json()["records"]
    gone = bob.post(f"/o/account/{record}/sharing", {"remove": row["id"]})
    assert (gone.status_code, gone.headers["location"]) == (303, here)
    assert bob.get(f"/o/account/{record}/sharing").text.count("Nobody yet.") == 2


def test_a_colleague_in_the_team_is_told_with_role_and_access(crm: Crm, bob: Reader) -> None:
    record, ann = own(crm, "Teamed"), person(crm, "ann")
    assert added(bob, "account_team_member", {"account": record}, {"user": ann, "role": "presales"}) == 303
    page = bob.get(f"/o/account/{record}/sharing").text
    assert all(word in page for word in ("Ann", "Presales", "Edit"))


def test_who_may_change_a_record_sees_and_ends_what_others_share(crm: Crm, bob: Reader) -> None:
    record, gus = own(crm, "By others"), person(crm, "gus")
    share = crm.made("record_share", {"record": f"account/{record}", "user": gus})["id"]
    assert "Gus" in bob.get(f"/o/account/{record}/sharing").text
    assert crm.call("GET", f"/record_share/{share}", "bob").status_code == 404, "it is not bob's row"
    bob.post(f"/o/account/{record}/sharing", {"remove": share})
    assert crm.call("GET", f"/record_share/{share}").status_code == 404


def test_who_only_reads_a_record_neither_sees_nor_changes_with_whom_it_is_shared(
    crm: Crm, gus: Reader
) -> None:
    record, ann = own(crm, "Closed"), person(crm, "ann")
    share = crm.made("record_share", {"record": f"account/{record}", "user": ann})["id"]
    assert "/sharing" not in gus.get(f"/o/account/{record}").text
    assert gus.get(f"/o/account/{record}/sharing").status_code in (403, 404)
    taking = {"remove": share}
    assert gus.post(f"/o/account/{record}/sharing", taking).status_code in (403, 404)
    assert crm.call("DELETE", f"/record_share/{share}", "gus", headers={"If-Match": "*"}).status_code == 404
    sharing = {"record": f"account/{record}", "user": ann}
    assert crm.call("POST", "/record_share", "gus", json=sharing).status_code == 422
    assert crm.call("GET", f"/record_share/{share}").status_code == 200


@pytest.mark.parametrize("path", ["account/{account}/sharing", "product/{product}/sharing"])
def test_nothing_is_taken_out_that_is_not_there(crm: Crm, path: str) -> None:
    boss = Reader(crm.site, "boss", COMPANY)
    where = f"/o/{crm.real(path)}"
    assert boss.post(where, {"remove": crm.ids["{account}"]}).status_code == 404
    assert boss.post(where, {"remove": ""}).status_code == 404
    boss.http.close()


def test_everybody_names_her_own_stand_in_and_nobody_elses(crm: Crm, bob: Reader) -> None:
    page = bob.get("/o/account").text
    assert f'href="{bob.base}/o/delegation"' in page
    assert "While I am away" in page
    ann, gus = person(crm, "ann"), person(crm, "gus")
    assert added(bob, "delegation", {}, {"deputy": ann, "last_day": "2999-12-31"}) == 303
    assert "Ann" in bob.get("/o/delegation").text
    (row,) = crm.call("GET", "/delegation", "bob", params={"fields": "absent,deputy"}).json()["records"]
    assert (row["absent"], row["deputy"]) == (person(crm, "bob"), ann)
    for values in ({"absent": gus, "deputy": ann}, {"deputy": person(crm, "bob")}):
        answer = crm.call("POST", "/delegation", "bob", json={**values, "last_day": "2999-12-31"})
        assert answer.status_code in (403, 422), answer.text
