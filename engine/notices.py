"""Messages between processes over PostgreSQL's LISTEN and NOTIFY: who waits for them.

A message is only a wink: what is sent while nobody listens is lost, so whoever listens must also look by
itself now and then. Sending is a statement like any other (`pg_notify`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from engine.database import Unavailable

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

LOOK_SECONDS = 0.5
"""How soon a listener notices that it shall stop."""


def listen(dsn: str, channel: str, stop: threading.Event) -> Iterator[str]:
    """Yield the payload of each message on a channel, over a connection of its own, until `stop` is set.

    Raises:
        Unavailable: the server cannot be reached, or the connection is lost.
    """
    try:
        with psycopg.connect(dsn, autocommit=True) as raw:
            raw.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            while not stop.is_set():
                for notice in raw.notifies(timeout=LOOK_SECONDS):
                    yield notice.payload
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error
