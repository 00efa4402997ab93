"""Which records the text of an input leads to, and what people call them: look-ups of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.ids import canonical_id
from runtime.web.pages.rights import may
from runtime.web.pages.titles import titles_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit


def titles_for(
    visit: Visit, texts: Iterable[tuple[Field, str]], record: Record | None = None
) -> Mapping[str, str]:
    """Titles of the records that texts of inputs lead to, by what stands for them in the text.

    What `record` already tells is not asked for; the rest is one statement for each object.
    """
    found: dict[str, str] = {}
    asked: dict[ObjectType, dict[str, str]] = {}
    for field, text in texts:
        known = _known(field, record)
        for target, id_, said in _links(field, text):
            if said in known:
                found[said] = known[said]
            elif identity := canonical_id(id_):
                asked.setdefault(target, {})[identity] = said
    named = titles_of(visit, asked)
    for ids in asked.values():
        found |= {said: named[id_] for id_, said in ids.items() if id_ in named}
    return found


def visible_links(field: Field, text: str, titles: Mapping[str, str]) -> str:
    """The text of an input without the links that `titles_for` found no record for."""
    said = [said for _, _, said in _links(field, text)]
    return "\n".join(one for one in said if one in titles) if said else text


def create_address(visit: Visit, field: Field) -> str:
    """The form for a new record of what a look-up leads to; "" where the reader may make none."""
    target = field.target or field.members
    if target is None or not may(visit.signed_in, target, "create"):
        return ""
    return visit.reader.link(f"/o/{target.name}/new")


def _links(field: Field, text: str) -> Iterator[tuple[ObjectType, str, str]]:
    """The records of a text: the object, the id, and what stands for them."""
    if field.others:
        code, _, id_ = text.partition("/")
        if id_ and (target := field.other(code)) is not None:
            yield target, id_, text
    elif target := field.target or field.members:
        yield from ((target, id_, id_) for id_ in text.split())


def _known(field: Field, record: Record | None) -> Mapping[str, str]:
    """The titles of what the field of the record holds."""
    values = record.values if record else {}
    held = values.get(field.name)
    if isinstance(held, tuple):
        pairs = zip(held, values.get(f"{field.name}.titles") or (), strict=False)
    else:
        pairs = zip((held,), (values.get(f"{field.name}.title"),), strict=True)
    return {str(id_): str(title) for id_, title in pairs if id_ is not None and title is not None}
