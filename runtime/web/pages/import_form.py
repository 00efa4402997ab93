"""The form of columns into a mapping: what each column becomes, further fields, keys, how the file is read.

Names of inputs: `column/3` is the fourth column and holds `part/field`; `from/part/field` names a further
column for a field, `same/part/field` a value for all new records; `key/part` how a record is known.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.transfer.draft import COMMA_LANGUAGE
from engine.transfer.mapping import Blanks, Column, Doubles, Mode
from engine.transfer.parts import main_part, only_filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.transfer.mapping import ImportMapping, Part
    from metadata.catalog import Catalog

COLUMN, FROM, SAME, KEY = "column/", "from/", "same/", "key/"
DAYS: Mapping[str, bool | None] = {"": None, "dmy": True, "mdy": False}
COMMA = "comma"


def taken(
    mapping: ImportMapping, heads: Sequence[str], form: Mapping[str, str], catalog: Catalog
) -> ImportMapping:
    """The mapping as the form has changed it; what the form does not speak of stays."""
    filled = _filled(heads, form)
    objects = tuple(_part(part, filled[part.called], form) for part in mapping.objects)
    changed = replace(
        mapping,
        objects=objects,
        day_first=DAYS.get(form.get("days", ""), mapping.day_first),
        language=COMMA_LANGUAGE if form.get("numbers") == COMMA else "",
        duplicates=Doubles.SKIP if form.get("doubles") == Doubles.SKIP else Doubles.WARN,
        blanks=Blanks.CLEAR if form.get("clear") else Blanks.KEEP,
        automation=bool(form.get("automation")),
    )
    main = main_part(changed, catalog).called
    mode = Mode(form["mode"]) if form.get("mode") in set(Mode) else None
    moded = (replace(each, mode=mode) if mode and each.called == main else each for each in changed.objects)
    return replace(changed, objects=tuple(moded))


def finished(mapping: ImportMapping, catalog: Catalog) -> ImportMapping:
    """The same without objects that nothing fills."""
    return only_filled(mapping, catalog)


def _filled(heads: Sequence[str], form: Mapping[str, str]) -> Mapping[str, list[tuple[str, str]]]:
    """By part: fields with the heads of their columns; of two columns for one field the first is taken."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    seen: set[str] = set()
    for where, head in _choices(heads, form):
        part, _, field = where.partition("/")
        if field and where not in seen:
            seen.add(where)
            found[part].append((field, head))
    return found


def _choices(heads: Sequence[str], form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number, head in enumerate(heads):
        yield form.get(f"{COLUMN}{number}", ""), head
    for name, value in form.items():
        if name.startswith(FROM) and value in heads:
            yield name.removeprefix(FROM), value


def _part(part: Part, filled: Iterable[tuple[str, str]], form: Mapping[str, str]) -> Part:
    known = {(each.column, each.field): each for each in part.columns}
    columns = tuple(
        known.get((head, field), Column(column=head, field=field))
        for field, head in filled
        if field not in part.links
    )
    fields = {each.field for each in columns} | set(part.links)
    constants = _constants(part, form, fields)
    return replace(part, columns=columns, constants=constants, key=_key(part, form, fields))


def _constants(part: Part, form: Mapping[str, str], fields: set[str]) -> dict[str, object]:
    """What the form says; of what it does not speak of, what was there. A column goes first."""
    said = {
        name.removeprefix(f"{SAME}{part.called}/"): value.strip()
        for name, value in form.items()
        if name.startswith(f"{SAME}{part.called}/")
    }
    return {
        field: value for field, value in {**part.constants, **said}.items() if value and field not in fields
    }


def _key(part: Part, form: Mapping[str, str], fields: set[str]) -> tuple[str, ...]:
    """The chosen fields, as far as something still fills them."""
    chosen = form.get(f"{KEY}{part.called}")
    key = part.key if chosen is None else tuple(filter(None, chosen.split(",")))
    return key if set(key) <= fields else ()
