"""Acting as another user, to see what she sees: with her grants only, marked in everything that is written.

A browser's session says whom its owner acts as; a program says it in the header `X-Strata-Act-As` of each
request. Start and end are change sets of their own. Nobody gains by it: who holds a right that the
impersonator lacks cannot be acted for. Called by sign-in (`identity.py`), pages, and nobody else.
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.actor import load_actor
from engine.changeset import ChangeSet, noted_since, write_change_set
from engine.ids import canonical_id
from engine.planner import require_right
from engine.problem import Problem
from engine.sentence import said
from runtime import sql
from runtime.codes import NOT_AS_ANOTHER, NOT_TO_BE_ACTED

if TYPE_CHECKING:
    from engine.actor import Actor
    from engine.database import Connection
    from engine.release import Release
    from runtime.exchange import Exchange
    from runtime.signin import SignIn
    from runtime.tenant import Tenant

RIGHT = "impersonate"
HEADER = "x-strata-act-as"
STARTED, ENDED, BY_PROGRAM = "impersonation", "impersonation_ended", "impersonation_api"
"""Entries of the change sets that record the start and end in a browser, and the use by a program."""
AGAIN = timedelta(hours=1)
"""A program that keeps acting as somebody is recorded once in this time."""


def acting(tenant: Tenant, release: Release, person: Actor, user_id: str) -> Actor:
    """The actor of the user with this id, as whom `person` acts.

    Raises Problem 403: she lacks the right, acts as somebody already, or means herself, somebody who is not
    active, or somebody with a right that she lacks.
    """
    mine = tenant.session(release, person).policy
    require_right(mine, RIGHT, "act as another user")
    if person.impersonator is not None:
        raise _refusal(said("You act as another user already."))
    id_ = canonical_id(user_id)
    if id_ == person.id:
        raise _refusal(said("Nobody acts as herself."))
    with tenant.database.read() as connection:
        found = load_actor(connection, release, id_) if id_ else None
    if found is None:
        raise _refusal(said("There is no such user who is active."))
    if beyond := sorted(tenant.session(release, found).policy.rights - mine.rights):
        raise _refusal(
            said("{name} holds a right that you lack: {rights}.", name=found.name, rights=", ".join(beyond))
        )
    return dataclasses.replace(found, kind=person.kind, impersonator=person.id)


def acting_by_header(tenant: Tenant, release: Release, person: Actor, named: str) -> Actor:
    """The actor for a request of a program; `named` is a user's id or e-mail. Raises as `acting` does."""
    user_id = tenant.user_by_email(release, named) if "@" in named else named
    found = acting(tenant, release, person, user_id or "")
    start = _note(tenant, person.id, found.id, BY_PROGRAM)
    with tenant.database.read() as connection:
        known = noted_since(connection, release, start, start.at - AGAIN)
    if not known:
        with tenant.database.write() as connection:
            write_change_set(connection, release, start)
    return found


def begin(exchange: Exchange, user_id: str, reason: str = "") -> Actor:
    """From now on the session of this request acts as the user. Raises Problem as `acting` does."""
    session, tenant = _own_session(exchange), exchange.tenant
    found = acting(tenant, exchange.release, exchange.signed_in.actor, user_id)
    with tenant.database.write() as connection:
        _keep(connection, session.id, found.id or "")
        note = _note(tenant, session.user_id, found.id, STARTED, reason)
        write_change_set(connection, exchange.release, note)
    tenant.identities.forget()
    return found


def end(tenant: Tenant, release: Release, session: SignIn) -> None:
    """The session acts as its owner again; one that did not act as another stays as it is."""
    if not session.acting_as:
        return
    with tenant.database.write() as connection:
        _keep(connection, session.id, "")
        note = _note(tenant, session.user_id, session.acting_as, ENDED)
        write_change_set(connection, release, note)
    tenant.identities.forget()


def refuse_acting(actor: Actor) -> None:
    """Raise Problem 403 for who acts as another: what nobody notes in two names is its owner's affair."""
    if actor.impersonator is not None:
        message = said("This is not possible while you act as {name}.", name=actor.name)
        raise Problem(NOT_AS_ANOTHER, message, status=403, hint=NOT_AS_ANOTHER.mend)


def _own_session(exchange: Exchange) -> SignIn:
    if exchange.sign_in is None:
        raise Problem(
            NOT_TO_BE_ACTED, "Only a browser's session acts as another user until it is stopped.", status=403,
            hint=f"A program sends the header {HEADER} with each request.",
        )  # fmt: skip
    return exchange.sign_in


def _keep(connection: Connection, session: str, user_id: str) -> None:
    sql.run(
        connection, "UPDATE s_sign_in SET acting_as = :user_id WHERE id = :id", id=session, user_id=user_id
    )


def _note(tenant: Tenant, person: str | None, user_id: str | None, entry: str, reason: str = "") -> ChangeSet:
    return ChangeSet(
        id=tenant.gate.ids(), at=tenant.gate.clock(), actor=person, entry=entry, reason=reason,
        automation=False, subject=user_id,
    )  # fmt: skip


def _refusal(message: str) -> Problem:
    return Problem(NOT_TO_BE_ACTED, message, status=403, hint=NOT_TO_BE_ACTED.mend)
