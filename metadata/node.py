"""A YAML value that knows where it stands: the only shape of documents inside `metadata`.

Made by the reader, carried through the layers (so a merged tree says for each value which file it came
from), and turned into catalog types by the compiler. Nothing above the compiler sees a Node.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from formula.issue import Issue

if TYPE_CHECKING:
    from formula.issue import Code, Severity
    from formula.source import Source, Span

Scalar = str | int | Decimal | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value. `span` is its place in `source`, `key` the place of its key when it stands in a mapping.

    `style` is how a scalar was written: `'`, `"`, `|`, `>` or "" for plain; `below` is the value of a lower
    layer that this one stands in place of.
    """

    value: Scalar | dict[str, Node] | list[Node]
    source: Source
    span: Span
    key: Span | None = None
    style: str = ""
    below: Node | None = None

    @property
    def mapping(self) -> dict[str, Node]:
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The elements of a list; empty for anything else."""
        return self.value if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        """The text of a scalar; "" for anything else."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, name: str) -> Node | None:
        """The entry of a mapping, or None."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def string(self, name: str, default: str = "") -> str:
        """The text under a key."""
        found = self.get(name)
        return found.text if found is not None and found.text else default

    def flag(self, name: str) -> bool:
        """Whether the value under a key is `true`."""
        found = self.get(name)
        return found is not None and found.value is True

    def entries(self, *names: str) -> dict[str, Node]:
        """The entries of the mapping some keys down; empty when there is none."""
        here: Node | None = self
        for name in names:
            here = None if here is None else here.get(name)
        return {} if here is None else here.mapping

    def elements(self, name: str) -> list[Node]:
        """The elements of the list under a key; empty when there is none."""
        found = self.get(name)
        return [] if found is None else found.items

    def walk(self, *names: str) -> Node:
        """The node some keys down, to place an Issue: where a key is lacking, the last one that exists."""
        here = self
        for name in names:
            below = here.get(name)
            if below is None:
                return here
            here = below
        return here

    def with_value(self, value: dict[str, Node] | list[Node]) -> Node:
        """This node at its place, with other contents."""
        return replace(self, value=value)

    def plain(self) -> Plain:
        """The value without places."""
        match self.value:
            case dict() as entries:
                return {name: node.plain() for name, node in entries.items()}
            case list() as items:
                return [node.plain() for node in items]
            case scalar:
                return scalar

    def issue(
        self, code: Code, message: str, *, hint: str = "", at_key: bool = False, severity: Severity = "error"
    ) -> Issue:
        """An Issue placed at the value, or at its key."""
        span = self.key if at_key and self.key is not None else self.span
        return Issue(code=code, message=message, source=self.source, span=span, hint=hint, severity=severity)
