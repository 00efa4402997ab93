"""What the value of a link means, and which value means a record, whether it points to one object or several.

A link to one object holds an id; a link to one of several holds `code/id` (`fields/any_lookup.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.fields.any_lookup import id_of, object_of

if TYPE_CHECKING:
    from metadata.catalog import Field, ObjectType


def pointed(link: Field, value: str) -> tuple[ObjectType | None, str]:
    """The object and the id of the record that a value of `link` means; no object if it was retired."""
    return (link.other(object_of(value)), id_of(value)) if link.others else (link.target, value)


def pointing(link: Field, target: ObjectType, record: str) -> str:
    """The value of `link` that means a record of `target`."""
    return f"{target.table}/{record}" if link.others else record


def whereabouts(link: Field, target: ObjectType, record: str) -> str:
    """The condition, as text, that holds for what points by `link` at a record of `target`."""
    if link.others:
        return f'{link.name}.id = "{record}" && {link.name}.object = "{target.table}"'
    return f'INCLUDES({link.name}, "{record}")' if link.many else f'{link.name} = "{record}"'
