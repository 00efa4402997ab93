"""What `metadata` asks of field types and flow steps, without knowing them.

Protocols only: the engine's field types and the workflow's steps fulfil them, and the composition root
hands them to `compile` as one `Kinds`. Nothing here knows columns, tables or behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.types import Type


ANY_OBJECT = "any"
"""What a link to records of every object writes in place of their names."""


class BadOptionError(ValueError):
    """Options that have the right shape but make no sense together (a minimum above the maximum).

    Raised by `FieldKind.bind`; the compiler places it at the option named.
    """

    def __init__(self, option: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.option = option
        self.message = message
        self.hint = hint


class ComputedSort(Protocol):
    """Whether values follow from others."""

    @property
    def computed(self) -> bool:
        """Whether the value follows from other values, so that nobody gives it."""

    @property
    def rolls(self) -> bool:
        """Whether the value is a figure over records that link to the one at hand."""

    def rolling(self, function: str, target: FieldSort | None) -> FieldSort:
        """The same, told what it is a figure of: the kind of its value follows from that of `target`.

        `target` is None where records are counted. Raises `BadOptionError`: no such figure of such values.
        """


class Valued(Protocol):
    """What a field's values are beside themselves: a part of `FieldSort`."""

    @property
    def normal(self) -> str:
        """Which part is the form that values are compared in; "" where there is none."""

    @property
    def sealed(self) -> bool:
        """Whether values are kept encrypted: never compared, ordered, found, given beforehand or computed."""

    @property
    def maskable(self) -> bool:
        """Whether a value can be shown in part, as 138****1234."""

    @property
    def parts(self) -> Mapping[str, Type]:
        """What stands behind a dot besides a link's fields: `amount.company` of a currency. Mostly empty.

        Attributes of picklist options are not listed here: they are the document's, and metadata adds them.
        """


class FieldSort(ComputedSort, Valued, Protocol):
    """A field kind bound to the options of one field."""

    @property
    def kind(self) -> str:
        """The name of the kind, as documents write it: `text`, `lookup`, …"""

    @property
    def type(self) -> Type:
        """What formulas see."""

    @property
    def stored(self) -> bool:
        """Whether the value has a column; a computed field has none."""

    @property
    def target(self) -> str | None:
        """The name of the object a link points to, as the document wrote it; None when it is no link."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The objects that a link to one of several points to, as the document wrote them; mostly empty.

        `ANY_OBJECT` alone means all that are not retired.
        """

    def pointing(self, codes: Mapping[str, str]) -> FieldSort:
        """The same, told the names and former names of its `targets`, with the code that stands for each."""

    @property
    def many(self) -> bool:
        """Whether the value is a list, kept in rows of its own; it is no title and in no index."""

    @property
    def element(self) -> FieldSort | None:
        """What a list holds: with a `target`, links to records of that object."""

    @property
    def plain(self) -> bool:
        """Whether a value is what formulas see of it, so that what a formula computes can stand for one."""

    @property
    def owned(self) -> bool:
        """Whether the record is a part of the one that the link points to, and lives and dies with it."""

    @property
    def option_codes(self) -> tuple[str, ...]:
        """The codes a picklist accepts, in the order of the document; empty for other kinds."""


class FieldKind(Protocol):
    """One field type of the language of documents, not yet bound to a field."""

    @property
    def name(self) -> str:
        """What documents write after `type:`."""

    @property
    def schema(self) -> Mapping[str, object]:
        """A JSON Schema object (`properties`, `required`) of the options this kind adds to the common ones.

        Common to all, and not to be listed: those of `schemas/field.json`. A kind with picklist options lists
        `options` and `attributes`; their shape is checked by metadata, which adds `depends_on`. An option
        named `formula` is a formula over the record, of the bound type.
        """

    def bind(self, options: Mapping[str, object]) -> FieldSort:
        """Bind to one field.

        `options` holds those of the properties in `schema` that the document gives, as plain values (str,
        int, Decimal, bool, list, dict). `options["options"]` is code → properties of the option. Raises
        `BadOptionError`.
        """


class StepKind(Protocol):
    """One kind of flow step."""

    @property
    def name(self) -> str:
        """The key of the step in a flow: `- create: {…}`."""

    @property
    def schema(self) -> Mapping[str, object]:
        """A JSON Schema object of the step's own options; `label` is common to all and not to be listed.

        A text that begins with `=` is a formula over the record the flow started on, wherever it stands; the
        Catalog's `Step.config` then holds a `Formula` in its place.
        """

    def object(self, config: Mapping[str, object], start: str) -> str | None:
        """The name of the object whose fields `config["set"]` gives values; None when the step has no `set`.

        `start` is the name of the object whose record started the flow.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """All field and step kinds of one product, by name. `fields` must include those of `metadata.system`."""

    fields: Mapping[str, FieldKind]
    steps: Mapping[str, StepKind]
