"""A table is read from whatever spreadsheet programs write; what is none, or a trap, is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest
import xlsxwriter

from engine.problem import Problem
from engine.transfer.mapping import Form
from engine.transfer.table import MOST_COLUMNS, Table, open_table

CHINESE = '公司,電話\r\n客戶,010\r\n"臺,北",011\r\n' * 3


def read(content: bytes, **form: str | int) -> Table:
    """The table in a file."""
    return open_table(io.BytesIO(content), Form(**form))  # type: ignore[arg-type]


def refused(content: bytes, **form: str | int) -> str:
    """The code with which a file is refused, by the time its last row is read."""
    with pytest.raises(Problem) as problem:
        list(read(content, **form).rows())
    return problem.value.code.id


def workbook(*rows: tuple[object, ...], first: tuple[int, int] = (0, 0)) -> bytes:
    """An XLSX file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        sheet.write_row(first[0] + number, first[1], row)
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"])
def test_chinese_is_read_in_every_usual_encoding(encoding: str) -> None:
    content = CHINESE.encode(encoding)
    table = read(content, encoding=encoding if encoding == "utf-16-le" else "")
    assert table.heads == ("公司", "電話")
    assert next(table.rows()) == (2, ("客戶", "010"))


def test_german_of_windows_is_read() -> None:
    table = read("Name;Stadt\r\nMüller;Köln\r\nGroß;Nürnberg\r\n".encode("cp1252"))
    assert [cells for _, cells in table.rows()] == [("Müller", "Köln"), ("Groß", "Nürnberg")]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Äcme", "cp1252"),
        ("ООО Ромашка Москва", "cp1251"),
        ("株式会社トヨタ カタカナとひらがな", "shift_jis"),
        ("客户名称与电话", "gb18030"),
    ],
)
def test_a_few_words_tell_the_script(text: str, encoding: str) -> None:
    (row,) = read(f"a,b\n{text},1\n".encode(encoding)).rows()
    assert row[1][0] == text


def test_a_file_that_is_ascii_for_long_and_then_is_not_is_read_too() -> None:
    said = "这是我们最重要的客户，请销售经理尽快与他们联系，并安排下个月的会议"
    content = b"a,b\n" + b"x,y\n" * 270_000 + f"客户,{said}\n".encode("gb18030")
    *_, last = read(content).rows()
    assert last[1] == ("客户", said)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    lines = [("name", "note"), ("Acme", "a, b; c"), ("Bell", '"x|y"')]
    content = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines).encode()
    assert read(content).form.delimiter == delimiter


def test_heads_are_all_different_and_short_rows_are_filled() -> None:
    table = read(b"\n\nname,,name,#2\nAcme\n,,,\n")
    assert (table.heads, table.form.header) == (("name", "#2", "name (2)", "#2 (2)"), 3)
    assert list(table.rows()) == [(4, ("Acme", None, None, None))]


def test_a_workbook_gives_exact_numbers_days_and_texts() -> None:
    day = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001  (a cell has no zone)
    content = workbook(("phone", "price", "at", "ok"), (13800138000, 0.1, day, True), first=(2, 1))
    table = read(content)
    assert table.heads == ("phone", "price", "at", "ok")
    assert list(table.rows()) == [(4, (Decimal(13800138000), Decimal("0.1"), day, True))]


def test_a_workbook_that_unfolds_to_gigabytes_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folded:
        folded.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert refused(out.getvalue()) == "P341"


def test_what_is_no_table_is_refused() -> None:
    assert refused(b"") == "P340"
    assert refused(b"PK\x03\x04 nothing") == "P340"
    assert refused(b"\xd0\xcf\x11\xe0 an old workbook") == "P340"
    assert refused(b"a,b\n1,2\n", encoding="utf-99") == "P340"
    assert refused(b"a,b\n1,2\n", encoding="base64") == "P340"
    assert refused(b"a,b\n1,2\n", header=7) == "P340"
    assert refused(workbook(("a",)), sheet="other") == "P340"
    assert refused(b"a,b\n" + b"x" * 200_000 + b"\n") == "P340", "a cell beyond the limit of the reader"
    assert refused(b"," * MOST_COLUMNS + b"x\n1\n") == "P341"
    assert refused("a\n\u00e9\n".encode("cp1252"), encoding="utf-8") == "P340"
