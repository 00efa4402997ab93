"""What a column holds is seen from its cells: order of days, mark of decimals, mails, phones, links."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.transfer.content import DayOrder, Mark, look, read_day, read_number, text_of


@pytest.mark.parametrize(
    ("cells", "order", "unsure"),
    [
        (["2026-01-31", "2026-02-01"], DayOrder.YEAR, False),
        (["2026年1月31日"], DayOrder.YEAR, False),
        (["20260131", "20260201"], DayOrder.YEAR, False),
        (["31/12/2026", "01/02/2026"], DayOrder.DAY, False),
        (["31.12.26"], DayOrder.DAY, False),
        (["12/31/2026", "01/02/2026"], DayOrder.MONTH, False),
        (["01/02/2026", "03/04/2026"], DayOrder.DAY, True),
        ([date(2026, 1, 31), datetime(2026, 2, 1)], DayOrder.YEAR, False),  # noqa: DTZ001
    ],
)
def test_the_order_of_days_is_found_and_a_doubt_is_told(
    cells: list[object], order: DayOrder, unsure: bool
) -> None:
    seen = look(cells)
    assert (seen.days, seen.order, seen.unsure) == (1.0, order, unsure)


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("1/2/2026", DayOrder.DAY, date(2026, 2, 1)),
        ("1/2/2026", DayOrder.MONTH, date(2026, 1, 2)),
        ("2026-1-2", DayOrder.DAY, date(2026, 1, 2)),
        ("1/2/26 10:30", DayOrder.MONTH, date(2026, 1, 2)),
        ("31/12/2026", DayOrder.MONTH, None),
        ("31/12-2026", DayOrder.DAY, None),
        ("2026", DayOrder.YEAR, None),
        ("2026-02-30", DayOrder.YEAR, None),
    ],
)
def test_a_day_is_read_in_its_order_or_not_at_all(text: str, order: DayOrder, wanted: date | None) -> None:
    assert read_day(text, order) == wanted


@pytest.mark.parametrize(
    ("text", "mark", "wanted"),
    [
        ("1,234.50", Mark.POINT, "1234.50"),
        ("1.234,50", Mark.COMMA, "1234.50"),
        ("1 234,50", Mark.COMMA, "1234.50"),
        ("1'234.50", Mark.POINT, "1234.50"),
        ("￥1,234", Mark.POINT, "1234"),
        ("EUR 1.234,50", Mark.COMMA, "1234.50"),
        ("(12.5)", Mark.POINT, "-12.5"),
        ("−12", Mark.POINT, "-12"),
        ("12%", Mark.POINT, "12"),
        ("1.234,50", Mark.POINT, None),
        ("12,34", Mark.POINT, None),
        ("-", Mark.POINT, None),
        ("n/a", Mark.COMMA, None),
    ],
)
def test_a_number_is_read_with_its_mark_or_not_at_all(text: str, mark: Mark, wanted: str | None) -> None:
    assert read_number(text_of(text), mark) == (None if wanted is None else Decimal(wanted))


def test_the_mark_of_decimals_is_found_from_cells_that_have_any() -> None:
    assert look(["1.234", "5,5"]).mark is Mark.COMMA
    assert look(["1,234", "5.5"]).mark is Mark.POINT
    assert look(["1,234", "5"]).mark is Mark.POINT


def test_a_bad_cell_in_two_hundred_does_not_hide_what_a_column_is() -> None:
    days = [f"{day:02}/{month:02}/2025" for month in range(1, 9) for day in range(1, 29)]
    seen = look([*days, "n/a?"])
    assert 0.99 < seen.days < 1
    assert seen.order is DayOrder.DAY


def test_mails_phones_and_links_are_told_apart() -> None:
    assert look(["ada@acme.example"]).mails == 1.0
    assert look(["+44 20 7946 0018", "0512-62881234 转 12"]).phones == 1.0
    assert look(["www.acme.example/a", "https://acme.example", "acme.com.cn"]).links == 1.0
    assert look(["Acme & Co.", "5 km"]).links == look(["Acme", "12"]).phones == 0.0


def test_whole_numbers_of_spreadsheets_have_no_point_and_blanks_say_nothing() -> None:
    assert [text_of(cell) for cell in (12.0, 1.5, None, "　x ", True)] == ["12", "1.5", "", "x", "True"]
    assert look(["", None, "  "]).filled == 0
