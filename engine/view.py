"""A condition as text, read through one actor's eyes: `amount.company > 1000 && stage = "proposal"`.

Names that do not exist and names the actor may not see get the same answer. Used by `Session.condition` for
the API's `where`; saved views are checked at publish and come as expressions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from engine import codes
from engine.naming import readable_names
from engine.problem import Detail, Problem
from formula.expr import Reference, levels
from formula.issue import Rejected
from formula.scope import Context, related
from formula.source import Source
from formula.sql.translation import DEEPEST
from formula.types import BOOLEAN
from metadata.backlink import backlink, backlinks, link_reference, name_of
from metadata.catalog import FieldPath, Global, UnknownNameError, path
from metadata.codes import MIXED_MONEY
from metadata.formulas import COMMON_NAMES, common
from metadata.money import mixtures
from metadata.system import USER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.policy import Policy
    from engine.release import Release
    from formula.expr import Expr
    from formula.issue import Code
    from formula.scope import Related
    from formula.source import Span
    from metadata.catalog import Field, ObjectType

LONGEST = 4000
_ROOTS = ("$user", "$old", *COMMON_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleScope:
    """The names of an object that its reader may use, `$old` too, and those of `$user` and `$org`.

    Of her own record as a user she may name what she may read of users, and her id.
    """

    release: Release
    policy: Policy
    object: ObjectType

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        """The reference for a path in lower case, or None for unknown and hidden names."""
        match parts:
            case ("$user", _):
                found = _path(self._user, parts[1:])
                known = found is not None and (parts[1] == "id" or self.policy.sees(found))
                return _global("$user", found) if found is not None and known else None
            case ("$old", *_):
                found = self._seen(parts[1:])
                return None if found is None else _global("$old", found)
            case (root, *_) if root.startswith("$"):
                return common(parts, self.release.catalog.objects)
            case _:
                found = self._seen(parts)
                return None if found is None else Reference(name=found.name, type=found.type, key=found)

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        """The visible names that may follow `prefix`."""
        match prefix:
            case ():
                return (*readable_names(self.policy, self.object), *_ROOTS)
            case ("$user",):
                return readable_names(self.policy, self._user) if self._user else ()
            case (root,) if root in COMMON_NAMES:
                return COMMON_NAMES[root]
            case ("$old", *rest):
                return readable_names(self.policy, self.object, tuple(rest))
            case _:
                return readable_names(self.policy, self.object, prefix)

    def related(self, parts: tuple[str, ...]) -> Related | None:
        """The records that a visible link of another object leads from, or None."""
        link = backlink(self.release.catalog.objects, self.object, parts)
        if link is None or not self._links(link):
            return None
        return related(link_reference(link), replace(self, object=link.object))

    def links(self) -> Iterable[str]:
        """The visible links that lead here."""
        return map(name_of, filter(self._links, backlinks(self.release.catalog.objects, self.object)))

    def _links(self, link: Field) -> bool:
        return self.policy.reads(link.object) and self.policy.readable(link)

    @property
    def _user(self) -> ObjectType | None:
        return self.release.catalog.objects.get(USER)

    def _seen(self, parts: tuple[str, ...]) -> FieldPath | None:
        found = _path(self.object, parts)
        return found if found is not None and self.policy.sees(found) else None


def condition(release: Release, policy: Policy, target: ObjectType, text: str) -> Expr:
    """The expression of a where text; raises `Problem` with every mistake in it."""
    shape = ("condition", target.id, policy.key, text)
    return release.conditions.get(shape, lambda: _check(release, policy, target, text))


def _check(release: Release, policy: Policy, target: ObjectType, text: str) -> Expr:
    if len(text) > LONGEST:
        raise Problem(codes.BAD_QUERY, f"A condition has at most {LONGEST} characters.")
    scope = VisibleScope(release=release, policy=policy, object=target)
    source = Source(path="where", text=text)
    try:
        expr = release.language.check(source, scope, Context.FILTER, expect=BOOLEAN).expr
    except Rejected as rejected:
        raise refused("where", ((e.code, e.span, e.message, e.hint) for e in rejected.issues)) from rejected
    if levels(expr) > DEEPEST:  # said before anything walks down in it
        raise Problem(codes.BAD_QUERY, f"A condition nests at most {DEEPEST} levels deep.")
    if mixed := mixtures(expr):
        raise refused("where", ((MIXED_MONEY, each.span, each.message, each.hint) for each in mixed))
    return expr


def refused(field: str, faults: Iterable[tuple[Code, Span, str, str]]) -> Problem:
    """The Problem of a condition's faults; `field` is the part of the question that it is."""
    details = [
        Detail(field=field, column=span.start + 1, code=code.id, message=message, hint=hint)
        for code, span, message, hint in faults
    ]
    return Problem(codes.BAD_QUERY, "The condition is not understood.", details=details)


def _global(root: Literal["$user", "$old"], path: FieldPath) -> Reference:
    return Reference(name=f"{root}.{path.name}", type=path.type, key=Global(root=root, path=path))


def _path(root: ObjectType | None, parts: tuple[str, ...]) -> FieldPath | None:
    if root is None:
        return None
    try:
        return path(root, ".".join(parts))
    except UnknownNameError:
        return None
