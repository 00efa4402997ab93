"""Step of the compiler: who else may come at a record – its team, its pool's members, whom it is shared with.

`team:` and `pool:` of an object name the object whose records are the members, and which of its fields say
what. With `features: [sharing]` the members are records of the platform's own `record_share`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.types import Kind
from metadata import codes
from metadata.permission import Access, Membership, MembershipKind
from metadata.queries import is_query
from metadata.system import DEPARTMENT, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.node import Node

GROUP = "group"
SHARE = "record_share"
"""The platform's object whose records share others by hand."""

FEATURE = "sharing"
_PARTIES = (USER, GROUP, DEPARTMENT)
_CODES = frozenset(Access)


def elsewhere(draft: Draft, object_: ObjectType) -> str:
    """Who decides about the records of an object, in words; "" when it is the object itself."""
    if object_.master is not None:
        whole = object_.master.target
        return f"{object_.name} is part of {whole.name if whole else 'another object'}, which decides"
    if is_query(draft, object_):
        return f"{object_.name} is the answer to a query: who may read, its source says"
    return ""


def memberships(draft: Draft, object_: ObjectType, root: Node) -> tuple[Membership, ...]:
    """What `team:`, `pool:` and the feature `sharing` of an object's document make."""
    return tuple(_made(draft, object_, root))


def _made(draft: Draft, object_: ObjectType, root: Node) -> Iterator[Membership]:
    shared = next((item for item in root.elements("features") if item.text == FEATURE), None)
    for kind, node in (
        (MembershipKind.TEAM, root.get("team")),
        (MembershipKind.POOL, root.get("pool")),
        (MembershipKind.SHARE, shared),
    ):
        if node is None:
            continue
        if reason := elsewhere(draft, object_):
            draft.report(node, codes.DECIDED_ELSEWHERE, reason, at_key=True)
            continue
        made = _shared(draft) if kind is MembershipKind.SHARE else _declared(draft, object_, kind, node)
        if made is not None:
            yield made


def _shared(draft: Draft) -> Membership | None:
    """By hand; None where the platform has no such object."""
    members = draft.objects.get(SHARE)
    record = members.fields.get("record") if members else None
    if members is None or record is None:
        return None
    names = (*_PARTIES, "access", "until")
    own = {name: field for name, field in members.fields.items() if not field.system}
    user, group, department, access, until = (own.get(name) for name in names)
    return Membership(
        kind=MembershipKind.SHARE, members=members, record=record,
        user=user, group=group, department=department, access=access, until=until,
    )  # fmt: skip


def _declared(draft: Draft, object_: ObjectType, kind: MembershipKind, node: Node) -> Membership | None:
    """None when anything of it does not fit: half a declaration could open more than was meant."""
    at, through = node.get("members"), None
    members = None if at is None else draft.object(at.text, at)
    if members is None:
        return None
    if is_query(draft, members):
        draft.report(node.walk("members"), codes.MEMBERSHIP, f"{members.name} is the answer to a query")
        return None
    whole: ObjectType | None = object_
    if kind is MembershipKind.POOL:
        through = _pool(draft, object_, node)
        whole = through.target if through else None
    if whole is None:
        return None
    fields = {
        "record": _link(draft, members, node.get("record"), whole),
        **{name: _party(draft, members, node.get(name), name) for name in _PARTIES},
        "role": _field(draft, members, node.get("role")),
        "access": _access(draft, members, node.get("access")),
        "until": _until(draft, members, node.get("until")),
    }
    if any(node.get(name) is not None and field is None for name, field in fields.items()):
        return None
    if not any(fields[name] for name in _PARTIES):
        message = "nobody is a member: no link to a user, a group or a department is named"
        draft.report(node, codes.MEMBERSHIP, message, hint="Add `user:`.", at_key=True)
        return None
    record = fields.pop("record")
    return None if record is None else Membership(
        kind=kind, members=members, record=record, through=through, **fields
    )  # fmt: skip


def _pool(draft: Draft, object_: ObjectType, node: Node) -> Field | None:
    at = node.get("field")
    found = None if at is None else _field(draft, object_, at)
    if at is None or found is None:
        return None
    if found.target is None:
        draft.report(at, codes.MEMBERSHIP, f"`{found.name}` of {object_.name} is no lookup to one object")
        return None
    return found


def _field(draft: Draft, members: ObjectType, node: Node | None) -> Field | None:
    """A field that holds one stored value."""
    found = None if node is None else draft.field(members, node)
    if node is None or found is None:
        return None
    if found.many or not found.sort.stored:
        kind = "holds a list" if found.many else "is computed"
        draft.report(node, codes.MEMBERSHIP, f"`{found.name}` of {members.name} {kind}")
        return None
    return found


def _link(draft: Draft, members: ObjectType, node: Node | None, whole: ObjectType) -> Field | None:
    found = _field(draft, members, node)
    if node is None or found is None or found.target is whole or whole in found.others:
        return found
    draft.report(node, codes.MEMBERSHIP, f"`{found.name}` of {members.name} is no link to {whole.name}")
    return None


def _party(draft: Draft, members: ObjectType, node: Node | None, name: str) -> Field | None:
    """A lookup to a user, a group or a department; not the department that the save itself keeps."""
    found = _field(draft, members, node)
    if node is None or found is None:
        return None
    kept = found.name == DEPARTMENT and (found.system or members.master is not None)
    if found.target is not None and found.target.name == name and not kept:
        return found
    message = f"`{found.name}` of {members.name} is no lookup to {name}"
    if kept:
        message = f"the department of {members.name} is that of its owner, and says nothing about members"
    draft.report(node, codes.MEMBERSHIP, message)
    return None


def _access(draft: Draft, members: ObjectType, node: Node | None) -> Field | None:
    found = _field(draft, members, node)
    if node is None or found is None:
        return None
    if {option.code for option in found.options} == _CODES:
        return found
    message = f"`{found.name}` of {members.name} is no picklist of `read` and `edit`"
    draft.report(node, codes.MEMBERSHIP, message, hint="Its options are `read` and `edit`, and no others.")
    return None


def _until(draft: Draft, members: ObjectType, node: Node | None) -> Field | None:
    found = _field(draft, members, node)
    if node is None or found is None or found.sort.type.kind is Kind.DATE:
        return found
    draft.report(node, codes.MEMBERSHIP, f"`{found.name}` of {members.name} is no date")
    return None
