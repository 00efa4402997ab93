"""One message that survives a redirect: what was just done, in a cookie that the next page consumes.

The cookie holds a word and record ids, never text, so nothing a visitor plants there is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.ids import canonical_id
from runtime.web.shell import Toast

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.web.reader import Reader

COOKIE = "strata_done"
SECONDS = 30
MOST_IDS = 80
"""More ids than these do not fit into a cookie; the message then offers no undo."""
LIST_DONE = frozenset(
    {
        "changed",
        "deleted",
        "restored",
        "purged",
        "view_saved",
        "view_removed",
        "view_unindexed",
        "mapping_saved",
    }
)
DONE = frozenset({"created", "saved", "merged"}) | LIST_DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done (one of `DONE`) with `count` records of an object; deleted `ids` can be restored.

    `names` are those of fields.
    """

    what: str
    object: str
    count: int = 1
    ids: tuple[str, ...] = ()
    draft: str = ""
    names: tuple[str, ...] = ()


def leave(response: Response, done: Done, reader: Reader) -> None:
    """Put the message into the answer's cookie."""
    ids = done.ids if len(done.ids) <= MOST_IDS else ()
    text = "|".join(
        (done.what, done.object, str(done.count), ",".join(ids), done.draft, ",".join(done.names))
    )
    response.set_cookie(COOKIE, text, max_age=SECONDS, path=reader.link("/"), httponly=True, samesite="lax")


def take(text: str | None, reader: Reader) -> Toast | None:
    """The message of a cookie as the next page shows it, or None when there is none that makes sense."""
    parts = (text or "").split("|")
    if len(parts) != 6 or parts[0] not in DONE or not parts[2].isdecimal():
        return None
    what, name, count, listed, draft, fields = parts
    names = ", ".join(one for one in fields.split(",") if one.isidentifier())
    ids = tuple(id_ for part in listed.split(",") if (id_ := canonical_id(part)))
    undo = reader.link(f"/o/{name}/restore") if what == "deleted" and ids and name.isidentifier() else ""
    key = f"list.{what}" if what in LIST_DONE else f"record.{what}"
    return Toast(text=reader.text(key, count=int(count), names=names), undo=undo, ids=ids, draft=draft)
