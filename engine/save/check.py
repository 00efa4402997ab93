"""Pass: judge the values of the after-image – required, linked, unique, client-made id.

All that is wrong is collected; nothing is raised here. A linked record that the writer may not read is
missing to her.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import codes
from engine.pointing import pointed
from engine.problem import Problem
from engine.save.facts import questioned, touched, unique_text
from engine.save.lists import gained
from engine.save.sheet import sheet
from engine.save.work import OPEN, SOURCE, Kind

if TYPE_CHECKING:
    from engine.save.work import Row, Work
    from metadata.catalog import Field


def check_values(work: Work) -> None:
    """Collect what is wrong with each row; of what is deleted, that it is not the writer's to end."""
    plan = sheet(work.release, work.object)
    for row in work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED):
        if row.id in work.facts.ids:
            row.problem = Problem(codes.ID_TAKEN, "This id is taken.", status=409, hint=codes.ID_TAKEN.mend)
            continue
        refused = {detail.field for detail in row.details}
        for field in plan.required:
            if row.after.get(field.name) is None and field.name not in refused and _asked(row, field):
                row.refuse(codes.REQUIRED, "{field} is required.", at=field.name, field=_label(work, field))
        _check_source(work, row)
        for field in plan.links:
            _check_link(work, row, field)
        for field in plan.members:
            _check_members(work, row, field)
    for row in work.standing(Kind.DELETED):
        for field in plan.links:
            _check_link(work, row, field)
    for field in plan.unique:
        check_unique(work, field)


def check_pointing(work: Work) -> None:
    """Collect which links of each row lead nowhere, and which unique values others have."""
    plan = sheet(work.release, work.object)
    for row in work.standing(Kind.UPDATED, Kind.RESTORED):
        for field in plan.links:
            _check_link(work, row, field)
        for field in plan.members:
            _check_members(work, row, field)
    for field in plan.unique:
        check_unique(work, field)


def follow_owner(work: Work) -> None:
    """Give each record the department of its owner."""
    department = work.object.fields["department"]
    if not department.system:
        return
    for row in work.standing(Kind.CREATED, Kind.UPDATED):
        owner = row.after.get("owner")
        if row.kind is Kind.CREATED or row.changed("owner"):
            if owner is not None and owner == work.actor.id:
                row.after["department"] = work.actor.department
            else:
                row.after["department"] = work.facts.links.get("owner", {}).get(owner) if owner else None


def _asked(row: Row, field: Field) -> bool:
    """An update may leave a field blank that was blank before it became required, unless it names it.

    Nobody is asked for what does not show.
    """
    visible = row.states.get(field.name, OPEN).visible
    return visible and (row.kind is not Kind.UPDATED or field.name in row.given)


def _label(work: Work, field: Field) -> str:
    return field.label.text(work.actor.language)


def _check_source(work: Work, row: Row) -> None:
    source = row.copied_from
    if source and source not in work.facts.sources and source not in work.awaited.get(work.object.id, ()):
        noun = work.object.label.text(work.actor.language)
        row.refuse(codes.LINK_MISSING, "There is no such {noun} that you may see.", at=SOURCE, noun=noun)


def unfound(work: Work, row: Row, link: Field) -> str | None:
    """The value of a link that leads to no record that the writer may see; None where nothing is wrong."""
    target = questioned(work, row, link)
    if target is None or work.awaits(row, link):
        return None
    mine = link.name == "owner" and link.system and target == work.actor.id
    return None if mine or target in work.facts.links.get(link.name, {}) else target


def _check_link(work: Work, row: Row, link: Field) -> None:
    if (target := unfound(work, row, link)) is not None:
        meant, _ = pointed(link, target)
        noun = meant.label.text(work.actor.language) if meant else _label(work, link)
        row.refuse(codes.LINK_MISSING, "There is no such {noun} that you may see.", at=link.name, noun=noun)


def _check_members(work: Work, row: Row, link: Field) -> None:
    """What a list of links had before may stay, even where the writer may not see it."""
    known = work.facts.links.get(link.name, {})
    awaited = work.awaited.get(link.members.id, ()) if link.members else ()
    if any(value not in known and value not in awaited for value in gained(row, link.name)):
        noun = link.members.label.text(work.actor.language) if link.members else _label(work, link)
        row.refuse(codes.LINK_MISSING, "There is no such {noun} that you may see.", at=link.name, noun=noun)


def check_unique(work: Work, field: Field) -> None:
    """Collect which rows have a value of a unique field that is taken.

    Against other records and within the batch, where the first row keeps the value.
    """
    seen = dict(work.facts.taken.get(field.name, {}))
    leaving = {row.id for row in work.standing(Kind.UPDATED) if row.changed(field.name)}
    for row in work.standing(Kind.CREATED, Kind.UPDATED, Kind.RESTORED):
        if not touched(row, field.name):
            continue
        text = unique_text(field, row.after[field.name], work.release.dialect)
        holder = seen.get(text)
        if holder is not None and holder != row.id and holder not in leaving:
            row.refuse(codes.NOT_UNIQUE, "{field} is taken.", at=field.name, field=_label(work, field))
        else:
            seen[text] = row.id
