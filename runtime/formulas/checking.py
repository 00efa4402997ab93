"""A formula over an object of a published model, checked through the eyes of who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.view import VisibleScope
from formula.source import Source
from formula.types import Type

if TYPE_CHECKING:
    from engine.policy import Policy
    from engine.release import Release
    from formula.expr import Formula
    from metadata.catalog import ObjectType
    from runtime.formulas.ask import Ask


def checked(release: Release, policy: Policy, target: ObjectType, ask: Ask) -> Formula:
    """The formula that is asked about. Raises Rejected with all that is wrong; hidden names are unknown."""
    scope = VisibleScope(release=release, policy=policy, object=target)
    expect = None if ask.returns is None else Type(kind=ask.returns)
    source = Source(path="formula", text=ask.formula)
    return release.language.check(source, scope, ask.context, expect=expect, blanks=ask.blanks)
