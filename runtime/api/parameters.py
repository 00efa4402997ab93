"""The parameters of a request, read as a question about an object, in the grammar of `runtime.question`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime.codes import NO_PAGE
from runtime.question import Question

if TYPE_CHECKING:
    from engine.query import Aggregate, Distinct, Query
    from metadata.catalog import FieldPath, ObjectType
    from runtime.exchange import Exchange


def object_of(exchange: Exchange) -> ObjectType:
    """The object that the path names. Raises Problem 404 when there is none."""
    return object_named(exchange, exchange.param("object"))


def object_named(exchange: Exchange, name: str) -> ObjectType:
    """The object of this name. Raises Problem 404 when there is none."""
    found = exchange.release.catalog.objects.get(name)
    if found is None or found.retired:
        raise Problem(NO_PAGE, f"There is no object {name!r}.", status=404)
    return found


def query_of(exchange: Exchange, target: ObjectType) -> Query:
    """The Query that the parameters of a list ask. Raises Problem for what cannot be understood."""
    return _question(exchange, target).query()


def fields_of(exchange: Exchange, target: ObjectType) -> tuple[FieldPath, ...] | None:
    """The paths of `fields`; None without it."""
    return _question(exchange, target).fields()


def aggregate_of(exchange: Exchange, target: ObjectType) -> Aggregate:
    """The Aggregate that the parameters ask: `group=stage,close_date:month&measures=count,sum(amount)`."""
    return _question(exchange, target).aggregate()


def distinct_of(exchange: Exchange, target: ObjectType) -> Distinct:
    """The different values that the parameters ask for."""
    return _question(exchange, target).distinct()


def _question(exchange: Exchange, target: ObjectType) -> Question:
    return Question(session=exchange.signed_in, target=target, given=exchange.query)
