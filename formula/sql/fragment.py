"""SQL as a flat run of text, columns and parameters, and the SQLAlchemy element made of it.

A formula may nest a hundred calls deep; SQLAlchemy's tree would be compiled by recursion, ten frames a
level. Here nesting is spliced away while composing, so compiling is one loop at any depth. Texts are
constants of this package: whatever comes from outside is a column element or a bound parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

Part = str | sa.ColumnElement[Any]
Sql = tuple[Part, ...]
"""Texts, columns and parameters, in the order in which they are written."""

_OPEN_PLACES = (None, operators.and_, operators.or_, operators.comma_op, operators._asbool)  # noqa: SLF001


def sql(template: str, *arguments: Sql) -> Sql:
    """Write `arguments` at the `{0}`, `{1}` … of a template; one may appear several times.

    An argument is an operand of any operator as it stands: whoever composes brings the parentheses.
    """
    parts: list[Part] = []
    for index, piece in enumerate(template.split("{")):
        text = piece
        if index:
            place, _, text = piece.partition("}")
            parts.extend(arguments[int(place)])
        parts.append(text)
    return _joined(parts)


def listed(separator: str, arguments: Iterable[Sql]) -> Sql:
    """The arguments one after the other with a text between them."""
    parts: list[Part] = []
    for index, argument in enumerate(arguments):
        parts.extend((separator, *argument) if index else argument)
    return _joined(parts)


def _joined(parts: Iterable[Part]) -> Sql:
    """The same run with neighbouring texts made one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        else:
            joined.append(part)
    return tuple(joined)


class Fragment(FunctionElement[Any]):
    """A run of SQL as one element, which knows the tables it speaks of and can be adapted to aliases.

    `complement` is what `sqlalchemy.not_` makes of a condition: true wherever the condition is not, so
    that negation from outside is right with nulls, too. `deep`: of a query within the query, how much of it
    SQLite's parser has to hold at once (see `nesting`).
    """

    inherit_cache = False
    name = "formula"

    def __init__(self, parts: Sql, type_: TypeEngine[Any], complement: Sql = (), deep: int = 0) -> None:
        super().__init__(*(part for part in parts + complement if not isinstance(part, str)))
        self.type = type_
        self.deep = deep
        self._texts = tuple(part if isinstance(part, str) else None for part in parts)
        self._opposite = tuple(part if isinstance(part, str) else None for part in complement)

    @property
    def negation_clause(self) -> sa.ColumnElement[Any]:  # type: ignore[override]
        """The complement; for a value, which has none, SQL's own NOT."""
        if not self._opposite:
            return Fragment(sql("(NOT {0})", self.parts), self.type)
        return Fragment(self._written(complement=True), self.type, self.parts)

    @property
    def parts(self) -> Sql:
        """The run, with columns as they are after any adaptation."""
        return self._written(complement=False)

    def self_group(self, against: Any = None) -> Any:
        """Itself among conditions and in lists, in parentheses as an operand."""
        return self if against in _OPEN_PLACES else Grouping(self)

    def _written(self, *, complement: bool) -> Sql:
        elements = list(self.clauses)
        here = sum(text is None for text in self._texts)
        own = iter(elements[here:] if complement else elements[:here])
        texts = self._opposite if complement else self._texts
        return tuple(next(own) if text is None else text for text in texts)


@compiles(Fragment)
def _compile(element: Fragment, compiler: SQLCompiler, **options: Any) -> str:
    doubled = compiler.preparer._double_percents  # noqa: SLF001
    written: list[str] = []
    for part in element.parts:
        if isinstance(part, str):
            written.append(part.replace("%", "%%") if doubled else part)
        else:
            written.append(compiler.process(part, **options))
    return "".join(written)
