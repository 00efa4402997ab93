"""The field types, one file each. Adding a type is adding a file with a `FIELD: Kind` (and its cases).

`field_kinds()` is called by the composition root, which hands the kinds to the compiler of metadata.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from engine.fields.contract import FieldType, Kind, Stored
from formula.condition import Operator

__all__ = ["FieldType", "Kind", "Operator", "Stored", "at_home", "field_kinds"]


def field_kinds() -> Mapping[str, Kind]:
    """Return every field kind of this package by name, found by walking its modules."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    kinds = [module.FIELD for module in modules if hasattr(module, "FIELD")]
    return MappingProxyType({kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)})


def at_home(kinds: Mapping[str, Kind], country: str | None) -> Mapping[str, Kind]:
    """Return the kinds of a company: those that ask for it know its country (ISO 3166-1 alpha-2)."""
    return MappingProxyType({name: _at_home(kind, country) for name, kind in kinds.items()})


def _at_home(kind: Kind, country: str | None) -> Kind:
    return replace(kind, bind=partial(_bind, kind, country)) if kind.home and country else kind


def _bind(kind: Kind, country: str, options: Mapping[str, object]) -> FieldType:
    return kind.bind({**options, kind.home: country})
