"""Files that a request brought, taken in: staged, scanned, registered as the actor's own.

What API and pages share. A harmful file is refused at once; one of which the scanner says nothing waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.files.codes import FILE_BLOCKED
from engine.files.file import State
from engine.files.upload import Upload, upload
from engine.problem import Problem
from engine.sentence import said

if TYPE_CHECKING:
    from engine.files.file import File
    from runtime.exchange import Exchange
    from runtime.spool import Sent


def staged(exchange: Exchange, sent: Sent) -> Upload:
    """The bytes in the tenant's store, and what the scanner says of them.

    Raises Problem: 413 and 507 as the store does, 422 for a harmful file; nothing is left then.
    """
    depot, store = exchange.tenant.gate.depot, exchange.tenant.store
    held = store.stage(sent.chunks(), depot.limit)
    try:
        state = depot.scanner(sent.chunks())
        if state is State.BLOCKED:
            message = said("“{name}” is blocked.", name=sent.name)
            raise Problem(FILE_BLOCKED, message, status=422, hint=FILE_BLOCKED.mend)
    except BaseException:
        store.drop(held)
        raise
    return Upload(name=sent.name, staged=held, state=state)


def received(exchange: Exchange, sent: Sent) -> File:
    """A new file of the actor's. Raises Problem as `staged` and `upload` do."""
    return registered(exchange, staged(exchange, sent))


def registered(exchange: Exchange, given: Upload) -> File:
    """What was staged as a new file of the actor's."""
    room = exchange.tenant.gate.depot.room
    return upload(exchange.signed_in, exchange.tenant.store, given, room=room)
