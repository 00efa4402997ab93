"""What the columns of a file mean: the document that a wizard makes, a YAML file holds, a tenant keeps by
name.

It names columns by their heads and objects and fields by their names; whether they are there, and are the
actor's to write, is found out when it is bound to a file (`binding.py`). Example:

    objects:
      - {object: account, key: [name], columns: [{column: Company, field: name}]}
      - {object: contact, key: [email], links: {account: account},
         columns: [{column: Mail, field: email}, {column: Boss, field: reports_to, by: email}]}
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from engine.problem import Problem
from engine.transfer.codes import BAD_MAPPING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Mode(StrEnum):
    """What an import does with a row whose key no record has, or one has."""

    CREATE = "create"
    UPDATE = "update"
    UPSERT = "upsert"


class Doubles(StrEnum):
    """What happens to a new record that looks like one which is there, by its object's duplicate rules."""

    WARN = "warn"
    """It is made; the suspicion is kept for a steward. Rules that block do so."""
    SKIP = "skip"
    """It is left out, and the row is told of."""


class Blanks(StrEnum):
    """What a blank cell means for a record that is there."""

    KEEP = "keep"
    CLEAR = "clear"


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A column of the file and the field it fills.

    `field` is a name, or a part of a value (`billing_address.city`). `by` is the field of a link's object in
    which the cells are looked up: "" tries its id, number, unique fields and title, in this order. `values`
    says what texts of the file mean – an option's code, a record's id or name, another text, "" for blank –
    before anything else is tried.
    """

    column: str
    field: str
    by: str = ""
    values: dict[str, str] = {}


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The records of one object that a file holds, one a row; rows with the same key are the same record.

    `name` tells two parts of one object apart (default: the object). `key` are the fields that say which
    record a row is: `id`, a unique field, or several fields together; without one every row is a new record.
    A row whose key is blank in a part after the first has no record there. `links` fill link fields with the
    record of an earlier part of the same row, by its name; `constants` fill fields of new records with the
    same value.
    """

    object: str
    columns: tuple[Column, ...]
    name: str = ""
    mode: Mode = Mode.UPSERT
    key: tuple[str, ...] = ()
    links: dict[str, str] = {}
    constants: dict[str, Any] = {}

    @property
    def called(self) -> str:
        """Its name, or that of its object."""
        return self.name or self.object


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How to read a file; what is blank is found out.

    `encoding` is a name that Python knows, `delimiter` one character, `sheet` the name of a sheet (the
    first), `header` the number of the row with the heads, from 1; 0: the first with anything in it.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int = 0


class ImportMapping(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A whole mapping: `objects` in the order in which the records of a row are made.

    `automation` starts flows. `language` is that in which the file writes labels and numbers; "" takes the
    actor's first and then any other. `day_first` reads 03/04/2026 as the third of April; None: as the
    language has it, and refuses what could be both where it says nothing.
    """

    objects: tuple[Part, ...]
    mapping: str = ""
    automation: bool = False
    duplicates: Doubles = Doubles.WARN
    blanks: Blanks = Blanks.KEEP
    language: str = ""
    day_first: bool | None = None
    file: Form = Form()

    @property
    def main(self) -> Part:
        """The part that is listed first."""
        return self.objects[0]


def read_mapping(document: object) -> ImportMapping:
    """The mapping of a document (what JSON or YAML gave). Raises `Problem` for another shape."""
    try:
        found = msgspec.convert(document, ImportMapping)
    except msgspec.ValidationError as error:
        raise Problem(
            BAD_MAPPING, f"The mapping has another shape: {error}.", hint=BAD_MAPPING.mend
        ) from error
    if not found.objects:
        raise Problem(BAD_MAPPING, "The mapping names no object.", hint=BAD_MAPPING.mend)
    return found


def mapping_document(mapping: ImportMapping) -> Mapping[str, Any]:
    """The document of a mapping, without what is as usual."""
    document: Mapping[str, Any] = msgspec.to_builtins(mapping)
    return document
