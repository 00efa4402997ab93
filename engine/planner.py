"""Query + Decision → ReadPlan: one joined statement, compiled once per shape of the question.

The only road from a `Query` to SQL. A field the reader may not see is refused wherever it is named –
column, filter, sort – with the Problem that an unknown name gets. Plans are kept in the Release; the values
of a question (actor, constants, cursor) enter as parameters.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine import codes
from engine.access import Action, Decision, Never
from engine.finding import find_rules
from engine.grouping import group_keys, mark_forms, outputs_beside
from engine.joins import Joins
from engine.naming import unknown_field
from engine.ordering import Edge, sort_keys
from engine.output import Output, columns_of, output, outputs_of, selected
from engine.paging import Among, Way, gathered, paged, row_rule
from engine.problem import Problem
from engine.query import Query
from engine.sentence import said
from engine.shape import shape_of
from engine.statement import Statement, among_ids, compile_statement, leading
from formula.expr import Call, Literal, Reference, fold, references
from metadata.backlink import paths_in
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.fields.contract import Codec
    from engine.ordering import Key
    from engine.policy import Policy
    from engine.query import Aggregate
    from engine.release import Release
    from formula.expr import Expr
    from metadata.catalog import ObjectType

COUNT_BUDGET = 10_000
"""A count stops here and says "10,000+"."""

_OWN_ID = "$user.id"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadPlan:
    """What runs for a Query of one shape.

    A row is id, version, the values of `names`, for each path of `failing` whether it is an error, then
    `keys` sort values. `json` shows the values which JSON does not show as they are.

    `digest` identifies the list for its cursors, constants and words aside.
    """

    decision: Decision
    statement: Statement
    names: tuple[str, ...]
    json: tuple[tuple[str, Codec], ...]
    failing: tuple[FieldPath, ...]
    keys: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountPlan:
    """What counts the records of a Query, up to the budget."""

    decision: Decision
    statement: Statement


def read_plan(
    release: Release, policy: Policy, query: Query, edge: Edge | None, way: Way = Way.PLAIN
) -> ReadPlan:
    """The plan of a page; raises `Problem` for what the reader may not see or cannot be asked."""
    shape = (
        *(*_shape("page", release, policy, query), query.fields, query.order, edge, way),
        *(query.group, mark_forms(release, query)),
    )
    return release.statements.get(shape, lambda: _build_page(release, policy, query, edge, way))


def records_plan(
    release: Release, policy: Policy, target: ObjectType, fields: tuple[FieldPath, ...] | None
) -> ReadPlan:
    """The plan that reads records by their ids (parameter `ids`); without fields, all that may be read."""
    shape = ("records", target.id, policy.key, fields)
    return release.statements.get(shape, lambda: _build_records(release, policy, target, fields))


def count_plan(release: Release, policy: Policy, query: Query, way: Way = Way.PLAIN) -> CountPlan:
    """The plan of a count."""
    shape = (*_shape("count", release, policy, query), way)
    return release.statements.get(shape, lambda: _build_count(release, policy, query, way))


def granted(policy: Policy, target: ObjectType, action: Action) -> Decision:
    """The Decision for an action, or a `Problem` where no set grants it on any record."""
    decision = policy.decide(target, action)
    if isinstance(decision, Never):
        raise Problem(
            codes.FORBIDDEN,
            said(
                "You may not {action} {object} records: {reason}.",
                action=said(action),
                object=target.name,
                reason=decision.reason,
            ),
            status=403,
            hint=codes.FORBIDDEN.mend,
        )
    return decision


def require_right(policy: Policy, right: str, what: str) -> None:
    """Refuse `what` to those without a right of its own."""
    if not policy.holds(right):
        message = said(
            "You may not {what}: no permission set of yours has the right “{right}”.",
            what=said(what),
            right=right,
        )
        raise Problem(codes.FORBIDDEN, message, status=403, hint=codes.FORBIDDEN.mend)


def require_seen(policy: Policy, paths: Iterable[FieldPath]) -> None:
    """Refuse hidden paths just as unknown names are refused."""
    for path in paths:
        if not policy.sees(path):
            raise unknown_field(policy, path.root, path.name)


def require_shown(policy: Policy, paths: Iterable[FieldPath]) -> None:
    """Refuse paths of which nothing may be told just as unknown names are refused."""
    for path in paths:
        if not policy.shows(path):
            raise unknown_field(policy, path.root, path.name)


def named_paths(expr: Expr | None) -> tuple[FieldPath, ...]:
    """The paths that an expression names; not the reader's own id, which is no secret to her."""
    if expr is None:
        return ()
    keys = [reference.key for reference in references(expr) if reference.name != _OWN_ID]
    return tuple(path for key in keys for path in paths_in(key))


def row_rules(
    release: Release,
    policy: Policy,
    joins: Joins,
    decision: Decision,
    query: Query | Aggregate,
    way: Way = Way.PLAIN,
) -> list[sa.ColumnElement[bool]]:
    """What a row must fulfil: the Decision, not deleted (or deleted), the condition, the words to find."""
    deleted = joins.column(FieldPath(field=query.object.fields["deleted_at"])).element
    binned = isinstance(query, Query) and query.deleted
    rules = [row_rule(joins, decision, way), deleted.is_not(None) if binned else deleted.is_(None)]
    rules += find_rules(joins, policy, query.object, query.finding)
    if shape := shape_of(release, query.where):
        rules.append(joins.condition(shape.form.expr))
    return rules


