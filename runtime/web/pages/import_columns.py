"""Step 2 of an import: what each column becomes, with samples and guesses; further objects and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from engine.transfer.content import text_of
from engine.transfer.draft import COMMA_LANGUAGE, targets
from engine.transfer.guess import columns_of
from engine.transfer.mapping import Blanks, Doubles, Mode
from engine.transfer.parts import above, below, main_part, reachable, without
from engine.transfer.upload import draw_up
from runtime.web.component import Link
from runtime.web.importing import ColumnRow, ColumnsPage, FieldGroup, FillRow, PartLine
from runtime.web.input import Choice
from runtime.web.pages.import_form import COLUMN, COMMA, DAYS, FROM, SAME, finished, taken
from runtime.web.pages.imports import PATH, opened, steps, writable_objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.responses import Response

    from engine.transfer.guess import Guess
    from engine.transfer.mapping import ImportMapping, Part
    from metadata.catalog import Catalog, Field, ObjectType
    from runtime.web.pages.imports import Opened
    from runtime.web.pages.visit import Visit

SHOWN = 3
"""Different cells of a column that are shown."""
TONES = ((0.85, "green"), (0.65, "amber"), (0.0, "gray"))
ABOVE, BELOW, LEAVE = "above:", "below:", "leave:"


def show_columns(visit: Visit) -> Response:
    """GET /import/{id}/columns: the guesses, or what was said before."""
    file = opened(visit)
    return _page(visit, file, file.mapping)


def save_columns(visit: Visit) -> Response:
    """POST /import/{id}/columns: keep what was said; guess anew, add an object or a field, or go on."""
    file, form = opened(visit), {name: str(value) for name, value in visit.exchange.form.items()}
    catalog, session = visit.exchange.release.catalog, visit.signed_in
    said = taken(file.mapping, file.table.heads, form, catalog)
    match form.get("do"):
        case "object":
            said = file.drafter(session).draft(form.get("object", "")).mapping
        case "add":
            said = _with(said, catalog, form.get("add", ""))
        case "more":
            draw_up(session, file.job, said)
            return _page(visit, file, said, more=form.get("more", ""))
        case _:
            return _on(visit, file, finished(said, catalog))
    draw_up(session, file.job, said)
    return visit.go(visit.reader.link(f"{PATH}/{file.job.id}/columns"))


def _on(visit: Visit, file: Opened, mapping: ImportMapping) -> Response:
    from engine.transfer.binding import bind

    draw_up(visit.signed_in, file.job, mapping)
    try:
        bind(visit.signed_in, mapping, file.table.heads)
    except Problem as problem:
        said = visit.reader.said
        told = [said(problem.message), *(said(each.message) for each in problem.details)]
        return _page(visit, file, mapping, messages=tuple(dict.fromkeys(told)))
    return visit.go(visit.reader.link(f"{PATH}/{file.job.id}/values"))


def _with(mapping: ImportMapping, catalog: Catalog, what: str) -> ImportMapping:
    """The mapping with the object that was added, or without the one that is left out."""
    main = main_part(mapping, catalog)
    target = catalog.objects[main.object]
    if what.startswith(LEAVE):
        return without(mapping, what.removeprefix(LEAVE))
    if what.startswith(ABOVE) and (link := target.fields.get(what.removeprefix(ABOVE))) is not None:
        return above(mapping, main, link) if link.target is not None and link.target.title else mapping
    child = catalog.objects.get(what.removeprefix(BELOW)) if what.startswith(BELOW) else None
    owned = child is not None and child.master is not None and child.master.target is target
    return below(mapping, main, child) if child is not None and owned else mapping


def _page(
    visit: Visit, file: Opened, mapping: ImportMapping, *, messages: tuple[str, ...] = (), more: str = ""
) -> Response:
    catalog, text = visit.exchange.release.catalog, visit.reader.text
    main = main_part(mapping, catalog)
    writable = {each.object.name: each.fields for each in targets(visit.signed_in)}
    groups = tuple(_groups(visit, mapping, writable))
    first = _first_uses(file, mapping)
    title = text("import.title_of", name=file.job.about)
    rows = file.job.result.get("rows")
    body = ColumnsPage(
        title=title, steps=steps(visit, file.job, "columns"), action=visit.here, messages=messages,
        rows=tuple(_rows(visit, file, mapping, first)), groups=groups,
        fills=tuple(_fills(visit, file, mapping, writable, first, more)), more=groups,
        parts=tuple(_parts(visit, mapping, writable)),
        addable=tuple(_addable(visit, mapping, main, writable)),
        objects=tuple(writable_objects(visit, main.object)), modes=tuple(_modes(visit, main)),
        days=_days(visit, mapping), numbers=_numbers(visit, mapping), doubles=_doubles(visit, mapping),
        clear=mapping.blanks is Blanks.CLEAR, automation=mapping.automation,
        count=text("import.count", count=rows) if isinstance(rows, int) else "",
    )  # fmt: skip
    crumbs = (Link(label=text("import.title"), href=visit.reader.link(PATH)),)
    return visit.page(
        title=title, body=body.component(), crumbs=crumbs, canvas=True, status=422 if messages else 200
    )


def _first_uses(file: Opened, mapping: ImportMapping) -> Mapping[str, str]:
    """Head → the `part/field` that its row of the table shows; further uses stand below the table."""
    found: dict[str, str] = {}
    for part in sorted(mapping.objects, key=lambda each: not each.columns):
        for column in part.columns:
            if column.column in file.table.heads:
                found.setdefault(column.column, f"{part.called}/{column.field}")
    return found


def _groups(
    visit: Visit, mapping: ImportMapping, writable: Mapping[str, tuple[Field, ...]]
) -> Iterator[FieldGroup]:
    """The fields of each object of the mapping."""
    for part in mapping.objects:
        fields = writable.get(part.object, ())
        options = (
            Choice(value=f"{part.called}/{field.name}", text=_label(visit, field))
            for field in fields
            if field.name not in part.links
        )
        yield FieldGroup(label=called(visit, part), options=tuple(options))


def _rows(
    visit: Visit, file: Opened, mapping: ImportMapping, first: Mapping[str, str]
) -> Iterator[ColumnRow]:
    guesses = _guesses(visit, file, mapping)
    for number, head in enumerate(file.table.heads):
        value = first.get(head, "")
        guess = guesses.get((number, value))
        seen = dict.fromkeys(filter(None, (text_of(row[number]) for row in file.rows)))
        yield ColumnRow(
            name=f"{COLUMN}{number}", head=head, samples=tuple(seen)[:SHOWN], value=value,
            sure=f"{guess.sure:.0%}" if guess else "",
            tone=next(tone for least, tone in TONES if guess.sure >= least) if guess else "",
            why=visit.reader.text(f"import.why_{guess.reason}") if guess else "",
        )  # fmt: skip


def _guesses(visit: Visit, file: Opened, mapping: ImportMapping) -> Mapping[tuple[int, str], Guess]:
    """Why a column is what it is: the guesses for the objects of the mapping."""
    drafter = file.drafter(visit.signed_in)
    columns, found = columns_of(file.table.heads, file.rows), {}
    for target in targets(visit.signed_in):
        for part in (each for each in mapping.objects if each.object == target.object.name):
            for guess in drafter.guesser.guess(columns, target):
                found[guess.column, f"{part.called}/{guess.field.name}"] = guess
    return found


def _fills(
    visit: Visit, file: Opened, mapping: ImportMapping, writable: Mapping[str, tuple[Field, ...]],
    first: Mapping[str, str], more: str,
) -> Iterator[FillRow]:  # fmt: skip
    """Fields that are needed and not filled, those filled by a second use of a column, and one added."""
    shown = set(first.values())
    for part in mapping.objects:
        filled = {each.field: each.column for each in part.columns}
        for field in writable.get(part.object, ()):
            where = f"{part.called}/{field.name}"
            needed = field.required and field.default is None and field.name not in filled
            used = field.name in filled and where not in shown
            if field.name in part.links or not (
                needed or used or field.name in part.constants or where == more
            ):
                continue
            value = str(part.constants.get(field.name, ""))
            yield FillRow(
                label=f"{_label(visit, field)} ({called(visit, part)})", required=field.required,
                column=f"{FROM}{where}", constant=f"{SAME}{where}", value=value,
                columns=_heads(file, filled.get(field.name, "")), options=_options(visit, field, value),
            )  # fmt: skip


def _heads(file: Opened, chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=head, text=head, current=head == chosen) for head in file.table.heads)


def _options(visit: Visit, field: Field, value: str) -> tuple[Choice, ...]:
    language = visit.reader.language
    return tuple(
        Choice(value=option.code, text=option.label.text(language), current=option.code == value)
        for option in field.options
        if not option.retired
    )


def _parts(
    visit: Visit, mapping: ImportMapping, writable: Mapping[str, tuple[Field, ...]]
) -> Iterator[PartLine]:
    """What a record of each object may be known by: any filled field, or what was said before."""
    for part in mapping.objects:
        names = {field.name: _label(visit, field) for field in writable.get(part.object, ())}
        keys = dict.fromkeys([",".join(part.key), "", *(each.field for each in part.columns)])
        yield PartLine(
            name=part.called, label=called(visit, part),
            keys=tuple(
                Choice(value=key, text=_key_text(visit, key, names), current=key == ",".join(part.key))
                for key in keys
            ),
        )  # fmt: skip


def _key_text(visit: Visit, key: str, names: Mapping[str, str]) -> str:
    if not key:
        return visit.reader.text("import.key_none")
    return " + ".join(names.get(name, name) for name in key.split(","))


def _addable(
    visit: Visit, mapping: ImportMapping, main: Part, writable: Mapping[str, tuple[Field, ...]]
) -> Iterator[Choice]:
    catalog, language, text = visit.exchange.release.catalog, visit.reader.language, visit.reader.text
    among: list[ObjectType] = [catalog.objects[name] for name in writable]
    links, children = reachable(catalog.objects[main.object], among)
    for link in links:
        if link.name not in main.links and link.target is not None:
            label = text(
                "import.add_above", object=link.target.label.text(language), field=_label(visit, link)
            )
            yield Choice(value=f"{ABOVE}{link.name}", text=label)
    for child in children:
        label = text("import.add_below", object=child.label.text(language))
        yield Choice(value=f"{BELOW}{child.name}", text=label)
    for part in mapping.objects:
        if part is not main:
            yield Choice(value=f"{LEAVE}{part.called}", text=text("import.leave", object=called(visit, part)))


def _modes(visit: Visit, main: Part) -> Iterator[Choice]:
    for mode in Mode:
        yield Choice(value=mode, text=visit.reader.text(f"import.mode_{mode}"), current=mode is main.mode)


def _days(visit: Visit, mapping: ImportMapping) -> tuple[Choice, ...]:
    chosen = next(name for name, first in DAYS.items() if first is mapping.day_first)
    return _choices(visit, {each: f"import.days_{each or 'any'}" for each in DAYS}, chosen)


def _numbers(visit: Visit, mapping: ImportMapping) -> tuple[Choice, ...]:
    chosen = COMMA if mapping.language == COMMA_LANGUAGE else ""
    return _choices(visit, {"": "import.numbers_any", COMMA: "import.numbers_comma"}, chosen)


def _doubles(visit: Visit, mapping: ImportMapping) -> tuple[Choice, ...]:
    return _choices(visit, {each: f"import.doubles_{each}" for each in Doubles}, mapping.duplicates)


def _choices(visit: Visit, keys: Mapping[str, str], chosen: str) -> tuple[Choice, ...]:
    """Choices by value, with the keys of their texts."""
    return tuple(
        Choice(value=value, text=visit.reader.text(key), current=value == chosen)
        for value, key in keys.items()
    )


def called(visit: Visit, part: Part) -> str:
    """What people call a part: its object, and the link that leads to it where it is named by one."""
    target = visit.exchange.release.catalog.objects[part.object]
    label = target.label.text(visit.reader.language)
    return label if part.called == part.object else f"{label} · {part.called}"


def _label(visit: Visit, field: Field) -> str:
    return field.label.text(visit.reader.language)
