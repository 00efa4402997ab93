"""Views of lists that people save for themselves: a name and the state of the list as its address says it.

Rows of `s_list_view` in the tenant's database; each belongs to one person and is seen by nobody else. What a
state means, and what its owner may still see of it, the list decides each time it is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime import sql

if TYPE_CHECKING:
    from engine.database import Connection

MOST = 50
"""Views one person keeps of one object; the form says so to whoever wants more."""
LONGEST_NAME = 60
LONGEST_QUERY = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """`query` is the list's state from the question mark on; the `default` one opens when none is named."""

    id: str
    name: str
    query: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The views of one person for one object, by the ids of both."""

    connection: Connection
    user: str
    object: str

    def views(self) -> tuple[SavedView, ...]:
        """All of them, in the order in which they were made."""
        found = sql.rows(
            self.connection,
            """SELECT id, name, query, chosen FROM s_list_view
            WHERE user_id = :user AND object_id = :object ORDER BY id""",
            user=self.user, object=self.object,
        )  # fmt: skip
        return tuple(SavedView(id=id_, name=name, query=query, default=bool(chosen))
                     for id_, name, query, chosen in found)  # fmt: skip

    def add(self, id_: str, name: str, query: str) -> bool:
        """Keep a new view; False when there are too many, or its state is too long."""
        if len(query) > LONGEST_QUERY or len(self.views()) >= MOST:
            return False
        sql.run(
            self.connection,
            """INSERT INTO s_list_view (id, user_id, object_id, name, query, chosen)
            VALUES (:id, :user, :object, :name, :query, 0)""",
            id=id_, user=self.user, object=self.object, name=name[:LONGEST_NAME], query=query,
        )  # fmt: skip
        return True

    def rename(self, id_: str, name: str) -> None:
        """Give a view another name."""
        self._set(id_, "name", name[:LONGEST_NAME])

    def update(self, id_: str, query: str) -> bool:
        """Let a view show another state; False when that is too long."""
        if len(query) > LONGEST_QUERY:
            return False
        self._set(id_, "query", query)
        return True

    def choose(self, id_: str) -> None:
        """Make a view the one that opens first; "" leaves that to the metadata."""
        sql.run(
            self.connection,
            """UPDATE s_list_view SET chosen = CASE WHEN id = :id THEN 1 ELSE 0 END
            WHERE user_id = :user AND object_id = :object""",
            id=id_, user=self.user, object=self.object,
        )  # fmt: skip

    def remove(self, id_: str) -> None:
        """Forget a view."""
        sql.run(
            self.connection,
            "DELETE FROM s_list_view WHERE id = :id AND user_id = :user AND object_id = :object",
            id=id_, user=self.user, object=self.object,
        )  # fmt: skip

    def _set(self, id_: str, column: str, value: str) -> None:
        sql.run(
            self.connection,
            f"UPDATE s_list_view SET {column} = :value "  # noqa: S608  (the column is a word of this module)
            "WHERE id = :id AND user_id = :user AND object_id = :object",
            value=value, id=id_, user=self.user, object=self.object,
        )  # fmt: skip
