"""What may be the same as the record in a form, told in the reader's rights.

A record that she may not see is only said to exist, or not even that; see `engine/matching/match.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from metadata.catalog import duplicate_rules
from runtime.web.duplicates import Twin, Twins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.problem import Problem
    from metadata.catalog import ObjectType
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit

    Told = Mapping[str, object]
    """One entry of the member `duplicates` of a Problem."""

WHOLE = 100


def refused_twins(visit: Visit, target: ObjectType, problem: Problem | None) -> Component | None:
    """The list for a save that was refused, with the button that saves all the same where one may."""
    found = cast("Sequence[Told]", problem.data.get("duplicates", ())) if problem else ()
    blocked = any(each["action"] == "block" for each in found)
    return twins(visit, target, found, accept="" if blocked else visit.reader.text("duplicates.accept"))


def twins(visit: Visit, target: ObjectType, found: Sequence[Told], accept: str = "") -> Component | None:
    """The list of what was found; None of nothing."""
    if not found:
        return None
    text = visit.reader.text
    seen: dict[object, list[Told]] = {}
    for each in found:
        if "id" in each:
            seen.setdefault(each["id"], []).append(each)
    shown = [_twin(visit, target, each) for each in seen.values()]
    hidden = any("id" not in each and "like_row" not in each for each in found)
    return Twins(
        heading=text("duplicates.heading"),
        records=tuple(shown),
        others=text("duplicates.others" if shown else "duplicates.hidden") if hidden else "",
        accept=accept,
        open=text("duplicates.open"),
    ).component()


def _twin(visit: Visit, target: ObjectType, found: Sequence[Told]) -> Twin:
    """One record, by all rules that found it."""
    each = max(found, key=lambda one: int(str(one["score"])))
    reader, language = visit.reader, visit.reader.language
    objects = visit.exchange.release.catalog.objects
    kind, score = objects[str(each["object"])], int(str(each["score"]))
    rules = {rule.name: rule for rule in duplicate_rules(target)}
    named = [rule.label.text(language) for one in found if (rule := rules.get(str(one["rule"])))]
    return Twin(
        href=reader.link(f"/o/{kind.name}/{each['id']}"),
        title=str(each.get("title") or reader.text("record.untitled")),
        kind=kind.label.text(language),
        alike=reader.text("duplicates.alike", percent=score) if score < WHOLE else "",
        rule=" · ".join(dict.fromkeys(named)),
    )
