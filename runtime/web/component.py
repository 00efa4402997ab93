"""A piece of a page: the name of a template and the plain values it shows.

A component cannot query: whatever it shows was fetched before it was made. Handlers build components,
`renderer.Renderer` turns them into HTML; a value may itself be a component.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class View(Protocol):
    """A frozen dataclass whose fields are the names that one template may use."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """`template` is a file name below `templates/`; `values` are the names it may use."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)


def component(template: str, view: View) -> Component:
    """The component that shows the fields of `view` with `template`."""
    return Component(template=template, values={part.name: getattr(view, part.name) for part in fields(view)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somewhere to go: a label, an address, an icon of the sprite, whether the reader is there already."""

    label: str
    href: str
    icon: str = ""
    current: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLabel:
    """An object's names and icon as a page shows them."""

    label: str
    plural: str
    icon: str
