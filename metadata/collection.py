"""Which properties of documents a higher layer may change, and how: the table behind the four verbs.

`DOCUMENTS` says it for every kind of document. A property that stands here as a `Collection` is changed entry
by entry; one that stands as `Properties` is changed property by property; any other is replaced as a whole,
unless it is hard. Data only: `metadata.layers` and `metadata.verbs` act on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Direction: TypeAlias = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What one thing consists of.

    `hard`: what nobody may change from above. `tightens`: what may only be tightened, and whether that is up
    or down (true is above false). `below`: what is changed piece by piece.
    """

    hard: frozenset[str] = frozenset()
    tightens: Mapping[str, Direction] = field(default_factory=dict)
    below: Mapping[str, Collection | Properties] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A property whose entries a higher layer adds, sets, hides and places.

    `keyed`: a mapping of named entries, else a list. `names`: the keys are new names and need the layer's
    prefix (fields, rules), else they refer to something (the objects of a permission set). `of`: the entries.
    `off`: the property, and its value, by which a hidden entry says so; None when it is simply left out.
    `growing`: entries are only ever added. `stem`: what stands before an entry's name in identity.lock, so
    that renames are followed; `{object}` is the document's, `{entry}` what holds the collection.
    """

    keyed: bool = True
    names: bool = False
    of: Properties | Collection = Properties()
    off: tuple[str, bool] | None = None
    growing: bool = False
    stem: str | None = None


def _hard(*names: str) -> frozenset[str]:
    return frozenset(names)


_FIELD_STEM = "{object}"
_LIST = Collection(keyed=False)
_GROWING = Collection(keyed=False, growing=True)
_FIELD_NAMES = Collection(keyed=False, stem=_FIELD_STEM)
_OBJECT_NAMES = Collection(keyed=False, stem="")

_OPTIONS = Collection(
    names=True,
    of=Properties(hard=_hard("was"), below={"when": _LIST}),
    off=("retired", True),
    stem="{object}.{entry}",
)
_FIELDS = Collection(
    names=True,
    of=Properties(
        # What is stored, and what is computed of it, stays what those below rely on.
        hard=_hard(
            "type", "from", "returns", "formula", "function", "field", "value", "where", "order", "distinct",
            "stored", "blanks", "many", "precision", "scale", "on_delete", "depends_on", "was",
        ),
        tightens={"required": "up", "unique": "up", "min": "up", "max": "down"},
        below={
            "options": _OPTIONS,
            "attributes": Collection(names=True, growing=True),
            "to": Collection(keyed=False, growing=True, stem=""),
            "locked": _GROWING,
        },
    ),
    off=("hidden", True),
    stem=_FIELD_STEM,
)  # fmt: skip
_PROCESS = Collection(
    of=Properties(
        below={
            "moves": Collection(
                of=Properties(below={"from": _LIST, "require": _FIELD_NAMES, "by": _LIST}), stem=""
            )
        }
    ),
    stem=_FIELD_STEM,
)
_VIEW_PARTS: Mapping[str, Collection | Properties] = {
    "columns": _FIELD_NAMES,
    "order": _FIELD_NAMES,
    "colors": Collection(names=True),
    "locked": _GROWING,
}
_OBJECT = Properties(
    hard=_hard("object", "tree", "singleton", "query", "follows", "was"),
    below={
        "fields": _FIELDS,
        "rules": Collection(
            names=True,
            of=Properties(hard=_hard("when", "blanks", "was"), below={"locked": _GROWING}),
            off=("active", False),
            stem="rule:{object}",
        ),
        "duplicates": Collection(
            names=True,
            of=Properties(hard=_hard("was"), below={"with": Collection(stem=""), "locked": _GROWING}),
            off=("active", False),
            stem="duplicate:{object}",
        ),
        "invariants": Collection(
            names=True,
            of=Properties(hard=_hard("holds", "when", "blanks", "was"), below={"locked": _GROWING}),
            off=("active", False),
            stem="invariant:{object}",
        ),
        "views": Collection(
            names=True, of=Properties(hard=_hard("was"), below=_VIEW_PARTS), stem="view:{object}"
        ),
        "record_types": Collection(
            names=True,
            of=Properties(
                hard=_hard("was"),
                below={"options": Collection(of=_LIST, stem=_FIELD_STEM), "process": _PROCESS},
            ),
            off=("retired", True),
            stem="record_type:{object}",
        ),
        "process": _PROCESS,
        "money": Properties(),
        "number": Properties(),
        "team": Properties(),
        "pool": Properties(),
        "indexes": _LIST,
        "features": _LIST,
        "locked": _GROWING,
    },
)
_LAYOUT = Properties(
    hard=_hard("layout", "record_type"),
    below={
        "highlights": _FIELD_NAMES,
        "tabs": Collection(names=True, of=Properties(below={"show": _LIST})),
        "sections": Collection(names=True, of=Properties(below={"fields": _FIELD_NAMES, "locked": _GROWING})),
        "children": Collection(
            names=True, of=Properties(hard=_hard("from"), below={"columns": _LIST, "sum": _LIST})
        ),
        "related": Collection(names=True, of=Properties(hard=_hard("from"), below={"columns": _LIST})),
        "sidebar": _LIST,
        "locked": _GROWING,
    },
)
_PERMISSION_SET = Properties(
    hard=_hard("permission_set", "was"),
    below={
        "objects": Collection(of=Properties(below={"fields": Collection(stem="{entry}")}), stem=""),
        "rights": _LIST,
        "locked": _GROWING,
    },
)
_SHARING_RULE = Properties(
    hard=_hard("sharing_rule", "object", "was"), below={"to": _LIST, "locked": _GROWING}
)
_RESTRICTION_RULE = Properties(
    hard=_hard("restriction_rule", "object", "was"),
    below={"for": _LIST, "except": _LIST, "locked": _GROWING},
)
_FLOW = Properties(
    hard=_hard("flow", "was"),
    below={
        "start": Properties(hard=_hard("record"), below={"on": _LIST}),
        "steps": Collection(keyed=False, names=True),
        "locked": _GROWING,
    },
)

DOCUMENTS: Mapping[str, Properties] = MappingProxyType(
    {
        "object": _OBJECT,
        "layout": _LAYOUT,
        "view": Properties(hard=_hard("view", "object", "was"), below=_VIEW_PARTS),
        "permission_set": _PERMISSION_SET,
        "sharing_rule": _SHARING_RULE,
        "restriction_rule": _RESTRICTION_RULE,
        "flow": _FLOW,
        "app": Properties(hard=_hard("app", "was"), below={"objects": _OBJECT_NAMES, "locked": _GROWING}),
    }
)
