"""Step 3 of an import: texts that name nothing, each with what it probably means; then the check is started.

The name of an input is `means/part/column/text`, both by their places in the mapping; it holds the code of an
option, the id of a record, `=` for blank, or "" for nothing, which lets the rows be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.transfer.binding import bind
from engine.transfer.draft import targets
from engine.transfer.importing import start_import
from engine.transfer.parts import above
from engine.transfer.proposals import chosen
from engine.transfer.unknown import unknown
from engine.transfer.upload import draw_up
from runtime.web.component import Link
from runtime.web.importing import ValueGroup, ValueRow, ValuesPage
from runtime.web.input import Choice, Input
from runtime.web.pages.import_columns import called
from runtime.web.pages.imports import PATH, opened, steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.responses import Response

    from engine.transfer.binding import Binding
    from engine.transfer.mapping import ImportMapping
    from engine.transfer.proposals import Candidate, Proposal
    from engine.transfer.unknown import Unknown
    from metadata.catalog import Catalog, Field
    from runtime.web.pages.visit import Visit

MEANS, REST, BLANK = "means/", "rest/", "="
LISTED = 200
"""So many candidates are offered one by one; of more, the proposals, and the others by searching."""


def show_values(visit: Visit) -> Response:
    """GET /import/{id}/values: what is unknown; where nothing is, a word and the way on."""
    file = opened(visit)
    binding = bind(visit.signed_in, file.mapping, file.table.heads)
    rows = (cells for _, cells in file.table.rows())
    title = visit.reader.text("import.title_of", name=file.job.about)
    body = ValuesPage(
        title=title,
        steps=steps(visit, file.job, "values"),
        action=visit.here,
        back=visit.reader.link(f"{PATH}/{file.job.id}/columns"),
        groups=tuple(_group(visit, binding, one) for one in unknown(visit.signed_in, binding, rows)),
    )
    crumbs = (Link(label=visit.reader.text("import.title"), href=visit.reader.link(PATH)),)
    return visit.page(title=title, body=body.component(), crumbs=crumbs, canvas=True)


def save_values(visit: Visit) -> Response:
    """POST /import/{id}/values: keep what the texts mean, and let a job see what the import would do."""
    file, form = opened(visit), visit.exchange.form
    said = meaning(file.mapping, with_rest({name: str(value) for name, value in form.items()}))
    creating = [str(value) for value in form.getlist("create")]
    said = with_missing(said, file.mapping, creating, visit.exchange.release.catalog)
    draw_up(visit.signed_in, file.job, said)
    job = start_import(visit.signed_in, said, file.job.about, file.content, dry_run=True)
    return visit.go(visit.reader.link(f"{PATH}/{file.job.id}/check?job={job.id}"))


def with_rest(form: Mapping[str, str]) -> dict[str, str]:
    """The form with what it says of all other texts of a column said of each."""
    rest = {name.removeprefix(REST): value for name, value in form.items() if name.startswith(REST)}
    return {
        name: value or rest.get("/".join(name.removeprefix(MEANS).split("/")[:2]), "")
        for name, value in form.items()
        if name.startswith(MEANS)
    }


def meaning(mapping: ImportMapping, form: Mapping[str, str]) -> ImportMapping:
    """The mapping with what the form says that texts mean."""
    found: dict[tuple[int, int], dict[str, str]] = {}
    for name, value in form.items():
        if name.startswith(MEANS) and value:
            part, column, text = name.removeprefix(MEANS).split("/", 2)
            if part.isdecimal() and column.isdecimal():
                found.setdefault((int(part), int(column)), {})[text] = "" if value == BLANK else value
    objects = tuple(
        replace(
            part,
            columns=tuple(
                replace(column, values={**column.values, **found.get((number, place), {})})
                for place, column in enumerate(part.columns)
            ),
        )
        for number, part in enumerate(mapping.objects)
    )
    return replace(mapping, objects=objects)


def with_missing(
    mapping: ImportMapping, before: ImportMapping, creating: Sequence[str], catalog: Catalog
) -> ImportMapping:
    """The mapping which also makes the records that columns, `part/column` as in `before`, name and miss."""
    for where in creating:
        number, _, place = where.partition("/")
        if not (number.isdecimal() and place.isdecimal() and int(number) < len(before.objects)):
            continue
        part = before.objects[int(number)]
        if int(place) >= len(part.columns):
            continue
        link = catalog.objects[part.object].fields.get(part.columns[int(place)].field)
        now = next((each for each in mapping.objects if each.called == part.called), None)
        if link is not None and now is not None and link.target is not None and link.target.title is not None:
            mapping = above(mapping, now, link)
    return mapping


def _group(visit: Visit, binding: Binding, one: Unknown) -> ValueGroup:
    text, number = visit.reader.text, binding.portions.index(one.portion)
    place = one.portion.sources.index(one.source)
    field = one.source.field
    assert field is not None
    creates = _creates(visit, field)
    target = field.target.plural.text(visit.reader.language) if field.target is not None else ""
    return ValueGroup(
        name=f"{number}/{place}",
        blank=not field.required,
        label=one.source.head,
        field=f"{called(visit, one.portion.part)} · {field.label.text(visit.reader.language)}",
        rows=tuple(_rows(visit, one, f"{MEANS}{number}/{place}/", field)),
        create=f"{number}/{place}" if creates else "",
        create_label=text("import.create_missing", objects=target) if creates else "",
        more=text("import.more_texts", count=one.more) if one.more else "",
    )


def _creates(visit: Visit, field: Field) -> bool:
    """Whether the missing records can be made from nothing but their title."""
    target = next((each for each in targets(visit.signed_in) if each.object is field.target), None)
    if target is None or target.object.title not in target.fields or field.sort.owned:
        return False
    needed = [each for each in target.fields if each.required and each.default is None]
    return set(needed) <= {target.object.title}


def _rows(visit: Visit, one: Unknown, name: str, field: Field) -> Iterator[ValueRow]:
    for text, count in one.texts:
        proposals = one.proposals.get(text, ())
        taken = chosen(proposals)
        yield ValueRow(
            name=f"{name}{text}", text=text, count=visit.reader.formats.number(count),
            options=tuple(_choices(visit, field, one.candidates, proposals, taken)),
            search=_search(visit, one, field, f"{name}{text}", proposals, taken),
            why=visit.reader.text("import.proposed") if taken is not None else "",
        )  # fmt: skip


def _choices(
    visit: Visit, field: Field, candidates: Sequence[Candidate], proposals: Sequence[Proposal],
    taken: Candidate | None,
) -> Iterator[Choice]:  # fmt: skip
    yield Choice(value="", text=visit.reader.text("import.means_open"))
    if not field.required:
        yield Choice(value=BLANK, text=visit.reader.text("import.means_blank"))
    likely = [each.candidate for each in proposals]
    others = [] if len(candidates) > LISTED else [each for each in candidates if each not in likely]
    for each in (*likely, *others):
        yield Choice(value=each.key, text=each.shown, current=each is taken)


def _search(
    visit: Visit,
    one: Unknown,
    field: Field,
    name: str,
    proposals: Sequence[Proposal],
    taken: Candidate | None,
) -> Input | None:
    """A look-up where the candidates are too many to be listed."""
    if len(one.candidates) <= LISTED or field.target is None:
        return None
    options = tuple(
        Choice(value=each.candidate.key, text=each.candidate.shown, current=each.candidate is taken)
        for each in proposals
    )
    source = visit.reader.link(f"/lookup/{field.object.name}/{field.name}")
    label = visit.reader.text("import.means_of", text=name.rpartition("/")[2])
    return Input(kind="lookup", name=name, label=label, options=options, source=source, key=name)
