"""Sample values: a reader, the frame around pages, a list and a record. `sample_pages` holds the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from runtime.web.cell import BLANK, Cell
from runtime.web.component import Component, Link, ObjectLabel
from runtime.web.filter import Chip, LogicForm
from runtime.web.formats import Formats
from runtime.web.grouped import GroupHead, Grouping, Legend, Shade
from runtime.web.input import Choice
from runtime.web.lists import ChildRows, RelatedList, Total
from runtime.web.reader import Reader
from runtime.web.record import Highlight, RecordPage, SectionView, Value
from runtime.web.shell import Frame, Person, Toast, shell
from runtime.web.stage import Stage, StageStep
from runtime.web.table import Bulk, Column, Empty, Figures, Keep, ListPage, Row, Rows, SaveView, Sorting
from runtime.web.timeline import ChangeLine, Entry, History, Timeline
from tests.web.sample_files import attachments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.web.texts import Texts

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
DEAL = ObjectLabel(label="Opportunity", plural="Opportunities", icon="target")
DEAL_ZH = ObjectLabel(label="商机", plural="商机", icon="target")
STAGES = (
    ("prospecting", "Prospecting", "blue", "初步接洽"),
    ("needs", "Needs", "cyan", "需求分析"),
    ("proposal", "Proposal", "violet", "方案报价"),
    ("negotiation", "Negotiation", "amber", "商务谈判"),
    ("won", "Won", "green", "赢单"),
)
NAMES = (
    "恒锐精密 · MES 续约",
    "上海云帆 · 移动巡检",
    "Lumen · CRM 一期",
    "Acme · 年度框架",
    "Brightwater · Line 3 expansion",
    "杭州青禾 · 云迁移",
    "Kestrel · 数据中台",
)
ACCOUNTS = (
    "恒锐精密制造",
    "上海云帆物流",
    "Lumen Retail Group",
    "Acme Robotics",
    "Brightwater Foods",
    "杭州青禾食品",
    "Kestrel Aerospace",
)
OWNERS = ("林越", "赵一鸣", "Max Weber", "陈思齐", "Ana Costa")


def reader(texts: Texts, *, theme: str = "", density: str = "cozy") -> Reader:
    """A reader in Shanghai."""
    formats = Formats(locale=texts.locale, zone=ZoneInfo("Asia/Shanghai"))
    return Reader(texts=texts, formats=formats, csrf="token", now=NOW, theme=theme, density=density)


def is_zh(who: Reader) -> bool:
    return who.language.startswith("zh")


def frame(who: Reader, *, acting: bool = False) -> Frame:
    zh = is_zh(who)
    objects = (
        ("opportunity", "target", "Opportunities", "商机"),
        ("account", "building", "Accounts", "客户"),
        ("task", "checkbox", "Tasks", "任务"),
        ("contact", "users", "Contacts", "联系人"),
        ("lead", "bolt", "Leads", "线索"),
    )
    items = tuple(
        Link(label=cn if zh else en, href=f"/o/{name}", icon=icon, current=name == "opportunity")
        for name, icon, en, cn in objects
    )
    apps = (("Sales", "销售", "target"), ("Administration", "管理", "settings"))
    return Frame(
        app="销售" if zh else "Sales",
        apps=tuple(
            Link(label=cn if zh else en, href=f"/app/{en.lower()}", icon=icon, current=en == "Sales")
            for en, cn, icon in apps
        ),
        navigation=items,
        create=tuple(
            Link(
                label=who.text("record.new", object=i.label),
                href=f"{i.href}/new",
                icon=i.icon,
                current=i.current,
            )
            for i in items
        ),
        person=Person(name="林越", note="rep@demo.example"),
        here="/o/opportunity",
        unread=3,
        acting=acting,
        changes="/change-sets",
        jobs="/jobs",
        imports="/import",
    )


def stage(who: Reader, at: int) -> Cell:
    _, en, tone, zh = STAGES[at % 5]
    return Cell(kind="badge", text=zh if is_zh(who) else en, tone=tone)


def rows(who: Reader, count: int = 30) -> tuple[Row, ...]:
    def row(n: int) -> Row:
        title = NAMES[n * 3 % 7]
        cells = (
            Cell(kind="text", text=title),
            Cell(kind="text", text=ACCOUNTS[n * 3 % 7], href="/o/account/1"),
            stage(who, n * 2 + 3),
            Cell(kind="number", text=f"¥{(n * 137 + 280) * 1000:,}", end=True),
            Cell(kind="number", text=f"2026-{n % 2 + 11}-{n % 27 + 1:02}"),
            Cell(kind="person", text=OWNERS[n % 5], href="/o/user/1"),
            Cell(kind="text", text="发送修订报价" if n % 4 else "Send MSA redlines") if n % 5 else BLANK,
        )
        return Row(id=str(n), title=title, href=f"/o/opportunity/{n}", cells=cells)

    return tuple(row(n) for n in range(count))


def columns(who: Reader) -> tuple[Column, ...]:
    zh = is_zh(who)
    shape = (
        ("name", "商机名称", "Name", 230, "", False),
        ("account", "客户", "Account", 190, "m2", False),
        ("stage", "阶段", "Stage", 120, "m3", False),
        ("amount", "金额", "Amount", 130, "m1", True),
        ("close_date", "预计成交", "Close date", 120, "", False),
        ("owner", "负责人", "Owner", 140, "", False),
        ("next_step", "下一步", "Next step", 200, "", False),
    )
    return tuple(
        Column(
            name=name,
            label=cn if zh else en,
            width=width,
            end=end,
            card=card,
            href=f"?sort={name}",
            sorted="ascending" if name == "close_date" else "",
        )
        for name, cn, en, width, card, end in shape
    )


def chips(who: Reader) -> Iterator[Chip]:
    stage, amount = columns(who)[2].label, columns(who)[3].label
    last = STAGES[4][3 if is_zh(who) else 1]
    there = {"edit": "/o/opportunity/filter", "remove": "?"}
    yield Chip(field=stage, operator=who.text("operator.not_equal"), value=last, number="1", **there)
    yield Chip(field=amount, operator="≥", value="much", error="“much” is not a number.", number="2", **there)


def logic_form(who: Reader) -> LogicForm:
    """A logic in which something is wrong."""
    said = who.text("list.logic_unknown", about="3")
    return LogicForm(action="/o/opportunity", keep=(), text="1 OR 3", errors=(said,), clear="?")


RED, AMBER = Shade(tone="red", label="Overdue"), Shade(tone="amber", label="Large amount")


def grouped_rows(who: Reader, count: int) -> Iterator[Row | GroupHead]:
    """Rows in groups: one open and coloured, one folded, one whose figures are still to come."""
    figures = (who.text("list.records", count=3, number="3"),)
    for place, row in enumerate(rows(who, count)):
        if place % 10 == 0:
            label = Cell(kind="badge", text=STAGES[place // 10 % 5][1], tone="blue")
            yield GroupHead(label=label, figures=figures, fold="?fold=x", goes_on=place == 0)
            yield GroupHead(label=label, load="/o/opportunity/group?at=x", fold="?fold=y", folded=True)
        shades = (None, None, None, AMBER, *(None for _ in row.cells[4:])) if place % 4 == 0 else ()
        yield replace(row, shade=RED if place % 3 == 0 else None, shades=shades)


def more_rows(who: Reader, count: int, *, grouped: bool = False) -> Component:
    """Rows of the list, with more to come."""
    made = tuple(grouped_rows(who, count)) if grouped else rows(who, count)
    return Rows(
        columns=columns(who), rows=made, pickable=True, next="?after=x", load="/rows?after=x"
    ).component()


def list_page(who: Reader, *, count: int = 30, grouped: bool = False) -> Component:
    zh = is_zh(who)
    made = columns(who)
    names = ("全部商机", "我的进行中", "本季预计成交") if zh else ("All", "My open deals", "Closing soon")
    page = ListPage(
        object=DEAL_ZH if zh else DEAL,
        views=tuple(Link(label=label, href="?view=all", current=n == 0) for n, label in enumerate(names)),
        saving=SaveView(
            action="/o/opportunity/views", query="?view=all", id="1", name=names[1], default=True,
            changed=True,
        ),
        action="/o/opportunity", here="/o/opportunity", find="",
        keep=Keep(find=(("view", "all"),), columns=()),
        chips=tuple(chips(who)), logic=logic_form(who), clear="?view=all",
        filterable=tuple(Link(label=c.label, href="/o/opportunity/filter") for c in made),
        sorting=(Sorting(label=made[4].label, href="?", descending=False, current=True),),
        sorted=made[4].label,
        choosable=tuple(Choice(value=c.name, text=c.label, current=True) for c in made),
        columns=made,
        rows=more_rows(who, count, grouped=grouped) if count else None,
        cells="/o/opportunity", query="?view=all",
        empty=Empty(
            symbol="target", title=who.text("list.none_title"), text=who.text("list.none_text"), href="?",
            label=who.text("list.show_all"),
        ).component(),
        figures=Figures(
            figures=(
                who.text("list.records", count=600, number="600"),
                who.text("list.sum", field=made[3].label, amount="¥84,210,000"),
                who.text("list.average", field=made[3].label, amount="¥140,350"),
            ),
            load="/o/opportunity/figures",
        ).component(),
        previous="?before=x",
        bulk=Bulk(
            edit="/o/opportunity/bulk", delete="/o/opportunity/delete", merge="/o/opportunity/merge",
            query="", several=True, count="600",
            all=True,
        ),
        grouping=Grouping(
            by=made[2].label if grouped else "",
            ways=tuple(Link(label=c.label, href=f"?group={c.name}", current=c is made[2]) for c in made),
            turn="?group=-stage", fold="?fold=x", open="?",
        ),
        legend=(
            Legend(shade=RED, remove="?"),
            Legend(shade=AMBER, error=who.text("list.filter_value")),
        ) if grouped else (),
        paintable=tuple(Link(label=c.label, href="/o/opportunity/filter?painting=1") for c in made),
        notices=(who.text("list.not_seen", count=2),) if grouped else (),
        export="/o/opportunity/export",
    )  # fmt: skip
    crumb = (Link(label=DEAL_ZH.plural if zh else DEAL.plural, href=""),)
    return shell(frame(who), title=crumb[0].label, crumbs=crumb, body=page.component(), scripts=("list.js",))


def record_page(who: Reader, *, past: bool = False) -> Component:
    zh = is_zh(who)
    label = columns(who)
    title = "恒锐精密 — MES 续约及三号产线扩容"
    money = Cell(kind="number", text="¥1,280,000")
    account = Cell(kind="text", text="恒锐精密制造", href="/o/account/1")
    day = Cell(kind="number", text="2026-12-18")
    owner = Cell(kind="person", text="林越")
    note = Cell(kind="long", text="客户希望 12 月中旬前完成签约，预算已批。\n网关单价按 24 台阶梯价。")

    def value(at: int, cell: Cell, *, wide: bool = False) -> Component:
        name = label[at].name
        return Value(
            name=name,
            label=label[at].label,
            value=cell,
            wide=wide,
            edit=f"/o/opportunity/1/edit#at-{name}",
            fragment=f"/o/opportunity/1/field/{name}",
        ).component()

    steps = tuple(
        StageStep(code=code, label=cn if zh else en, state="done" if n < 3 else "now" if n == 3 else "todo")
        for n, (code, en, _, cn) in enumerate(STAGES)
    )
    lines = ChildRows(
        key="opportunity.lines",
        name="lines",
        label="产品明细" if zh else "Lines",
        columns=tuple(
            Column(name=n, label=n, width=0, end=n != "Product") for n in ("Product", "Quantity", "Total")
        ),
        rows=tuple(
            Row(
                id=str(n),
                title=name,
                href="/o/opportunity_line/1",
                cells=(
                    Cell(kind="text", text=name),
                    Cell(kind="number", text="24", end=True),
                    Cell(kind="number", text="¥432,000", end=True),
                ),
            )
            for n, name in enumerate(("MES 核心平台 · 年订阅", "产线采集网关 G3", "三号产线实施服务"))
        ),
        totals=(Total(at=2, label="Total", cell=Cell(kind="number", text="¥1,279,600", end=True)),),
        count="3",
        edit="/o/opportunity/1/edit#at-lines",
    )
    contacts = RelatedList(
        label="联系人" if zh else "Contacts", symbol="users", columns=lines.columns, rows=(),
        create="/o/contact/new",
    )  # fmt: skip
    tasks = RelatedList(
        label="待办" if zh else "Tasks", symbol="checkbox", columns=lines.columns, rows=lines.rows[:2],
        count="7", more="/o/task", create="/o/task/new", narrow=True,
    )  # fmt: skip
    sections = (
        SectionView(
            key="opportunity.deal",
            label="基本信息" if zh else "Deal",
            columns=2,
            fields=(
                value(0, Cell(kind="text", text=title)),
                value(1, account),
                value(2, stage(who, 3)),
                value(3, money),
                value(4, day),
                value(5, owner),
                value(6, BLANK),
                value(6, Cell(kind="flag", text="Yes", tone="yes")),
            ),
        ),
        SectionView(
            key="opportunity.more",
            label="更多" if zh else "More",
            columns=1,
            fields=(value(6, note, wide=True),),
        ),
    )
    page = RecordPage(
        object=DEAL_ZH if zh else DEAL,
        id="1",
        version=3,
        title=title,
        number="OPP-2026-0418",
        kind="续约" if zh else "Renewal",
        actions=(),
        edit="/o/opportunity/1/edit",
        clone="/o/opportunity/1/clone",
        delete="/o/opportunity/delete",
        highlights=tuple(
            Highlight(label=label[n].label, cell=cell)
            for n, cell in ((3, money), (1, account), (4, day), (2, stage(who, 3)), (5, owner))
        ),
        stage=Stage(
            action="/o/opportunity/1/stage",
            version=3,
            field="stage",
            label=label[2].label,
            steps=steps,
            following="won",
            movable=True,
            endings=(StageStep(code="lost", label="输单" if zh else "Lost", state="lost"),),
        ).component(),
        tabs=(
            Link(label=who.text("record.details"), href="?", current=True),
            Link(label=lines.label, href="?tab=lines", count="3"),
        ),
        parts=(History(entries=_timeline(who).entries).component(),)
        if past
        else (*(section.component() for section in sections), lines.component(), contacts.component()),
        rail=(tasks.component(), _timeline(who).component(), attachments(who)),
    )
    crumbs = (
        Link(label=DEAL_ZH.plural if zh else DEAL.plural, href="/o/opportunity"),
        Link(label=NAMES[0], href=""),
    )
    return shell(
        frame(who),
        title=title,
        crumbs=crumbs,
        body=page.component(),
        toast=Toast(text=who.text("record.saved"), undo="/o/x/restore", ids=("1",), draft="x"),
    )


def _timeline(who: Reader) -> Timeline:
    moved_on = ChangeLine(field="阶段" if is_zh(who) else "Stage", old=stage(who, 2), new=stage(who, 3))
    made = who.text("timeline.created", actor="林越")
    moved = who.text("timeline.updated", actor="周文博", fields=moved_on.field)
    return Timeline(
        more="?tab=history",
        entries=(
            Entry(
                icon="edit",
                tone="amber",
                actor="周文博",
                text=moved,
                at="2026-11-20",
                when=who.formats.moment(NOW, NOW),
                changes=(moved_on,),
            ),
            Entry(
                icon="circle-plus",
                tone="green",
                actor="林越",
                text=made,
                at="2026-10-20",
                when=who.formats.moment(NOW.replace(month=10), NOW),
            ),
        ),
    )
