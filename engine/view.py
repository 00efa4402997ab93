"""A condition as text, read through one actor's eyes: `amount.company > 1000 && stage = "proposal"`.

Names that do not exist and names the actor may not see get the same answer. Used by `Session.condition` for
the API's `where`; saved views are checked at publish and come as expressions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import codes
from engine.naming import readable_names
from engine.problem import Detail, Problem
from formula.expr import Reference
from formula.issue import Rejected
from formula.scope import Context
from formula.source import Source
from formula.types import BOOLEAN
from metadata.catalog import FieldPath, Global, UnknownNameError, path
from metadata.formulas import ORGANISATION
from metadata.system import USER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.policy import Policy
    from engine.release import Release
    from formula.expr import Expr
    from metadata.catalog import ObjectType

LONGEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleScope:
    """The names of an object that its reader may use, and those of `$user`."""

    release: Release
    policy: Policy
    object: ObjectType

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        """The reference for a path in lower case, or None for unknown and hidden names."""
        if parts[0] == "$user":
            user = self.release.catalog.objects.get(USER)
            found = _path(user, parts[1:]) if user and len(parts) == 2 else None
            if found is None:
                return None
            key = Global(root="$user", path=found)
            return Reference(name=f"$user.{found.name}", type=found.type, key=key)
        if parts[0] == "$org":
            known = ORGANISATION.get(parts[1]) if len(parts) == 2 else None
            key = Global(root="$org", path=None)
            return None if known is None else Reference(name=".".join(parts), type=known, key=key)
        found = _path(self.object, parts)
        if found is None or not self.policy.sees(found):
            return None
        return Reference(name=found.name, type=found.type, key=found)

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        """The visible names that may follow `prefix`."""
        return readable_names(self.policy, self.object, prefix)


def condition(release: Release, policy: Policy, target: ObjectType, text: str) -> Expr:
    """The expression of a where text; raises `Problem` with every mistake in it."""
    shape = ("condition", target.id, policy.sets, text)
    return release.conditions.get(shape, lambda: _check(release, policy, target, text))


def _check(release: Release, policy: Policy, target: ObjectType, text: str) -> Expr:
    if len(text) > LONGEST:
        raise Problem(codes.BAD_QUERY, f"A condition has at most {LONGEST} characters.")
    scope = VisibleScope(release=release, policy=policy, object=target)
    source = Source(path="where", text=text)
    try:
        return release.language.check(source, scope, Context.FILTER, expect=BOOLEAN).expr
    except Rejected as rejected:
        details = [
            Detail(
                field="where",
                column=issue.span.start + 1,
                code=issue.code.id,
                message=issue.message,
                hint=issue.hint,
            )
            for issue in rejected.issues
        ]
        raise Problem(codes.BAD_QUERY, "The condition is not understood.", details=details) from rejected


def _path(root: ObjectType, parts: tuple[str, ...]) -> FieldPath | None:
    try:
        return path(root, ".".join(parts))
    except UnknownNameError:
        return None
