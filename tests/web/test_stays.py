"""Claims about stages on pages: the path says what a move lacks; the history speaks in labels and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from runtime.config import Settings
from tests.acceptance.crm import COMPANY, Crm, founded_crm
from tests.runtime.conftest import QUIET
from tests.web.reader import Reader

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


@pytest.fixture
def deal(crm: Crm, bob: Reader, request: pytest.FixtureRequest) -> str:
    """A deal of hers, at the needs of the customer."""
    name = request.node.name.replace("_", " ")
    account = crm.site.made("account", "bob", COMPANY, name=f"{name} Ltd")["id"]
    return str(crm.site.made("opportunity", "bob", COMPANY, name=name, account=account, stage="needs")["id"])


def test_the_path_says_what_a_move_lacks_before_it_is_made(crm: Crm, bob: Reader, deal: str) -> None:
    page = bob.get(f"/o/opportunity/{deal}").text
    assert 'title="A deal is won with an amount greater than zero."' in page
    assert bob.post(f"/o/opportunity/{deal}/stage", {"stage": "won", "_version": "1"}).status_code == 422
    crm.call("PATCH", f"/opportunity/{deal}", "bob", json={"amount": 10, "version": "*"})
    assert "greater than zero" not in bob.get(f"/o/opportunity/{deal}").text


def test_a_deal_tells_how_long_it_was_in_each_stage_by_the_labels_of_its_stages(
    crm: Crm, bob: Reader, deal: str
) -> None:
    values = {"stage": "proposal", "amount": 10, "version": "*"}
    assert crm.call("PATCH", f"/opportunity/{deal}", "bob", json=values).status_code == 200
    page = bob.get(f"/o/opportunity/{deal}?tab=stages").text
    history = page[page.index("Stage history") :]
    assert "Needs" in history
    assert "Proposal" in history
    assert "0 h 0 min" in history
    assert ">needs<" not in history


def test_the_list_of_all_stays_shows_what_the_reader_may_see(crm: Crm, bob: Reader, deal: str) -> None:
    hers = crm.made(
        "opportunity", {"name": "Hers", "account": "{account}", "stage": "negotiation", "amount": 5}
    )
    page = bob.get("/o/stage_history")
    assert page.status_code == 200
    assert "Needs" in page.text
    assert deal in page.text
    assert hers["id"] not in page.text
