"""A computed value that is an error is seen as one, with its reason, wherever records are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPANY = "faulty"
REASON = "division by zero in amount / discount"
MARK = f'<span class="fault" title="{REASON}">#Error!</span>'


@pytest.fixture(scope="module")
def page(site: Site) -> Iterator[Reader]:
    """The boss of a company at a browser."""
    found_company(site, COMPANY, "sums", {"boss": ["boss"]})
    reader = Reader(site, "boss", COMPANY)
    yield reader
    reader.http.close()


@pytest.fixture(scope="module")
def record(site: Site, page: Reader) -> str:
    """A record with an error, a part with another, and a record that links to it."""
    made = str(site.made("sum", of=COMPANY, name="Zero", amount=1, discount=0)["id"])
    site.made("sum_part", of=COMPANY, sum=made, name="None", count=0)
    site.made("sum", of=COMPANY, name="Below", amount=3, discount=0, whole=made)
    return made


def test_a_list_marks_the_cell_and_tells_why(page: Reader, record: str) -> None:
    text = page.get("/o/sum?columns=name,ratio").text
    row = text[text.index(f'data-id="{record}"') :].split("</tr>")[0]
    assert f'{MARK}<span class="sr">: {REASON}</span>' in row


def test_the_record_page_tells_why_beside_the_value(page: Reader, record: str) -> None:
    text = page.get(f"/o/sum/{record}").text
    assert f'{MARK} <span class="muted">{REASON}</span>' in text


def test_parts_and_related_lists_mark_theirs(page: Reader, record: str) -> None:
    text = page.get(f"/o/sum/{record}?tab=work").text
    assert 'title="division by zero in sum.amount / count">#Error!</span>' in text
    assert f'{MARK}<span class="sr">: {REASON}</span>' in text[text.index("Below") :]


def test_the_reason_is_said_in_the_readers_language(page: Reader, record: str) -> None:
    page.post("/preferences", {"language": "zh-CN"})
    text = page.get(f"/o/sum/{record}").text
    page.post("/preferences", {"language": "en"})
    assert 'class="fault" title="amount / discount 出错：除数为零">#Error!</span>' in text
