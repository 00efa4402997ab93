"""Views of lists that people save: a name and the state of the list as its address says it.

Rows of `s_list_view` in the tenant's database. Each belongs to one person, who may share it with others
(`s_list_view_share`); they see it and never change it. Where somebody puts a view among her tabs, and which
one opens first, is a matter of her own (`s_list_view_place`), for views of the metadata as well. What a state
means, and what its reader may see of it, the list decides each time it is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from runtime import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.database import Connection

MOST = 50
"""Views one person keeps of one object; the form says so to whoever wants more."""
LONGEST_NAME = 60
LONGEST_QUERY = 4000
MOST_SHARES = 200
"""Users, groups and departments that one view is shared with."""

USER, GROUP, DEPARTMENT, EVERYONE = "user", "group", "department", "everyone"
KINDS: Final = (USER, GROUP, DEPARTMENT, EVERYONE)

_MINE = "v.user_id = :user AND v.object_id = :object"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """`query` is the list's state from the question mark on; an `owned` one may be `shared` with others."""

    id: str
    name: str
    query: str
    owned: bool = True
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """With whom: the kind, and the id of the record, "" for everybody."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person has put a view, by its id or `view:<name>`; the `default` one opens first."""

    view: str
    place: int
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The views of one person for one object, by their ids; `groups` and `places` are those she is in."""

    connection: Connection
    user: str
    object: str
    groups: Sequence[str] = ()
    places: Sequence[str] = ()

    def views(self) -> tuple[SavedView, ...]:
        """Her own and those shared with her, in the order in which they were made."""
        return self.placed()[0]

    def placed(self) -> tuple[tuple[SavedView, ...], tuple[Place, ...]]:
        """The same, and where she has put views of any kind, in her order; one statement."""
        given, shared = self._shared()
        found = sql.rows(
            self.connection,
            f"""SELECT v.id, v.name, v.query, v.user_id, CASE WHEN EXISTS (
                SELECT 1 FROM s_list_view_share s WHERE s.view_id = v.id) THEN 1 ELSE 0 END, 0 AS place, 0
            FROM s_list_view v WHERE v.object_id = :object AND (v.user_id = :user OR EXISTS (
                SELECT 1 FROM s_list_view_share s WHERE s.view_id = v.id AND ({shared})))
            UNION ALL SELECT view, NULL, NULL, NULL, NULL, place, chosen FROM s_list_view_place
            WHERE user_id = :user AND object_id = :object ORDER BY 6, 1""",  # noqa: S608
            user=self.user, object=self.object, **given,
        )  # fmt: skip
        views = (
            SavedView(id=id_, name=name, query=query, owned=owner == self.user, shared=bool(shared))
            for id_, name, query, owner, shared, _, _ in found
            if name is not None
        )
        places = (
            Place(view=view, place=int(at), default=bool(chosen))
            for view, name, _, _, _, at, chosen in found
            if name is None
        )
        return tuple(views), tuple(places)

    def shares(self, id_: str) -> tuple[Share, ...]:
        """With whom a view of hers is shared."""
        found = sql.rows(
            self.connection,
            f"""SELECT s.kind, s.subject FROM s_list_view_share s JOIN s_list_view v ON v.id = s.view_id
            WHERE v.id = :id AND {_MINE} ORDER BY s.kind, s.subject""",  # noqa: S608
            id=id_, user=self.user, object=self.object,
        )  # fmt: skip
        return tuple(Share(kind=kind, subject=subject) for kind, subject in found)

    def add(self, id_: str, name: str, query: str) -> bool:
        """Keep a new view; False when there are too many, or its state is too long."""
        if len(query) > LONGEST_QUERY or sum(view.owned for view in self.views()) >= MOST:
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

    def share(self, id_: str, shares: Iterable[Share]) -> bool:
        """Share a view of hers with just these; False when there is no such view, or there are too many."""
        wanted = tuple(dict.fromkeys(shares))
        if len(wanted) > MOST_SHARES or not any(view.id == id_ and view.owned for view in self.views()):
            return False
        sql.run(self.connection, "DELETE FROM s_list_view_share WHERE view_id = :id", id=id_)
        for one in wanted:
            sql.run(
                self.connection,
                "INSERT INTO s_list_view_share (view_id, kind, subject) VALUES (:id, :kind, :subject)",
                id=id_, kind=one.kind, subject=one.subject,
            )  # fmt: skip
        return True

    def arrange(self, views: Sequence[str], default: str) -> None:
        """Put her tabs into this order, by their keys; `default` is the one that opens first, "" for none."""
        sql.run(
            self.connection,
            "DELETE FROM s_list_view_place WHERE user_id = :user AND object_id = :object",
            user=self.user, object=self.object,
        )  # fmt: skip
        for place, view in enumerate(dict.fromkeys(views)):
            sql.run(
                self.connection,
                """INSERT INTO s_list_view_place (user_id, object_id, view, place, chosen)
                VALUES (:user, :object, :view, :place, :chosen)""",
                user=self.user, object=self.object, view=view, place=place, chosen=int(view == default),
            )  # fmt: skip

    def remove(self, id_: str) -> None:
        """Forget a view, for everybody it was shared with."""
        gone = sql.run(
            self.connection,
            "DELETE FROM s_list_view WHERE id = :id AND user_id = :user AND object_id = :object",
            id=id_, user=self.user, object=self.object,
        )  # fmt: skip
        if gone:
            sql.run(self.connection, "DELETE FROM s_list_view_share WHERE view_id = :id", id=id_)
            sql.run(self.connection, "DELETE FROM s_list_view_place WHERE view = :id", id=id_)

    def _set(self, id_: str, column: str, value: str) -> None:
        sql.run(
            self.connection,
            f"UPDATE s_list_view SET {column} = :value "  # noqa: S608  (the column is a word of this module)
            "WHERE id = :id AND user_id = :user AND object_id = :object",
            value=value, id=id_, user=self.user, object=self.object,
        )  # fmt: skip

    def _shared(self) -> tuple[dict[str, str], str]:
        """The condition that something is shared with her, and its parameters."""
        rules = ["s.kind = 'everyone'", "(s.kind = 'user' AND s.subject = :user)"]
        given: dict[str, str] = {}
        for kind, ids in ((GROUP, self.groups), (DEPARTMENT, self.places)):
            names = {f"{kind}_{place}": id_ for place, id_ in enumerate(ids)}
            given |= names
            if names:
                listed = ", ".join(f":{name}" for name in names)
                rules.append(f"(s.kind = '{kind}' AND s.subject IN ({listed}))")
        return given, " OR ".join(rules)