def _shape(kind: str, release: Release, policy: Policy, query: Query) -> tuple[object, ...]:
    shape = shape_of(release, query.where)
    form = shape and shape.form
    return (kind, query.object.id, policy.key, form, query.deleted, query.finding and query.finding.shape)


def _build_page(release: Release, policy: Policy, query: Query, edge: Edge | None, way: Way) -> ReadPlan:
    decision = granted(policy, query.object, Action.READ)
    require_shown(policy, query.fields)
    require_seen(policy, _asked(query))
    joins = Joins(release, policy, query.object)
    outputs = _outputs(joins, query.object, query.fields)
    outputs += outputs_beside(joins, query, mark_forms(release, query))
    keys = _keys(joins, query)
    # Those to choose from have tables of their own, so that no output joins one to them.
    choice = Joins(release, policy, query.object, depth=1) if way is Way.GATHER else joins
    by = _keys(choice, query) if way is Way.GATHER else keys
    rules = row_rules(release, policy, choice, decision, query, way)
    rows = selected([*columns_of(outputs), *(key.element for key in keys)], joins)
    if way is Way.GATHER:
        among = Among(rows=selected((key.element for key in by), choice).where(*rules), keys=by)
        page = gathered(rows, keys, edge, among, release.dialect)
    else:
        page = paged(rows.where(*rules), keys, edge, release.dialect)
    return ReadPlan(
        decision=decision,
        statement=compile_statement(page, release.dialect, [output.decode for output in outputs]),
        names=tuple(output.name for output in outputs[2:]),
        json=tuple((output.name, output.json) for output in outputs[2:] if output.json),
        failing=tuple(output.failing.path for output in outputs if output.failing),
        keys=len(keys),
        digest=_digest(release, query),
    )


def _keys(joins: Joins, query: Query) -> tuple[Key, ...]:
    """What the rows are sorted by, the id last."""
    return (*group_keys(joins, query.group), *sort_keys(joins, query))


def _asked(query: Query) -> Iterator[FieldPath]:
    """Every path that a page asks about."""
    yield from (order.path for order in query.order)
    yield from named_paths(query.where)
    if query.group is not None:
        yield query.group.path
    for mark in query.marks:
        yield from named_paths(mark)


def _build_records(
    release: Release, policy: Policy, target: ObjectType, fields: tuple[FieldPath, ...] | None
) -> ReadPlan:
    decision = granted(policy, target, Action.READ)
    if fields is None:
        fields = tuple(
            path
            for field in target.fields.values()
            if not field.retired and policy.shows(path := FieldPath(field=field))
        )
    require_shown(policy, fields)
    joins = Joins(release, policy, target)
    outputs = _outputs(joins, target, fields)
    ids = among_ids(outputs[0].element, "ids", release.dialect)
    found = leading(ids, joins.row_rule(decision), release.dialect)
    rows = selected(columns_of(outputs), joins).where(found, _alive(joins, target))
    return ReadPlan(
        decision=decision,
        statement=compile_statement(rows, release.dialect, [output.decode for output in outputs]),
        names=tuple(output.name for output in outputs[2:]),
        json=tuple((output.name, output.json) for output in outputs[2:] if output.json),
        failing=tuple(output.failing.path for output in outputs if output.failing),
        keys=0,
        digest="",
    )


def _build_count(release: Release, policy: Policy, query: Query, way: Way) -> CountPlan:
    decision = granted(policy, query.object, Action.READ)
    require_seen(policy, named_paths(query.where))
    joins = Joins(release, policy, query.object)
    rules = row_rules(release, policy, joins, decision, query, way)
    some: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).select_from(joins.source).where(*rules).limit(COUNT_BUDGET + 1)
    )
    counted = sa.select(sa.func.count()).select_from(some.subquery())
    return CountPlan(decision=decision, statement=compile_statement(counted, release.dialect))


def _outputs(joins: Joins, target: ObjectType, paths: Iterable[FieldPath]) -> list[Output]:
    """The id and the version first, then what was asked for."""
    system = [output(joins, FieldPath(field=target.fields[name])) for name in ("id", "version")]
    return system + [asked for path in paths for asked in outputs_of(joins, path)]


def _alive(joins: Joins, target: ObjectType) -> sa.ColumnElement[bool]:
    return joins.column(FieldPath(field=target.fields["deleted_at"])).element.is_(None)


def spell(expr: Expr) -> str:
    """An expression as text that is equal for equal expressions, in every process."""

    def leave(node: Expr, parts: tuple[str, ...]) -> str:
        match node:
            case Literal(value=value, slot=slot):
                return slot or repr(value)
            case Reference(name=name):
                return name
            case Call(function=function):
                return f"{function.name}({','.join(parts)})"

    return fold(expr, leave)


def _digest(release: Release, query: Query) -> str:
    order = [f"{'-' if o.descending else ''}{o.path.name}" for o in query.order]
    shape = shape_of(release, query.where)
    where = "" if shape is None else spell(shape.form.expr)
    parts = (query.object.id, *order, where, str(query.deleted), *([query.group.name] if query.group else ()))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
