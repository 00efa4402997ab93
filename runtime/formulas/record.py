"""A formula over an object of a model, on a record that is written as JSON: `strata formula evaluate`.

Values are read as the API reads them; linked records stand inside the record, computed fields are computed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from engine.problem import Problem, Refusal
from engine.sight import sight
from formula.suggest import did_you_mean
from metadata.catalog import FieldPath, Global, blank_of
from runtime.codes import BAD_OPTION
from runtime.formulas.compute import Outcome, PythonComputer
from runtime.formulas.model import Declared, Thing
from runtime.formulas.names import Way
from runtime.formulas.refusal import Refused
from runtime.formulas.rows import Failed, fill_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.fields.contract import FieldType
    from engine.release import Release
    from formula.expr import Formula, Reference
    from formula.program import Env
    from metadata.catalog import Field, ObjectType
    from runtime.formulas.cells import Cell

Record = dict[str, Any]


def evaluate(release: Release, target: ObjectType, formula: Formula, record: Record, env: Env) -> Outcome:
    """The formula's value on a record, or why it has none.

    Raises Problem for a name that the object does not have and for a value that a field cannot take.
    """
    _known(target, record, "")
    try:
        row = fill_row(_ways(formula), record, "", _Fields(release, env))
        (outcome,) = PythonComputer().compute(formula, [row], env)
    except Refused as refused:
        raise Problem(BAD_OPTION, f"{refused.message}.", hint=refused.hint) from refused
    return outcome


@dataclass(frozen=True, slots=True)
class _Fields:
    """Computes the computed fields of a record."""

    release: Release
    env: Env

    def __call__(self, thing: Thing, declared: Declared, record: Mapping[str, Any]) -> Cell | Failed:
        formula = self.release.catalog.objects[thing.name].fields[declared.name].formula
        assert formula is not None, "only computed fields are asked for"
        row = fill_row(_ways(formula), record, f"{thing.name}.{declared.name}", self)
        (outcome,) = PythonComputer().compute(formula, [row], self.env)
        return Failed(outcome.error) if outcome.error else outcome.value


def _ways(formula: Formula) -> list[Reference]:
    return [replace(reference, key=_way(reference)) for reference in formula.refs]


def _way(reference: Reference) -> Way | None:
    match reference.key:
        case FieldPath() as path:
            return _of_path(path, "")
        case Global(root=root, path=FieldPath() as path):
            return _of_path(path, root)
        case _:
            return None


def _of_path(path: FieldPath, root: str) -> Way:
    field = path.field
    attributed = bool(path.part and field.attributes)
    beside = bool(path.part and not attributed and path.part not in _sort(field).derived)
    steps = [*((link.name,) for link in path.links), (field.name,)]
    if beside:
        steps[-1] = (f"{field.name}.{path.part}",)
    declared = Declared(
        name=field.name,
        type=field.sort.type,
        attributes=_attributes(field) if attributed else {},
        text=field.formula.source.text if field.formula else "",
        convert=None if beside or attributed else _reader(path),
    )
    thing = Thing(field.object.name, {})
    return Way(
        root=root, steps=tuple(steps), field=declared, attribute=path.part if attributed else "", thing=thing
    )


def _attributes(field: Field) -> dict[str, Any]:
    return {
        name: (type_, {option.code: field.attribute(option, name) for option in field.options})
        for name, type_ in field.attributes.items()
    }


def _sort(field: Field) -> FieldType:
    return cast("FieldType", field.sort)


def _reader(path: FieldPath) -> Callable[[object, str], Cell]:
    """What reads the values of a field, or of a part of it, as formulas see them."""
    sort, see = _sort(path.field), sight(path)

    def read(raw: object, where: str) -> Cell:
        if raw is None or raw == "":
            return blank_of(path.type)
        try:
            value = sort.convert(raw)
        except Refusal as refusal:
            raise Refused(f"{where.lstrip('.')}: {refusal.message.rstrip('.')}", refusal.hint) from refusal
        return value if value is None or see is None else see(value)

    return read


def _known(target: ObjectType, record: Record, before: str) -> None:
    """Refuse a name that the object does not have: it would silently count for nothing."""
    for name, value in record.items():
        if name.startswith("$"):
            continue
        field = target.field(name.partition(".")[0].lower())
        if field is None:
            hint = did_you_mean(name, target.fields)
            raise Problem(BAD_OPTION, f"{target.name} has no field {before}{name}.", hint=hint)
        if isinstance(value, dict) and field.target is not None:
            _known(field.target, value, f"{before}{name}.")
