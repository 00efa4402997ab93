"""The pages of the recycle bin and of a record as it was, from sample values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.cell import BLANK, Cell
from runtime.web.component import Component, Link
from runtime.web.past import PastPage, PastRow
from runtime.web.recycled import BinLine, BinPage
from runtime.web.shell import shell
from tests.web.samples import ACCOUNTS, frame, is_zh

if TYPE_CHECKING:
    from runtime.web.reader import Reader


def _line(who: Reader, number: int) -> BinLine:
    zh = is_zh(who)
    return BinLine(
        id=str(number),
        object="客户" if zh else "Account",
        title=ACCOUNTS[number],
        href="/o/account/1/as-of" if number else "",
        at="2026-11-20T09:30:00+00:00",
        when="11-20 09:30",
        who="林越",
        reason=("重复录入" if zh else "Entered twice") if number else "",
        along=("3 联系人, 1 商机" if zh else "3 Contacts, 1 Opportunities") if number else "",
        restore="/o/account/restore",
        purge="/o/account/purge" if number else "",
    )


def bin_page(who: Reader) -> Component:
    body = BinPage(
        lines=tuple(_line(who, number) for number in range(3)),
        kept=who.text("bin.kept", count=90),
        older="/bin?before=1",
        back="/bin",
        shown=Link(label=who.text("bin.all"), href="/bin"),
    )
    return shell(frame(who), title=who.text("bin.title"), body=body.component(), canvas=True)


def empty_bin(who: Reader) -> Component:
    body = BinPage(lines=(), kept=who.text("bin.kept_for_ever"), older="", back="/bin")
    return shell(frame(who), title=who.text("bin.title"), body=body.component(), canvas=True)


def _rows(who: Reader) -> tuple[PastRow, ...]:
    zh = is_zh(who)
    text = Cell(kind="text", text=ACCOUNTS[1])
    money = (
        Cell(kind="number", text="¥280,000.00", end=True),
        Cell(kind="number", text="¥417,000.00", end=True),
    )
    label = ("名称", "金额", "原因", "电话", "规模") if zh else ("Name", "Amount", "Reason", "Phone", "Size")
    return (
        PastRow(name="name", label=label[0], then=text, now=text, differs=False),
        PastRow(name="amount", label=label[1], then=money[0], now=money[1], differs=True, choice=True),
        PastRow(name="reason", label=label[2], then=BLANK, now=text, differs=True, choice=True),
        PastRow(
            name="phone", label=label[3], then=BLANK, now=BLANK, differs=True, note=who.text("past.erased")
        ),
        PastRow(
            name="size", label=label[4], then=Cell(kind="text", text="12"), now=BLANK, differs=True,
            note=who.text("past.retyped"),
        ),
    )  # fmt: skip


def past_page(who: Reader) -> Component:
    body = PastPage(
        title=who.text("past.title", name=ACCOUNTS[1]),
        at="2026-11-20T09:30:00",
        exact="2026-11-20T09:30:00+00:00",
        when=who.text("past.as_it_was", at="2026-11-20 09:30"),
        address="/o/account/1/as-of",
        record="/o/account/1",
        since=who.text("past.since", at="2026-11-18 17:05"),
        state=who.text("past.deleted"),
        rows=_rows(who),
        differing=4,
        action="/o/account/1/as-of",
        version=3,
        messages=(who.text("past.choose"),),
    )
    return shell(frame(who), title=body.title, body=body.component(), canvas=True)
