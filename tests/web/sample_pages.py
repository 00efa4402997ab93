"""Every page from sample values, by name: the tests render them, `gallery` makes files to look at.

A page that exists and is missing here is found by a test which walks the templates.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from runtime.web.bulk import BulkEdit, BulkPage, BulkResult, Failure
from runtime.web.cell import Cell
from runtime.web.celledit import CellEdit
from runtime.web.component import Component, Link
from runtime.web.duplicates import Twin, Twins
from runtime.web.filter import FilterForm, FilterPage
from runtime.web.form import Complaint, Conflict, Difference, Form, FormPage, FormSection, KindPage
from runtime.web.found import Found, Hit, HitGroup, Recent, SearchPage, pieces
from runtime.web.gate import Gate
from runtime.web.grouped import HeadFigures
from runtime.web.input import Choice, Input
from runtime.web.lists import Total
from runtime.web.notifications import Notice, NoticePage
from runtime.web.record import ValueEdit
from runtime.web.refusal import refusal
from runtime.web.rows import FormRow, FormTable
from runtime.web.shell import bare, shell
from runtime.web.table import Column
from runtime.web.view_sharing import ShareForm
from tests.web.sample_access import held_page, why_page
from tests.web.sample_changes import (
    acting_page,
    change_page,
    changes_page,
    hand_over_page,
    handed_over_page,
    no_changes,
)
from tests.web.sample_files import file_inputs
from tests.web.sample_imports import import_check, import_columns, import_upload, import_values
from tests.web.sample_jobs import job_page, jobs_page, no_jobs
from tests.web.sample_merging import merge_page, merge_pick, merged_page
from tests.web.sample_past import bin_page, empty_bin, past_page
from tests.web.sample_sharing import sharing_page
from tests.web.samples import (
    ACCOUNTS,
    DEAL,
    DEAL_ZH,
    NAMES,
    NOW,
    STAGES,
    columns,
    frame,
    is_zh,
    list_page,
    more_rows,
    record_page,
    stage,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runtime.web.reader import Reader


def inputs(who: Reader, *, refused: bool) -> tuple[Input, ...]:
    names = {column.name: column.label for column in columns(who)}
    stages = tuple(Choice(value=code, text=zh if is_zh(who) else en) for code, en, _, zh in STAGES)
    missing = ("From the proposal on, a deal needs an amount.",) if refused else ()
    return (
        Input(
            kind="line",
            name="name",
            label=names["name"],
            value=NAMES[0],
            required=True,
            autofocus=not refused,
            limit=160,
        ),
        Input(
            kind="lookup",
            name="account",
            label=names["account"],
            value="1",
            required=True,
            options=(Choice(value="1", text=ACCOUNTS[0]),),
            source="/lookup/opportunity/account",
        ),
        Input(
            kind="choice", name="stage", label=names["stage"], value="proposal", required=True, options=stages
        ),
        Input(kind="decimal", name="amount", label=names["amount"], prefix="¥", errors=missing),
        Input(kind="date", name="close_date", label=names["close_date"], value="2026-12-18", required=True),
        Input(
            kind="datetime",
            name="call",
            label=names["next_step"],
            value="2026-12-18T09:30",
            hint="Beijing time",
        ),
        Input(kind="check", name="key", label="VIP", value="true"),
        Input(kind="area", name="description", label=names["next_step"], value="…", wide=True),
    )


def form_page(who: Reader, *, refused: bool = False) -> Component:
    amount = columns(who)[3].label
    problems = (
        Complaint(at="field-amount", label=amount, message="From the proposal on, a deal needs an amount."),
    )
    form = Form(
        action="/o/opportunity/new",
        version=None,
        back="",
        draft="opportunity/new",
        was="{}",
        cancel="/o/opportunity",
        sections=(
            FormSection(
                id="deal",
                label="基本信息" if is_zh(who) else "Deal",
                columns=2,
                inputs=inputs(who, refused=refused),
            ),
        ),
        problems=problems if refused else (),
        summary=who.text("form.refused", count=1) if refused else "",
    )
    return _form_around(who, form.component())


def widgets(who: Reader) -> tuple[Input, ...]:
    """One input of every kind that the deal has not."""
    options = tuple(Choice(value=v, text=v.title(), current=v != "c") for v in "abc")
    held = (Choice(value="1", text=ACCOUNTS[0], current=True), Choice(value="2", text="Lumen", current=True))
    parts = tuple(
        Input(
            kind="line",
            name=f"home.{n}",
            key=f"home-{n}",
            label=who.text(f"part.{n}"),
            value="杭州",
            wide=n == "street",
        )
        for n in ("province", "city", "street", "postal_code")
    )
    return (
        Input(kind="choices", name="fields", label="Fields", options=options, required=True),
        Input(kind="tags", name="tags", label="Tags", value="vip, new"),
        Input(kind="lookups", name="team", label="Team", options=held, source="/lookup/x/team"),
        Input(
            kind="any",
            name="about",
            label="About",
            options=held[:1],
            source="/lookup/x/about",
            targets=(Choice(value="account", text="Account", current=True),),
        ),
        Input(kind="rating", name="stars", label="Rating", value="3", limit=5),
        Input(kind="color", name="color", label="Color", value="#3b5bdb"),
        Input(kind="time", name="at", label="At", value="09:30"),
        Input(kind="line", name="spent", label="Spent", value="1:30", placeholder="1:30", fixed=True),
        Input(kind="lines", name="mails", label="E-mails", type="email", value="a@b.example\nc@d.example"),
        Input(kind="fixed", name="number", label="Number", value="OPP-2026-0418"),
        Input(kind="parts", name="home", label="Address", parts=parts, wide=True, errors=("No country.",)),
        Input(
            kind="rich",
            name="notes",
            label="Notes",
            wide=True,
            value="<p>客户希望 <strong>12 月</strong></p>",
        ),
        *file_inputs(),
        Input(kind="code", name="extra", label="Extra", wide=True, value='{"plan": "gold"}'),
    )


def form_rows(who: Reader) -> Component:
    """Two rows and a blank one."""
    made = tuple(Column(name=n, label=n, width=0, end=n == "Total") for n in ("Product", "Quantity", "Total"))

    def row(key: str, product: str, *said: str) -> FormRow:
        line = Input(
            kind="line", name=f"rows.lines.{key}.product", key=f"lines-{key}-product", label="Product"
        )
        number = Input(kind="decimal", name=f"rows.lines.{key}.q", key=f"lines-{key}-q", label="Quantity")
        return FormRow(
            start=f"rows.lines.{key}.",
            id="1" if product else "",
            version=1 if product else None,
            was="{}",
            delete=False,
            inputs=(replace(line, value=product), replace(number, errors=said), None),
            cells=(None, None, Cell(kind="number", text="¥432,000", end=True) if product else None),
        )

    return FormTable(
        id="lines",
        label="产品明细" if is_zh(who) else "Lines",
        columns=made,
        rows=(
            row("0", "MES 核心平台 · 年订阅"),
            row("1", "产线采集网关 G3", "Not a number."),
            row("new", ""),
        ),
        blank=row("KEY", ""),
        totals=(Total(at=2, label="Total", cell=Cell(kind="number", text="¥864,000", end=True)),),
        deletable=True,
    ).component()


def widgets_page(who: Reader) -> Component:
    sections = (FormSection(id="all", label="Widgets", columns=2, inputs=widgets(who)),)
    form = Form(
        action="/o/x/new",
        version=None,
        back="",
        draft="x/new",
        was="{}",
        cancel="/o/x",
        sections=sections,
        tables=(form_rows(who),),
        carried=(("record_type", "call"),),
        preview="/o/x/new/preview",
        twins=twins(who),
    )
    return _form_around(who, form.component(), kind="Call")


def twins(who: Reader) -> Component:
    """What may be the same as the record in the form: one to open, and one that is only said to exist."""
    text = who.text
    zh = is_zh(who)
    one = Twin(
        href="/o/x/1",
        title="北京恒锐精密机械有限公司" if zh else "Hengrui Precision Machinery Ltd.",
        kind="客户" if zh else "Account",
        alike=text("duplicates.alike", percent=92),
        rule="公司名称相似" if zh else "Similar company name",
    )
    return Twins(
        heading=text("duplicates.heading"),
        records=(one, one),
        others=text("duplicates.others"),
        accept=text("duplicates.accept"),
        open=text("duplicates.open"),
    ).component()


def kind_page(who: Reader) -> Component:
    """The question which type a new record is of."""
    kinds = (
        Link(label="Call", href="?record_type=call", icon="phone"),
        Link(label="Visit", href="?", icon="car"),
    )
    heading = who.text("record.new", object="Activity")
    page = KindPage(object=DEAL, heading=heading, kinds=kinds, cancel="/o/x")
    return shell(frame(who), title=heading, body=page.component(), canvas=True)


def conflict_page(who: Reader) -> Component:
    labels = columns(who)
    row = Difference(
        name="stage",
        label=labels[2].label,
        theirs=stage(who, 2),
        theirs_raw="proposal",
        mine=stage(who, 3),
        mine_raw="negotiation",
        mine_chosen=True,
    )
    page = Conflict(
        action="/o/opportunity/1/edit",
        version=7,
        was="{}",
        rows=(row,),
        cancel="/o/opportunity/1",
    )
    return _form_around(who, page.component())


def _form_around(who: Reader, form: Component, kind: str = "") -> Component:
    heading = who.text("record.new", object=(DEAL_ZH if is_zh(who) else DEAL).label)
    page = FormPage(
        object=DEAL_ZH if is_zh(who) else DEAL,
        heading=heading,
        form=form,
        kind=kind,
        kinds="?" if kind else "",
    )
    return shell(frame(who), title=heading, body=page.component(), canvas=True)


def value_edit(who: Reader) -> Component:
    edit = ValueEdit(
        input=inputs(who, refused=True)[3],
        action="/o/x/1/field/amount",
        cancel="/o/x/1",
        fragment="/o/x/1/field/amount?show=1",
        version=3,
        messages=("Locked.",),
    )
    return edit.component()


def sign_in(who: Reader) -> Component:
    return Gate(
        title=who.text("gate.title"),
        company="远景软件",
        action="/sign-in",
        back="/",
        here="/sign-in",
        message=who.text("gate.refused"),
        login="rep@demo.example",
    ).component()


def refused(who: Reader, status: int) -> Component:
    page = refusal(
        who,
        status=status,
        message="A permission set would have to grant this.",
        hint="Ask.",
        details=("amount: no",),
        links=(Link(label=who.text("problem.home"), href="/"),),
        request_id="7f3a",
    )
    return shell(frame(who), title=page.title, body=page.component())


def bare_refused(who: Reader) -> Component:
    page = refusal(who, status=429, message="", hint="", details=(), links=(), request_id="7f3a")
    return bare(page.title, page.component())


def search_page(who: Reader) -> Component:
    found = Found(
        words="横锐",
        meant="恒锐",
        groups=(
            HitGroup(
                label="Accounts",
                hits=(
                    Hit(
                        title=pieces(ACCOUNTS[0], "恒锐"),
                        href="/o/account/1",
                        icon="building",
                        note="Shanghai",
                    ),
                    Hit(
                        title=pieces("Nordwind"),
                        href="/o/account/2",
                        icon="building",
                        field="Phone",
                        snippet=pieces("call 恒锐 first", "恒锐"),
                    ),
                ),
            ),
            HitGroup(
                label=who.text("search.go"),
                hits=(Hit(title=pieces("Accounts"), href="/o/account", icon="building"),),
            ),
            HitGroup(
                label=who.text("search.settings"),
                hits=(
                    Hit(title=pieces("Dark"), href="/preferences", icon="moon", setting=("theme", "dark")),
                ),
            ),
        ),
    )
    page = SearchPage(words="恒锐", found=found.component())
    return shell(
        frame(who),
        title=who.text("search.title", words="恒锐"),
        body=page.component(),
        canvas=True,
        searched="恒锐",
    )


def filter_page(who: Reader) -> Component:
    label = columns(who)[4].label
    form = FilterForm(
        title=label, action="/o/opportunity", keep=(("view", "all"),), field="close_date",
        was="close_date:equal:today",
        operators=(Choice(value="equal", text=who.text("operator.equal"), current=True),),
        options=(Choice(value="me", text=who.text("list.me")),),
        periods=(Choice(value="today", text=who.text("period.today"), current=True),),
        inputs=(Input(kind="date", name="value", label=label, key="filter-0"),),
        error=who.text("list.filter_value"), remove="?", back="?",
    )  # fmt: skip
    return shell(frame(who), title=label, body=FilterPage(form=form.component()).component(), canvas=True)


def bulk_page(who: Reader) -> Component:
    amount = inputs(who, refused=True)[3]
    form = BulkEdit(
        title=who.text("list.bulk_title", count=2), show="/o/x/bulk", action="/o/x/bulk/save", back="/o/x",
        query="", all=True, ids=("1", "2"),
        fields=(Choice(value="amount", text=amount.label, current=True),), input=amount,
        messages=("Locked.",),
    )  # fmt: skip
    title = who.text("list.bulk_edit")
    return shell(frame(who), title=title, body=BulkPage(body=form.component()).component(), canvas=True)


def bulk_result(who: Reader) -> Component:
    failures = (Failure(title=NAMES[0], href="/o/x/1", messages=("A lost deal is worth nothing.",)),)
    return BulkResult(
        title=who.text("list.partly"), text=who.text("list.changed", count=7), failures=failures,
        more=who.text("list.more_refused", count=3), back="/o/x",
    ).component()  # fmt: skip


def cell_edit(who: Reader) -> Component:
    return CellEdit(input=inputs(who, refused=True)[3], action="/o/x/1/cell/amount", version=3).component()


def nothing_found(who: Reader) -> Component:
    return Found(words="x", groups=()).component()


def notices(who: Reader, *, whole: bool = True) -> Component:
    texts = ("New lead: Ada · Journey Ltd", "恒锐精密 · MES 续约 was won")
    return NoticePage(
        notices=tuple(
            Notice(
                text=text,
                action=f"/notifications/{number}",
                icon="bolt",
                when=who.formats.ago(NOW - timedelta(hours=3), NOW),
                exact="2026-11-20 09:30",
                unread=number == 0,
            )
            for number, text in enumerate(texts)
        ),
        next="/notifications?after=x" if whole else "",
        back="/notifications",
        whole=whole,
    ).component()


def no_notices(who: Reader) -> Component:
    page = NoticePage(notices=(), next="", back="/notifications", whole=True)
    return shell(frame(who), title=who.text("notice.title"), body=page.component(), canvas=True)


def notices_page(who: Reader) -> Component:
    return shell(frame(who), title=who.text("notice.title"), body=notices(who), canvas=True)


def recent(who: Reader) -> Component:
    return Recent(links=(Link(label=ACCOUNTS[0], href="/o/account/1", icon="building"),)).component()


def share_view(who: Reader) -> Component:
    """The form in which a view is shared."""
    groups = tuple(Choice(value=name, text=name, current=name == "华东销售") for name in ("华东销售", "服务"))
    body = ShareForm(
        title=who.text("list.share_title", view="Winners"), id="1", action="/o/opportunity/views/share",
        back="/o/opportunity", everyone=False, groups=groups,
        inputs=(Input(kind="line", name="user", key="share-user", label="Users"),),
    ).component()  # fmt: skip
    return shell(frame(who), title="Winners", body=body, canvas=True)


PAGES: Mapping[str, Callable[[Reader], Component]] = {
    "list": list_page,
    "list-empty": lambda who: list_page(who, count=0),
    "share-view": share_view,
    "list-groups": lambda who: list_page(who, grouped=True),
    "filter": filter_page,
    "bulk": bulk_page,
    "record": record_page,
    "record-history": lambda who: record_page(who, past=True),
    "form": form_page,
    "form-refused": lambda who: form_page(who, refused=True),
    "form-widgets": widgets_page,
    "form-kinds": kind_page,
    "conflict": conflict_page,
    "sign-in": sign_in,
    "forbidden": lambda who: refused(who, 403),
    "not-found": lambda who: refused(who, 404),
    "failed": lambda who: refused(who, 500),
    "too-many": bare_refused,
    "search": search_page,
    "notifications": notices_page,
    "notifications-none": no_notices,
    "bin": bin_page,
    "bin-none": empty_bin,
    "past": past_page,
    "changes": changes_page,
    "import": import_upload,
    "import-refused": lambda who: import_upload(who, refused=True),
    "import-columns": import_columns,
    "import-columns-refused": lambda who: import_columns(who, refused=True),
    "import-values": import_values,
    "import-values-known": lambda who: import_values(who, known=True),
    "import-check": import_check,
    "import-check-running": lambda who: import_check(who, ended=False),
    "changes-none": no_changes,
    "change-set": change_page,
    "change-set-undone": lambda who: change_page(who, done=True),
    "hand-over": hand_over_page,
    "handed-over": handed_over_page,
    "merge": merge_page,
    "merge-pick": merge_pick,
    "merged": merged_page,
    "acting": acting_page,
    "jobs": jobs_page,
    "jobs-none": no_jobs,
    "job": job_page,
    "job-running": lambda who: job_page(who, ended=False),
    "access": why_page,
    "access-none": lambda who: why_page(who, asked=False),
    "held": held_page,
    "sharing": sharing_page,
    "sharing-none": lambda who: sharing_page(who, shared=False),
}
FRAGMENTS: Mapping[str, Callable[[Reader], Component]] = {
    "head-figures": lambda who: HeadFigures(
        figures=(who.text("list.records", count=3, number="3"),)
    ).component(),
    "value-edit": value_edit,
    "bulk-result": bulk_result,
    "cell-edit": cell_edit,
    "rows": lambda who: more_rows(who, 2),
    "nothing-found": nothing_found,
    "notifications-menu": lambda who: notices(who, whole=False),
    "recent": recent,
}
