"""Runs an object's formulas – defaults, rules – over the rows of a batch, with the values they name
gathered before.

Which values a set of formulas needs is worked out once per Release: what lies on the record is taken from
the row, option attributes and computed fields are added, and what lies behind a lookup is read with one
statement per lookup for the whole batch. Formulas of the object's maker see with the system's eyes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from engine.actor import SYSTEM_SET
from engine.fault import inherited, told
from engine.joins import Joins
from engine.kept import asking
from engine.output import columns_of, output, selected
from engine.policy import policy_of
from engine.save.lookups import Tables, fill, lookups
from engine.sight import sight
from engine.statement import Statement, among_ids, compile_statement, id_list
from formula.blame import blaming
from formula.expr import Call, children, references
from formula.fault import FaultyRow, FormulaError
from formula.program import Env, Program, compile_python
from formula.scope import Need
from metadata.catalog import FieldPath, Global, blank_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.fields.contract import Codec
    from engine.release import Release
    from engine.save.lookups import Lookup
    from engine.save.work import Row, Work
    from formula.expr import Expr, Formula, Reference
    from metadata.catalog import Field, ObjectType

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linked:
    """Reads the values behind one lookup.

    `names` are the references they answer, in the order of the columns; behind these stands for each of
    `failing` whether it is an error. `blanks` stand where there is none.
    """

    link: str
    names: tuple[str, ...]
    failing: tuple[str, ...]
    blanks: tuple[object, ...]
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Computed:
    """A computed field of the record itself, by a program that says where its errors come from."""

    name: str
    formula: Formula
    program: Program


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """What some formulas of one object need beside the stored values of a row.

    `seen` are names with the field they follow from and how: its parts, or a text in its place. `kept` are
    those that the company's records answer.
    """

    programs: tuple[Program, ...]
    seen: tuple[tuple[str, str, Codec], ...]
    attributes: tuple[tuple[str, str, Mapping[str | None, object]], ...]
    linked: tuple[Linked, ...]
    computed: tuple[Computed, ...]
    user: Linked | None
    kept: tuple[Reference, ...]
    lookups: tuple[Lookup, ...]
    old: bool
    changes: bool


def inputs(
    release: Release,
    target: ObjectType,
    part: Literal["rules", "duplicates", "defaults", "conditions", "sections", "moves"],
    formulas: tuple[Formula, ...],
) -> Inputs:
    """The plan for the formulas of one part of an object, from the Release."""
    return release.statements.get((part, target.id), lambda: _plan(release, formulas))


def evaluate(work: Work, plan: Inputs, rows: Sequence[Row]) -> Iterable[tuple[Row, Values, Env]]:
    """Each row with the values its formulas name, and the environment they run in."""
    tables: Tables = {}
    plain = Env(now=work.now, zone=work.actor.zone, globals=_globals(work, plan), tables=tables)
    found = _each(work, plan, rows, plain)
    if not plan.lookups:
        return found
    listed = list(found)
    fill(work, plan.lookups, [(values, env) for _, values, env in listed], tables)
    return listed


def _each(work: Work, plan: Inputs, rows: Sequence[Row], plain: Env) -> Iterator[tuple[Row, Values, Env]]:
    copying = replace(plain, copied=True)
    behind = [_read(work, linked, rows, old=plan.old) for linked in plan.linked]
    for row in rows:
        env = copying if row.copied_from else plain
        values = _values(plan, behind, row.after, env)
        if plan.old:
            was = _values(plan, behind, row.before or row.after, env)
            old = {f"$old.{name}": value for name, value in was.items()}
            before = was if row.before else None
            yield row, values | old, replace(env, globals={**env.globals, **old}, before=before)
        elif plan.changes:
            yield row, values, replace(env, before=_seen(plan, row.before) if row.before else None)
        else:
            yield row, values, env


def _seen(plan: Inputs, stored: Values) -> Values:
    """The record's own values as formulas see them."""
    values = dict(stored) if plan.seen else stored
    for name, field, see in plan.seen:
        value = stored.get(field)
        values[name] = None if value is None else see(value)
    return values


def _values(
    plan: Inputs, behind: Sequence[Mapping[object, Sequence[Any]]], stored: Values, env: Env
) -> Values:
    values = _seen(plan, stored)
    if not (plan.attributes or plan.linked or plan.computed):
        return values
    faults: dict[str, FormulaError] = {}
    values = FaultyRow(values, faults)
    for name, field, by_code in plan.attributes:
        values[name] = by_code.get(stored.get(field), by_code[None])
    for linked, found in zip(plan.linked, behind, strict=True):
        _answer(linked, found.get(stored.get(linked.link), linked.blanks), values, faults)
    for each in plan.computed:
        try:
            values[each.name] = each.program(values, env)
        except FormulaError as error:
            faults[each.name] = inherited(each.name, told(each.formula, error))
    return values


def _answer(linked: Linked, row: Sequence[Any], values: Values, faults: dict[str, FormulaError]) -> None:
    """What a lookup leads to; `zip` leaves out the flags behind the values, which are mostly not there."""
    values.update(zip(linked.names, row, strict=False))
    for name, failed in zip(linked.failing, row[len(linked.names) :], strict=False):
        if failed:
            del values[name]
            faults[name] = FormulaError("{field} is an error", field=name)


