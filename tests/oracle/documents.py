"""A world's objects and permission sets as the YAML documents of a package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from metadata.identity import lock
from metadata.package import from_files
from tests.oracle.questions import links
from tests.oracle.shape import FEATURES, OBJECTS, WHERES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.package import Package
    from tests.oracle.shape import Field
    from tests.oracle.world import Audience, Grant, RestrictionRule, SharingRule, World

_PARTIES = """
  user: {type: lookup, label: User, to: user, on_delete: cascade}
  group: {type: lookup, label: Group, to: group, on_delete: cascade}
  department: {type: lookup, label: Department, to: department, on_delete: cascade}
"""

MEMBERS = {
    "objects/mate.yaml": f"""
object: mate
label: Mate
plural: Mates
fields:
  firm: {{type: lookup, label: Firm, to: firm, required: true, on_delete: cascade}}{_PARTIES}
  access: {{type: picklist, label: Access, options: {{read: {{label: Read}}, edit: {{label: Edit}}}}}}
  until: {{type: date, label: Until}}
""",
    "objects/depot_mate.yaml": f"""
object: depot_mate
label: Depot mate
plural: Depot mates
fields:
  depot: {{type: lookup, label: Depot, to: depot, required: true, on_delete: cascade}}{_PARTIES}
""",
}
"""The members of teams and pools."""

PACKAGE = {
    "package": "random",
    "label": "Random",
    "version": "1.0.0",
    "language": "en",
    "requires": {"platform": ">=0.1,<1"},
}


def package_of(world: World) -> Package:
    """The package, with its identities."""
    files = {"package.yaml": _yaml(PACKAGE), **MEMBERS}
    for name, fields in OBJECTS.items():
        files[f"objects/{name}.yaml"] = _yaml(_object(name, fields))
        files[f"layouts/{name}.yaml"] = _yaml(_layout(name, fields))
    for name, grants in world.sets.items():
        files[f"permissions/{name}.yaml"] = _yaml(_permission_set(name, grants, world.rights[name]))
    for rule in world.sharing:
        files[f"permissions/{rule.name}.yaml"] = _yaml(_sharing_rule(rule))
    for taken in world.restrictions:
        files[f"permissions/{taken.name}.yaml"] = _yaml(_restriction_rule(taken))
    files["identity.lock"] = lock(from_files(files)).render()
    return from_files(files)


def _object(name: str, fields: dict[str, Field]) -> dict[str, Any]:
    features: Mapping[str, object] = FEATURES.get(name, {})
    return {
        "object": name,
        "label": name.title(),
        "plural": f"{name.title()}s",
        "title": "name",
        **features,
        "fields": {each: _field(each, field) for each, field in fields.items()},
    }


def _field(name: str, field: Field) -> dict[str, Any]:
    label = {"type": field.type, "label": name.title()}
    searched = {"searchable": True} if field.searchable else {}
    match field.type:
        case "number":
            return {**label, "scale": 0}
        case "picklist":
            return {**label, "options": {each: {"label": each.title()} for each in field.options}}
        case "lookup":
            return {**label, "to": field.to, "on_delete": "set_null"}
        case "master_detail":
            return {**label, "to": field.to}
        case "formula":
            return {**label, "returns": "number", "scale": 0, "formula": field.formula}
        case _:
            return label | searched


def _layout(name: str, fields: dict[str, Field]) -> dict[str, Any]:
    """All fields in one section, and a list of whatever leads to the record."""
    related = {
        f"{object_}_{link}": {
            "from": f"{object_}.{link}",
            "label": f"{object_.title()}s by {link}",
            "columns": [path for path in ("name", "note", "margin") if path in OBJECTS[object_]],
        }
        for object_, link, to in links()
        if to == name
    }
    path = {"path": "stage"} if "stage" in fields else {}
    sections = {"all": {"label": "All", "fields": list(fields)}}
    return {"layout": name, **path, "sections": sections, **({"related": related} if related else {})}


def _permission_set(name: str, grants: Mapping[str, Grant], rights: tuple[str, ...]) -> dict[str, Any]:
    return {
        "permission_set": name,
        "label": name.title(),
        "objects": {object_: _grant(object_, grant) for object_, grant in grants.items()},
        "rights": list(rights),
    }


def _grant(object_: str, grant: Grant) -> dict[str, Any]:
    given: dict[str, Any] = {"create": grant.create}
    given |= {action: _reach(object_, reach) for action, reach in grant.reach.items()}
    return given | ({"fields": dict(grant.fields)} if grant.fields else {})


def _reach(object_: str, reach: tuple[str | int, ...]) -> Any:
    found = [each if isinstance(each, str) else {"where": WHERES[object_][each].text} for each in reach]
    return found if len(found) > 1 else next(iter(found), "none")


def _sharing_rule(rule: SharingRule) -> dict[str, Any]:
    which: dict[str, Any] = {}
    if rule.where is not None:
        which = {"where": WHERES[rule.object][rule.where].text}
    elif rule.owners is not None:
        which = {"owners": _audience(rule.owners)}
    return {
        "sharing_rule": rule.name,
        "label": rule.name.title(),
        "object": rule.object,
        **which,
        "to": [_audience(each) for each in rule.to],
        "access": rule.access,
        "active": rule.active,
    }


def _restriction_rule(rule: RestrictionRule) -> dict[str, Any]:
    return {
        "restriction_rule": rule.name,
        "label": rule.name.title(),
        "object": rule.object,
        "where": WHERES[rule.object][rule.where].text,
        "for": list(rule.sets),
        **({"except": list(rule.exempt)} if rule.exempt else {}),
        "active": rule.active,
    }


def _audience(audience: Audience) -> dict[str, Any]:
    if audience.group is not None:
        return {"group": audience.group}
    return {"department": audience.department, **({"below": True} if audience.below else {})}


def _yaml(document: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    return text
