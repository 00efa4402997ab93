"""Step of the compiler: sharing rules, which open further records, and restriction rules, which take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.holders import holders
from metadata.memberships import elsewhere
from metadata.permission import Access, Audience, RestrictionRule, SharingRule

if TYPE_CHECKING:
    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.label import Label
    from metadata.layers import Merged
    from metadata.node import Node


def add_sharing(checker: Checker) -> None:
    """Compile every rule of either kind; a wrong one is reported and left out."""
    draft = checker.draft
    for thing in draft.of("sharing_rule"):
        shared = _sharing_rule(checker, thing)
        if shared is not None:
            draft.sharing_rules[thing.name] = shared
    for thing in draft.of("restriction_rule"):
        restricted = _restriction_rule(checker, thing)
        if restricted is not None:
            draft.restriction_rules[thing.name] = restricted


def _sharing_rule(checker: Checker, thing: Merged) -> SharingRule | None:
    draft, root = checker.draft, thing.root
    label, object_ = _label(draft, thing), _object(draft, root)
    given, owned = root.get("where"), root.get("owners")
    owners = None if owned is None else _audience(draft, owned)
    to = _audiences(draft, root)
    if given is None and owned is None:
        draft.report(root, codes.MISSING_PROPERTY, "`where` or `owners` is missing", at_key=True)
    elif given is not None and owned is not None:
        message, hint = "the records are said twice, by `where` and by `owners`", "Make two rules of it."
        draft.report(owned, codes.WRONG_VALUE, message, hint=hint, at_key=True)
    where = None if given is None or object_ is None else _condition(checker, object_, given)
    if object_ is None or not to or (where is None) == (owners is None):
        return None
    return SharingRule(
        id=_id(draft, thing),
        name=thing.name,
        label=label,
        object=object_,
        to=to,
        access=Access.EDIT if root.string("access") == Access.EDIT else Access.READ,
        where=where,
        owners=owners,
        active=_active(root),
    )


def _restriction_rule(checker: Checker, thing: Merged) -> RestrictionRule | None:
    draft, root = checker.draft, thing.root
    label, object_, given = _label(draft, thing), _object(draft, root), root.get("where")
    sets, exempt = (holders(draft, root, name) for name in ("for", "except"))
    where = None if given is None or object_ is None else _condition(checker, object_, given)
    if object_ is None or where is None:
        return None
    return RestrictionRule(
        id=_id(draft, thing),
        name=thing.name,
        label=label,
        object=object_,
        where=where,
        sets=sets,
        exempt=exempt,
        active=_active(root),
    )


def _id(draft: Draft, thing: Merged) -> str:
    return draft.entry(thing.package, f"{thing.kind}:{thing.name}").id


def _label(draft: Draft, thing: Merged) -> Label:
    at = thing.root.walk("label")
    return draft.label(at, at.text or thing.name, f"{thing.kind}s", thing.name)


def _active(root: Node) -> bool:
    node = root.get("active")
    return node is None or node.value is not False


def _object(draft: Draft, root: Node) -> ObjectType | None:
    """The object the rule is about; None when there is none, or it does not decide itself (reported)."""
    at = root.get("object")
    found = None if at is None else draft.object(at.text, at)
    if at is None or found is None:
        return None
    reason = elsewhere(draft, found)
    if reason:
        draft.report(at, codes.DECIDED_ELSEWHERE, reason)
    return None if reason else found


def _condition(checker: Checker, object_: ObjectType, node: Node) -> Formula | None:
    return checker.check(object_, node, Context.SHARING, expect=BOOLEAN)


def _audiences(draft: Draft, root: Node) -> tuple[Audience, ...]:
    found: dict[Audience, None] = {}
    for node in root.elements("to"):
        made = _audience(draft, node)
        if made in found:
            draft.report(node, codes.REPEATED, "these people stand here twice")
        elif made is not None:
            found[made] = None
    return tuple(found)


def _audience(draft: Draft, node: Node) -> Audience | None:
    """The people that a mapping names; None when it names none, or too many (reported)."""
    group, department = node.string("group"), node.string("department")
    if not group and not department:
        draft.report(node, codes.MISSING_PROPERTY, "`group` or `department` is missing")
        return None
    if group and department:
        message = "either a group or a department"
        draft.report(node.walk("department"), codes.WRONG_VALUE, message, at_key=True)
        return None
    if group and node.get("below") is not None:
        message, hint = "`below` is about departments", "Groups within a group count anyway."
        draft.report(node.walk("below"), codes.WRONG_VALUE, message, hint=hint, at_key=True)
        return None
    return Audience(group=group or None, department=department or None, below=node.flag("below"))
