"""The field types, one file each. Adding a type is adding a file with a `FIELD: Kind` (and its cases).

`field_kinds()` is called by the composition root, which hands the kinds to the compiler of metadata.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from engine.fields.contract import FieldType, Kind, Stored
from formula.condition import Operator

__all__ = ["FieldType", "Kind", "Operator", "Stored", "field_kinds"]


def field_kinds() -> Mapping[str, Kind]:
    """Return every field kind of this package by name, found by walking its modules."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    kinds = [module.FIELD for module in modules if hasattr(module, "FIELD")]
    return MappingProxyType({kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)})
