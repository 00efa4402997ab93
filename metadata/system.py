"""The fields every record has, whatever its object: who owns it, who made it when, which version it is.

They are ordinary Fields with `system=True`; the kinds they are made of must be among `Kinds.fields`. What
else the platform adds to an object, its number and its record type, is made by `platform_field` as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata.catalog import Field
from metadata.label import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.catalog import ObjectType
    from metadata.kinds import FieldSort


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemField:
    """A field the program adds: `kind` and `options` as a document would write them."""

    name: str
    kind: str
    options: Mapping[str, object]
    label: Label


def _label(english: str, simplified: str, traditional: str) -> Label:
    return Label(texts={"en": english, "zh-CN": simplified, "zh-TW": traditional})


USER = "user"
DEPARTMENT = "department"

SYSTEM_FIELDS = (
    SystemField(name="id", kind="id", options={}, label=_label("ID", "编号", "編號")),
    SystemField(name="owner", kind="lookup", options={"to": USER}, label=_label("Owner", "负责人", "負責人")),
    SystemField(
        name="department",
        kind="lookup",
        options={"to": DEPARTMENT},
        label=_label("Department", "所属部门", "所屬部門"),
    ),
    SystemField(
        name="created_at", kind="datetime", options={}, label=_label("Created at", "创建时间", "建立時間")
    ),
    SystemField(
        name="created_by", kind="lookup", options={"to": USER}, label=_label("Created by", "创建人", "建立者")
    ),
    SystemField(
        name="modified_at", kind="datetime", options={}, label=_label("Modified at", "修改时间", "修改時間")
    ),
    SystemField(
        name="modified_by",
        kind="lookup",
        options={"to": USER},
        label=_label("Modified by", "修改人", "修改者"),
    ),
    SystemField(name="version", kind="integer", options={}, label=_label("Version", "版本", "版本")),
    SystemField(
        name="deleted_at", kind="datetime", options={}, label=_label("Deleted at", "删除时间", "刪除時間")
    ),
)

# Names that are taken on every record though no Field stands behind them.
RESERVED = frozenset({"locked_by_run"})


def platform_field(object_: ObjectType, name: str, label: Label, sort: FieldSort) -> Field:
    """A field that the platform adds to an object: its id and column follow the name, without a lock."""
    return Field(
        id=f"{object_.id}.{name}",
        name=name,
        column=name,
        label=label,
        help=None,
        object=object_,
        sort=sort,
        attributes=MappingProxyType({}),
        system=True,
    )
