"""The pages of imports, from sample values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.component import Component, Link
from runtime.web.importing import (
    CheckPage,
    ColumnRow,
    ColumnsPage,
    FieldGroup,
    FillRow,
    PartLine,
    SavedLine,
    UploadPage,
    ValueGroup,
    ValueRow,
    ValuesPage,
)
from runtime.web.input import Choice, Input
from runtime.web.shell import shell
from tests.web.sample_jobs import job_state
from tests.web.samples import frame, is_zh

if TYPE_CHECKING:
    from runtime.web.reader import Reader

FILE = "sales_pipeline.csv"
STEPS = ("file", "columns", "values", "check")


def _steps(who: Reader, at: int) -> tuple[Link, ...]:
    return tuple(
        Link(label=who.text(f"import.step_{name}"), href="/import" if n < at else "", current=n == at)
        for n, name in enumerate(STEPS)
    )


def _page(who: Reader, title: str, body: Component) -> Component:
    return shell(frame(who), title=title, body=body, canvas=True)


def import_upload(who: Reader, *, refused: bool = False) -> Component:
    title = who.text("import.title")
    saved = SavedLine(name="Pipeline", object="Opportunities", owner="林越", remove="Pipeline")
    body = UploadPage(
        title=title,
        steps=_steps(who, 0),
        action="/import",
        objects=(Choice(value="account", text="客户" if is_zh(who) else "Accounts", current=True),),
        mappings=() if refused else (Choice(value="Pipeline", text="Pipeline"),),
        saved=() if refused else (saved,),
        manage="/import/mappings",
        most="100",
        messages=(who.text("import.choose_file"),) if refused else (),
    )
    return _page(who, title, body.component())


def import_columns(who: Reader, *, refused: bool = False) -> Component:
    title = who.text("import.title_of", name=FILE)
    name = "名称" if is_zh(who) else "Name"
    option = Choice(value="opportunity/name", text=name, current=True)
    group = FieldGroup(label="商机" if is_zh(who) else "Opportunity", options=(option,))
    row = ColumnRow(
        name="column/0", head="opportunity_id", samples=("00000000", "00000001"), value="opportunity/name",
        sure="85%", tone="green", why=who.text("import.why_synonym"),
    )  # fmt: skip
    left = ColumnRow(name="column/1", head="engage_date", samples=(), value="")
    fill = FillRow(
        label=name, required=True, column="from/opportunity/sku", columns=(option,),
        constant="same/opportunity/sku", value="x",
    )  # fmt: skip
    chosen = FillRow(
        label=f"{name} 2", required=False, column="from/a/b", columns=(), constant="same/a/b", value="",
        options=(option,),
    )  # fmt: skip
    body = ColumnsPage(
        title=title, steps=_steps(who, 1), action="/import/1/columns", rows=(row, left), groups=(group,),
        fills=(fill, chosen), more=(group,),
        parts=(PartLine(name="opportunity", label=name, keys=(option,)),),
        addable=(option,), objects=(option,), modes=(option,), days=(option,), numbers=(option,),
        doubles=(option,), clear=True, automation=False, count=who.text("import.count", count=8800),
        messages=(who.said("“{raw}” is not a date."),) if refused else (),
    )  # fmt: skip
    return _page(who, title, body.component())


def import_values(who: Reader, *, known: bool = False) -> Component:
    title = who.text("import.title_of", name=FILE)
    options = (
        Choice(value="", text=who.text("import.means_open")),
        Choice(value="1", text="GTX Pro", current=True),
    )
    rows = (
        ValueRow(name="means/0/1/GTXPro", text="GTXPro", count="1,480", options=options,
                 why=who.text("import.proposed")),
        ValueRow(name="means/0/1/x", text="x", count="1", options=options,
                 search=Input(kind="lookup", name="means/0/1/x", label="x", key="search", options=options)),
    )  # fmt: skip
    group = ValueGroup(
        name="0/1", label="product", field="Product", rows=rows, blank=True, create="0/1",
        create_label=who.text("import.create_missing", objects="Products"),
        more=who.text("import.more_texts", count=3),
    )  # fmt: skip
    body = ValuesPage(
        title=title, steps=_steps(who, 2), action="/import/1/values", back="/import/1/columns",
        groups=() if known else (group,),
    )  # fmt: skip
    return _page(who, title, body.component())


def import_check(who: Reader, *, ended: bool = True) -> Component:
    title = who.text("import.title_of", name=FILE)
    body = CheckPage(
        title=title, steps=_steps(who, 3), state=job_state(who, ended=ended), back="/import/1/columns",
        run="/import/1/run" if ended else "", run_label=who.text("import.run_sound"), save="/import/1/save",
        name="sales_pipeline",
    )  # fmt: skip
    return _page(who, title, body.component())
