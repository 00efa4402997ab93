"""Claims about the pages of the recycle bin and of a record as it was: with and without rights, no script."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from tests.runtime.site import Site

    Arrive = Callable[[str], Reader]


@pytest.fixture(scope="module")
def arrive(site: Site) -> Iterator[Arrive]:
    """Makes a Reader of a person; their connections end with the module."""
    with ExitStack() as readers:

        def arrived(person: str) -> Reader:
            reader = Reader(site, person)
            readers.callback(reader.http.close)
            return reader

        yield arrived


@pytest.fixture(scope="module")
def boss(arrive: Arrive) -> Reader:
    return arrive("boss")


def shown(response: httpx.Response) -> str:
    """The text of a page, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def deleted(site: Site, name: str) -> str:
    """A deal in the bin; returns its id."""
    deal: str = site.made("deal", name=name)["id"]
    assert site.call("DELETE", f"/deal/{deal}", headers={"If-Match": "*"}).status_code == 204
    return deal


def test_a_deleted_record_is_found_in_the_bin_and_comes_back(site: Site, boss: Reader) -> None:
    deal = deleted(site, "Left by mistake")
    page = boss.get("/bin")
    assert "Left by mistake" in shown(page)
    assert "90 days" in shown(page)
    answer = boss.post("/o/deal/restore", {"id": deal, "back": boss.get("/bin").url.path})
    assert answer.status_code == 303
    assert "Left by mistake" not in boss.get("/bin").text
    assert site.call("GET", f"/deal/{deal}").status_code == 200


def test_a_record_is_removed_for_good_by_who_may(site: Site, boss: Reader, arrive: Arrive) -> None:
    deal = deleted(site, "To go for good")
    assert "/o/deal/purge" in boss.get("/bin").text
    seller = arrive("ann")
    assert "/o/deal/purge" not in seller.get("/bin").text
    assert seller.post("/o/deal/purge", {"id": deal}).status_code == 403
    assert boss.post("/o/deal/purge", {"id": deal}).status_code == 303
    assert "To go for good" not in boss.get("/bin").text
    assert boss.post("/o/deal/purge", {"id": deal}).status_code == 404


def test_a_record_is_shown_as_it_was_and_a_chosen_field_comes_back(site: Site, boss: Reader) -> None:
    deal = site.made("deal", name="First name", amount=5)["id"]
    site.call("PATCH", f"/deal/{deal}", json={"name": "Second name", "amount": 6, "version": 1})
    past = boss.get(f"/o/deal/{deal}?tab=history")
    (link,) = set(re.findall(r'href="([^"]+/as-of\?at=[^"]+)"', past.text)[-1:])
    address = html.unescape(link).partition("/t/acme")[2]
    page = boss.get(address)
    assert page.status_code == 200
    assert "First name" in shown(page)
    assert "Second name" in shown(page)
    at = re.findall(r'name="at" value="([^"]+\+00:00)"', page.text)[0]
    nothing = boss.post(f"/o/deal/{deal}/as-of", {"at": html.unescape(at), "_version": "2"})
    assert nothing.status_code == 422
    assert "Choose at least one field" in shown(nothing)
    stale = boss.post(f"/o/deal/{deal}/as-of", {"at": html.unescape(at), "_version": "1", "field": "name"})
    assert stale.status_code == 409
    back = boss.post(f"/o/deal/{deal}/as-of", {"at": html.unescape(at), "_version": "2", "field": "name"})
    assert back.status_code == 303
    now = site.call("GET", f"/deal/{deal}").json()
    assert (now["name"], now["amount"]) == ("First name", 6)


def test_a_record_in_the_bin_is_shown_as_it_was_and_cannot_be_written(site: Site, boss: Reader) -> None:
    deal = deleted(site, "Still readable")
    page = boss.get(f"/o/deal/{deal}/as-of")
    assert "Still readable" in shown(page)
    assert 'id="bring-back"' not in page.text


@pytest.mark.parametrize("path", ["/bin?before=x", "/bin?object=nothing", "/o/deal/{id}/as-of?at=soon"])
def test_what_cannot_be_asked_is_refused(site: Site, boss: Reader, path: str) -> None:
    deal = site.made("deal", name="Deal")["id"]
    assert boss.get(path.format(id=deal)).status_code in (400, 404)


def test_nobody_finds_anything_in_the_bin(site: Site, arrive: Arrive) -> None:
    deal = deleted(site, "Not for everybody")
    nobody = arrive("nobody")
    assert "Not for everybody" not in nobody.get("/bin").text
    assert nobody.get(f"/o/deal/{deal}/as-of").status_code in (403, 404)
