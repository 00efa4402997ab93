"""Every field type is shown and edited, and what an input starts with is read back as the same value."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from engine.fields import field_kinds
from metadata.catalog import Field, FieldPath, Option
from metadata.label import Label
from runtime.web.display import cell
from runtime.web.editing import Edited, edit
from runtime.web.posted import raw
from runtime.web.texts import read_texts
from tests.web.samples import reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.catalog import ObjectType

WHO = reader(read_texts()["en"])
OPTIONS: dict[str, dict[str, object]] = {
    "picklist": {"options": {"won": {}}}, "lookup": {"to": "user"}, "formula": {"returns": "percent"},
    "multi_picklist": {"options": {"won": {}}}, "many_to_many": {"to": "user"},
    "master_detail": {"to": "user"}, "any_lookup": {"to": ["user"]},
    "auto_number": {"pattern": "N-{000}"}, "rollup": {"from": "deal.user", "function": "count"},
}  # fmt: skip
ID = "018f0000-0000-7000-8000-000000000001"
VALUES: dict[str, object] = {
    "text": "Acme", "long_text": "one\ntwo", "email": "a@b.example", "phone": "+86 10 1234", "url": "https://a.example/",
    "integer": Decimal(5), "number": Decimal("2.5"), "currency": Decimal("1280000.50"),
    "percent": Decimal("0.125"),
    "boolean": True, "date": date(2026, 12, 18), "datetime": datetime(2026, 12, 18, 1, 30, tzinfo=UTC),
    "picklist": "won", "lookup": ID, "master_detail": ID, "formula": Decimal("0.5"), "id": ID,
    "time": time(9, 30), "duration": Decimal(5415), "color": "#3b5bdb", "rating": Decimal(3),
    "rich_text": "<p>Say <strong>yes</strong></p>", "json": '{"a":1}', "tags": ("vip", "new"),
    "address": {"country": "CN", "city": "杭州"}, "person_name": {"family": "Wang", "given": "Wei"},
    "geo": {"latitude": Decimal("30.25"), "longitude": Decimal("120.125")}, "multi_picklist": ("won",),
    "file": f"{ID}/2048/application/pdf/合同.pdf", "image": f"{ID}/5/image/png/a.png",
    "signature": f"{ID}/5/image/png/a.png",
    "many_to_many": (ID,), "any_lookup": f"user/{ID}", "auto_number": "N-007", "rollup": Decimal(3),
    "secret": "s1.1.sealed",
}  # fmt: skip
SHOWN = {
    "text": ("text", "Acme"), "long_text": ("long", "one\ntwo"), "email": ("text", "a@b.example"),
    "phone": ("text", "+86 10 1234"), "url": ("text", "https://a.example/"), "integer": ("number", "5"),
    "number": ("number", "2.5"), "currency": ("number", "1,280,000.50"), "percent": ("number", "12.5%"),
    "boolean": ("flag", "Yes"), "date": ("number", "2026-12-18"), "datetime": ("number", "2026-12-18 09:30"),
    "picklist": ("badge", "Won"), "lookup": ("person", "Lin"), "master_detail": ("person", "Lin"),
    "formula": ("number", "50%"),
    "id": ("text", ID),
    "time": ("number", "09:30"), "duration": ("number", "1:30:15"), "color": ("color", "#3b5bdb"),
    "rating": ("stars", "3 of 5 stars"), "rich_text": ("rich", "Say yes"), "json": ("code", '{"a":1}'),
    "tags": ("list", "vip, new"), "address": ("text", "杭州"), "person_name": ("text", "Wei Wang"),
    "geo": ("text", "30.25, 120.125"), "multi_picklist": ("list", "Won"), "many_to_many": ("list", "Lin"),
    "file": ("file", "合同.pdf"), "image": ("file", "a.png"), "signature": ("file", "a.png"),
    "any_lookup": ("text", "Lin"), "auto_number": ("text", "N-007"), "rollup": ("number", "3"),
    "secret": ("text", "••••••••"),
}  # fmt: skip
KINDS = field_kinds()


class _Deal:
    name = "deal"
    fields: Mapping[str, Field] = MappingProxyType({})


class _User:
    name = table = "user"
    label = Label(texts={"en": "User"})
    retired = False


def _field(kind: str) -> Field:
    won = Option(id="w", code="won", label=Label(texts={"en": "Won"}), color="green", attributes={})
    owner: ObjectType = _Deal()  # type: ignore[assignment]
    user: ObjectType = _User()  # type: ignore[assignment]
    return Field(
        id=kind, name=kind, column=kind, label=Label(texts={"en": kind}), help=None, object=owner,
        sort=KINDS[kind].bind(OPTIONS.get(kind, {})), attributes=MappingProxyType({}),
        options=(won,) if "picklist" in kind else (), others=(user,) if kind == "any_lookup" else (),
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_type_is_shown(kind: str) -> None:
    shown = cell(FieldPath(field=_field(kind)), VALUES[kind], "Lin", WHO, ("Lin",))
    assert (shown.kind, shown.text) == SHOWN[kind]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("formula", "rollup")])
def test_what_an_input_starts_with_is_read_back_as_the_same_value(kind: str) -> None:
    field = _field(kind)
    text = raw(field.sort, VALUES[kind], WHO)  # type: ignore[arg-type]
    made = edit(Edited(field=field, text=text, titles={ID: "Lin"}, reader=WHO))
    assert made.value == text
    assert field.sort.convert(text, WHO.formats.zone) == VALUES[kind]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
def test_blank_is_shown_and_edited_as_nothing(kind: str) -> None:
    field = _field(kind)
    assert cell(FieldPath(field=field), None, None, WHO).kind == "blank"
    assert raw(field.sort, None, WHO) == ""  # type: ignore[arg-type]


def test_a_link_to_a_record_without_a_readable_title_shows_nothing() -> None:
    assert cell(FieldPath(field=_field("lookup")), ID, None, WHO).text == ""


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x"])
def test_an_address_that_is_no_web_page_is_no_link(address: str) -> None:
    assert cell(FieldPath(field=_field("url")), address, None, WHO).href == ""
