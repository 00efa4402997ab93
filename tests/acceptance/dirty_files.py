"""Spoils and encodes files as they come from people: other scripts and separators, Excel, blanks, slips."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.sales_files import Row, SalesFile, SalesFiles, Value

BAD = "n/a?"
CHINESE = {
    "account": "客户名称",
    "sector": "行业",
    "year_established": "成立年份",
    "revenue": "年营业额",
    "employees": "员工人数",
    "office_location": "所在城市",
    "subsidiary_of": "上级客户",
    "product": "产品名称",
    "series": "产品系列",
    "sales_price": "单价",
    "sales_agent": "销售人员",
    "manager": "主管",
    "regional_office": "所属部门",
    "opportunity_id": "商机名称",
    "deal_stage": "销售阶段",
    "engage_date": "接洽日期",
    "close_date": "预计成交日期",
    "close_value": "成交金额",
}


def as_csv(file: SalesFile, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The file as text, with days as ISO 8601."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(file.head)
    writer.writerows(file.rows)
    return out.getvalue().encode(encoding)


def as_excel(file: SalesFile) -> bytes:
    """The file as a workbook: days are Excel's days, whole numbers are floats, as Excel keeps them."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(file.name), book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate((file.head, *file.rows)):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, column, datetime.combine(value, time()), day)
                elif value != "":
                    sheet.write(line, column, value)
    return out.getvalue()


def write_files(files: SalesFiles, folder: Path) -> None:
    """The four as CSV."""
    for file in files:
        (folder / f"{file.name}.csv").write_bytes(as_csv(file))


def in_chinese(file: SalesFile) -> SalesFile:
    """The same with a Chinese head."""
    return replace(file, head=tuple(CHINESE[name] for name in file.head))


def with_spaces(file: SalesFile) -> SalesFile:
    """Spaces behind every text, an ideographic one before the head."""
    rows = tuple(tuple(_spaced(value) for value in row) for row in file.rows)
    return replace(file, head=tuple(f"　{name} " for name in file.head), rows=rows)


def with_blank_lines(file: SalesFile, *, every: int = 10) -> SalesFile:
    """A line without values behind each tenth row."""
    blank = ("",) * len(file.head)
    return replace(file, rows=tuple(_between(file.rows, blank, every)))


def with_twice_the_head(file: SalesFile, name: str) -> SalesFile:
    """A second column of that name, blank in all rows, at the end."""
    return replace(file, head=(*file.head, name), rows=tuple((*row, "") for row in file.rows))


def with_days_first(file: SalesFile) -> SalesFile:
    """Days as 31/12/2016."""
    rows = tuple(
        tuple(f"{value:%d/%m/%Y}" if isinstance(value, date) else value for value in row) for row in file.rows
    )
    return replace(file, rows=rows)


def with_bad_cells(file: SalesFile, column: str, *, every: int = 200) -> SalesFile:
    """A cell of `column` that is no value of its kind, in every 200th row."""
    at = file.head.index(column)
    rows = (
        (*row[:at], BAD, *row[at + 1 :]) if number % every == every - 1 else row
        for number, row in enumerate(file.rows)
    )
    return replace(file, rows=tuple(rows))


def _spaced(value: Value) -> Value:
    return f"{value}  " if isinstance(value, str) and value else value


def _between(rows: tuple[Row, ...], blank: Row, every: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        yield row
        if number % every == every - 1:
            yield blank
