"""Samples of merging: side by side, looking for another record, and what gave way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.cell import BLANK, Cell
from runtime.web.component import Link
from runtime.web.merging import Column, MergedPage, MergePage, MergePick, MergeRow, Pick
from runtime.web.shell import shell
from tests.web.sample_changes import kept
from tests.web.samples import ACCOUNTS, frame, is_zh

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.reader import Reader

RECORDS = tuple(zip(("1", "2", "3"), ACCOUNTS, strict=False))


def merge_page(who: Reader) -> Component:
    columns = tuple(
        Column(
            id=id_, title=name, href=f"/o/account/{id_}", version=1, when="2026-03-04 05:06",
            keeps=id_ == "1", remove="/o/account/merge?ids=1,2",
        )
        for id_, name in RECORDS
    )  # fmt: skip
    body = MergePage(
        title=title(who), action="/o/account/merge", back="/o/account", columns=columns,
        rows=(
            _row("name", "名称" if is_zh(who) else "Name", *(Cell(kind="text", text=n) for n in ACCOUNTS)),
            _row("phones", "电话" if is_zh(who) else "Phones", *PHONES, together=who.text("merge.together")),
            _row("city", "城市" if is_zh(who) else "City", BLANK, BLANK, BLANK, differs=False),
        ),
        moving=(
            who.text("merge.moves", objects="商机" if is_zh(who) else "Deals", field="客户", number="1,204"),
        ),
        reason="", messages=(who.said("One of these records is being merged already."),),
        more="/o/account/merge?ids=1,2,3&pick=1",
    )  # fmt: skip
    return shell(frame(who), title=title(who), body=body.component(), canvas=True)


PHONES = (Cell(kind="text", text="+86 21 5555 0101"), BLANK, Cell(kind="text", text="+86 21 5555 0103"))


def _row(name: str, label: str, *cells: Cell, together: str = "", differs: bool = True) -> MergeRow:
    picks = tuple(
        Pick(value=id_, label=title, cells=(cell,), chosen=id_ == "1" and not together)
        for (id_, title), cell in zip(RECORDS, cells, strict=False)
    )
    union = Pick(value="union", label=together, cells=(), chosen=True) if together else None
    return MergeRow(name=name, label=label, picks=picks, together=union, differs=differs)


def merge_pick(who: Reader) -> Component:
    links = tuple(Link(label=name, href=f"/o/account/{id_}") for id_, name in RECORDS)
    body = MergePick(
        title=title(who), action="/o/account/merge", back="/o/account/1", chosen=links[:1], ids="1", q="x",
        found=links[1:], message=who.text("form.nothing_found"),
    )  # fmt: skip
    return shell(frame(who), title=title(who), body=body.component(), canvas=True)


def merged_page(who: Reader) -> Component:
    body = MergedPage(
        title=who.text("merge.done", name=ACCOUNTS[0]), text=who.text("merge.gave_way"), kept=kept(who),
        changes="/change-sets/1", back="/o/account/1", name=ACCOUNTS[0],
    )  # fmt: skip
    return shell(frame(who), title=body.title, body=body.component(), canvas=True)


def title(who: Reader) -> str:
    return who.text("merge.title", objects="客户" if is_zh(who) else "Accounts")
