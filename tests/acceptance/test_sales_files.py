"""The made sales files are the ones that tests of import speak of."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime

from python_calamine import CalamineWorkbook

from tests.acceptance.dirty_files import as_csv, as_excel, in_chinese, with_bad_cells, with_blank_lines
from tests.acceptance.sales_files import sales_files


def test_the_files_are_ever_the_same_and_have_the_known_shape_and_flaws() -> None:
    files, again = sales_files(), sales_files()
    assert [as_csv(file) for file in files] == [as_csv(file) for file in again]
    assert [len(file.rows) for file in files] == [35, 85, 7, 8800]
    accounts = {row[0] for row in files.accounts.rows}
    assert len(accounts) == 85
    assert {row[6] for row in files.accounts.rows} - {""} <= accounts
    assert "technolgy" in {row[1] for row in files.accounts.rows}
    deals = files.pipeline.rows
    assert len({row[0] for row in deals}) == len(deals)
    stages = Counter(row[4] for row in deals)
    assert set(stages) == {"Won", "Lost", "Engaging", "Prospecting"}
    assert {row[2] for row in deals} - {row[0] for row in files.products.rows} == {
        "GTXPro",
        "GTX Plus Pro",
    } - {row[0] for row in files.products.rows}
    assert 1200 < sum(not row[3] for row in deals) < 1600
    assert 60 < sum(row[3] not in accounts and row[3] != "" for row in deals) < 100


def test_a_smaller_cut_refers_to_nothing_outside_itself() -> None:
    files = sales_files(accounts=8, agents=5, deals=40)
    assert {row[1] for row in files.pipeline.rows} <= {row[0] for row in files.teams.rows}
    assert {row[6] for row in files.accounts.rows} - {""} <= {row[0] for row in files.accounts.rows}


def test_excel_keeps_days_as_days_and_whole_numbers_as_floats() -> None:
    file = sales_files(deals=40).pipeline
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(as_excel(file))).get_sheet_by_index(0).to_python()
    assert tuple(head) == file.head
    won = next(number for number, row in enumerate(file.rows) if row[4] == "Won")
    assert isinstance(rows[won][7], float)
    day = rows[won][6]
    assert str(day.date() if isinstance(day, datetime) else day) == str(file.rows[won][6])


def test_spoilt_files_differ_only_where_they_say() -> None:
    file = sales_files().pipeline
    bad = with_bad_cells(file, "close_date")
    assert sum(a != b for a, b in zip(bad.rows, file.rows, strict=True)) == 44
    assert len(with_blank_lines(file).rows) == 9680
    text = as_csv(in_chinese(file), encoding="gb18030", delimiter=";").decode("gb18030")
    assert next(csv.reader([text.splitlines()[0]], delimiter=";"))[3] == "客户名称"
