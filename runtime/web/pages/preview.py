"""What is typed into a form so far, and how its fields stand with it: asked by the script of forms.

The answer is data: no input is replaced, so neither what is typed nor the place of the cursor can be lost.
Without the script the save says the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import msgspec
from starlette.responses import Response

from engine.money import currency_path
from metadata.catalog import FieldPath
from runtime.web.formats import symbol
from runtime.web.pages.entries import Entries
from runtime.web.pages.filled import standing_for
from runtime.web.pages.form import posted_form
from runtime.web.pages.inputs import Filling, reader_of
from runtime.web.pages.target import form_record, target_of
from runtime.web.posted import raw

if TYPE_CHECKING:
    from engine.fields.contract import FieldType
    from metadata.catalog import Field
    from runtime.web.pages.filled import Filled
    from runtime.web.pages.standing import Standing
    from runtime.web.pages.visit import Visit

AUTOMATIC = "_auto"
"""Names, parted by blanks, of inputs that still hold the default which the form gave them."""


def preview_new(visit: Visit) -> Response:
    """POST /o/{object}/new/preview"""
    filled = posted_form(visit, target_of(visit), None)
    automatic = str(visit.exchange.form.get(AUTOMATIC, "")).split()
    typed = {name: text for name, text in filled.entries.now.items() if name not in automatic}
    filled = replace(filled, entries=Entries(now=typed, was={}))
    found = standing_for(visit, filled)
    values = {
        one.name: raw(cast("FieldType", one.sort), found.value(one), visit.reader)
        for one in filled.fields
        if one.name in automatic
    }
    return _answer(visit, filled, found, values)


def preview_saved(visit: Visit) -> Response:
    """POST /o/{object}/{id}/preview"""
    filled = posted_form(visit, target_of(visit), form_record(visit, target_of(visit)))
    return _answer(visit, filled, standing_for(visit, filled), {})


def _answer(visit: Visit, filled: Filled, found: Standing, values: dict[str, str]) -> Response:
    """States by field name, ids of hidden sections, and new values of inputs that nobody typed into."""
    filling = Filling(texts=filled.entries.now, record=filled.record, standing=found)
    told = {
        "fields": {one.name: _state(visit, filling, one) for one in filled.fields},
        "sections": sorted(found.sections),
        "values": values,
    }
    return Response(msgspec.json.encode(told), media_type="application/json")


def _state(visit: Visit, filling: Filling, field: Field) -> dict[str, object]:
    """How a field stands; `sign` is that of an amount's own currency, which the form may just have named."""
    found, reader = filling.standing, reader_of(visit, field, filling)
    offered = found.offered(field)
    own = currency_path(FieldPath(field=field)) is not None
    return {
        "visible": found.visible(field),
        "required": found.required(field),
        "fixed": found.read_only(field),
        "options": None if offered is None else sorted(offered),
        "sign": symbol(reader.currency, reader.formats.locale) if own else None,
    }
