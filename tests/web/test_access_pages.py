"""The pages about access: to whom they are offered, and that they tell what the engine tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.runtime.site import Site


@pytest.fixture
def admin(site: Site) -> Iterator[Reader]:
    """The administrator, who sets up the model."""
    reader = Reader(site, "admin")
    yield reader
    reader.http.close()


@pytest.fixture
def boss(site: Site) -> Iterator[Reader]:
    """The boss, who sees and changes everything and does not set up the model."""
    reader = Reader(site, "boss")
    yield reader
    reader.http.close()


def user(site: Site, name: str) -> str:
    """The id of one of the people."""
    with site.tenant() as tenant:
        assert tenant.release is not None
        return str(tenant.user_by_email(tenant.release, f"{name}@example.com"))


def test_an_administrator_finds_out_why_from_the_record(site: Site, admin: Reader) -> None:
    record = site.made("client", name="Explained")["id"]
    page = admin.get(f"/o/client/{record}").text
    assert f"/o/client/{record}/access" in page
    ann = user(site, "ann")
    answer = admin.get(f"/o/client/{record}/access?user={ann}&action=update&field=name")
    assert answer.status_code == 200
    for told in ("is not allowed", "assign the permission set Boss", "their own records"):
        assert told in answer.text
    assert ">Boss</a>" in answer.text


def test_a_user_s_page_leads_to_all_that_she_may_do(site: Site, admin: Reader) -> None:
    ann = user(site, "ann")
    assert f"/o/user/{ann}/held" in admin.get(f"/o/user/{ann}").text
    answer = admin.get(f"/o/user/{ann}/held")
    assert answer.status_code == 200
    for told in ("Seller", "assigned to the user", "See the history of records", "Margin"):
        assert told in answer.text


def test_nobody_else_is_offered_or_shown_them(site: Site, boss: Reader) -> None:
    record = site.made("client", name="Kept")["id"]
    assert f"/o/client/{record}/access" not in boss.get(f"/o/client/{record}").text
    assert boss.get(f"/o/client/{record}/access").status_code == 403
    ann = user(site, "ann")
    assert boss.get(f"/o/user/{ann}/held").status_code == 403