def _read(work: Work, linked: Linked, rows: Sequence[Row], *, old: bool) -> dict[object, Sequence[Any]]:
    ids = {row.after.get(linked.link) for row in rows}
    if old:
        ids |= {row.before.get(linked.link) for row in rows}
    wanted = sorted(id_ for id_ in ids if id_)
    return _by_id(work, linked, wanted) if wanted else {}


def _by_id(work: Work, linked: Linked, ids: list[str]) -> dict[object, Sequence[Any]]:
    params = {**work.reader.given, "ids": id_list(ids, work.release.dialect)}
    return {row[0]: row[1:] for row in linked.statement.rows(work.connection, params)}


def _globals(work: Work, plan: Inputs) -> Values:
    known: Values = {"$user.id": work.actor.id, **work.organisation.globals}
    if plan.user:
        found = _by_id(work, plan.user, [work.actor.id]) if work.actor.id else {}
        known.update(zip(plan.user.names, found.get(work.actor.id, plan.user.blanks), strict=False))
    if plan.kept:
        row = asking(work.release, plan.kept).row(work.connection, work.reader.given) or ()
        known.update(zip((each.name for each in plan.kept), row, strict=True))
    return known


def _plan(release: Release, formulas: tuple[Formula, ...]) -> Inputs:
    named = _Named()
    for formula in formulas:
        named.visit(formula)
    links: dict[Field, list[tuple[str, FieldPath]]] = {}
    for name, path in named.behind.items():
        rest = FieldPath(links=path.links[1:], field=path.field, part=path.part)
        links.setdefault(path.links[0], []).append((name, rest))
    users = [(name, path) for name, path in named.users.items() if name != "$user.id"]
    return Inputs(
        programs=tuple(compile_python(formula) for formula in formulas),
        seen=tuple((name, field, see) for name, (field, see) in named.seen.items()),
        attributes=tuple((name, path.field.name, _by_code(path)) for name, path in named.attributes.items()),
        linked=tuple(
            _linked(release, link.name, link.target, paths) for link, paths in links.items() if link.target
        ),
        computed=tuple(
            Computed(name=name, formula=formula, program=blaming(formula))
            for name, formula in named.computed.items()
        ),
        user=_linked(release, "$user", users[0][1].root, users) if users else None,
        kept=tuple(named.kept.values()),
        lookups=lookups(release, formulas),
        old=named.old,
        changes=any(_looks_back(formula.expr) for formula in formulas),
    )


def _by_code(path: FieldPath) -> dict[str | None, object]:
    """What each option carries; under None what stands where none is chosen."""
    field = path.field
    return {None: field.attribute(None, path.part)} | {
        option.code: field.attribute(option, path.part) for option in field.options
    }


def _looks_back(expr: Expr) -> bool:
    """Whether a function such as ISCHANGED is called, which asks for the record before the change."""
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Call) and node.function.needs is Need.BEFORE:
            return True
        pending.extend(children(node))
    return False


def _linked(
    release: Release, link: str, target: ObjectType, paths: Iterable[tuple[str, FieldPath]]
) -> Linked:
    listed = tuple(paths)
    joins = Joins(release, policy_of(release, (SYSTEM_SET,)), target)
    outputs = [
        output(joins, FieldPath(field=target.fields["id"])),
        *(output(joins, path) for _, path in listed),
    ]
    rows = selected(columns_of(outputs), joins)
    wanted = rows.where(among_ids(outputs[0].element, "ids", release.dialect))
    return Linked(
        link=link,
        names=tuple(name for name, _ in listed),
        failing=tuple(
            name for (name, _), column in zip(listed, outputs[1:], strict=True) if column.failing is not None
        ),
        blanks=tuple(blank_of(path.type) for _, path in listed),
        statement=compile_statement(wanted, release.dialect, [column.decode for column in outputs]),
    )


class _Named:
    """Sorts what formulas name by where the value comes from.

    Computed fields bring what they name in turn.
    """

    def __init__(self) -> None:
        self.seen: dict[str, tuple[str, Codec]] = {}
        self.attributes: dict[str, FieldPath] = {}
        self.behind: dict[str, FieldPath] = {}
        self.computed: dict[str, Formula] = {}
        self.users: dict[str, FieldPath] = {}
        self.kept: dict[str, Reference] = {}
        self.old = False

    def visit(self, formula: Formula) -> None:
        for reference in references(formula.expr):
            self._sort(reference)

    def _sort(self, reference: Reference) -> None:
        match reference.key:
            case FieldPath() as path:
                self._of_record(path)
            case Global(root="$old", path=FieldPath() as path):
                self.old = True
                self._of_record(path)
            case Global(root="$user", path=FieldPath() as path):
                self.users[reference.name] = path
            case Global(root="$rates" | "$calendar"):
                self.kept[reference.name] = reference
            case _:
                pass

    def _of_record(self, path: FieldPath) -> None:
        if path.links:
            self.behind[path.name] = path
        elif path.part and path.field.attributes:
            self.attributes[path.name] = path
        elif see := sight(path):
            self.seen[path.name] = path.field.name, see
        elif (formula := path.field.formula) and path.name not in self.computed:
            # Depth first: what a computed field needs is computed before it.
            self.visit(formula)
            self.computed[path.name] = formula
