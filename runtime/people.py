"""People of a tenant as the operator handles them: found by e-mail, added, given permission sets.

Users are ordinary records; all of this goes through a Session of the system's own actor, with its
explicit grants, and is journalled like any other change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import system_actor
from engine.mutation import Create, Mutation
from engine.problem import Problem
from engine.query import Query
from runtime import credential, signin
from runtime.codes import UNKNOWN_PERMISSION, UNKNOWN_USER, USER_EXISTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.release import Release
    from runtime.tenant import Tenant

USER = "user"
ASSIGNMENT = "permission_assignment"
ENTRY = "command line"


def active_user(tenant: Tenant, release: Release, email: str) -> str | None:
    """The id of the active user with this e-mail, or None; any case of letters will do."""
    return _find(tenant, release, f'email = "{_plain(email)}" && active')


def user_id(tenant: Tenant, release: Release, email: str) -> str:
    """Like `active_user`, for commands. Raises Problem when there is none."""
    found = active_user(tenant, release, email)
    if found is None:
        raise Problem(UNKNOWN_USER, f"No active user of {tenant.slug} has the e-mail {email}.", status=404)
    return found


def add_user(
    tenant: Tenant, release: Release, email: str, name: str, password: str, permission_sets: Sequence[str]
) -> str:
    """Add a person with a password and permission sets; return the new record's id.

    Raises Problem: the e-mail is taken or none, a permission set is unknown, the password is too short.
    """
    for wanted in permission_sets:
        if wanted not in release.catalog.permission_sets:
            known = ", ".join(release.catalog.permission_sets)
            raise Problem(
                UNKNOWN_PERMISSION, f"There is no permission set {wanted!r}.", hint=f"Sets: {known}."
            )
    if _find(tenant, release, f'email = "{_plain(email)}"') is not None:
        raise Problem(USER_EXISTS, f"A user with the e-mail {email} exists already.", status=409)
    hashed = tenant.gate.passwords.hash(password)
    session = tenant.session(release, system_actor())
    with session.transaction() as connection:
        values = {"name": name, "email": email, "active": True}
        made = tenant.gate.ids()
        objects = release.catalog.objects
        session.apply(Mutation(object=objects[USER], changes=(Create(id=made, values=values),), entry=ENTRY))
        assignments = tuple(Create(values={"permission_set": s, "user": made}) for s in permission_sets)
        if assignments:
            session.apply(Mutation(object=objects[ASSIGNMENT], changes=assignments, entry=ENTRY))
        credential.keep_hash(connection, made, hashed, tenant.gate.clock())
    return made


def set_password(tenant: Tenant, release: Release, email: str, password: str) -> None:
    """Change a password and end the person's sessions. Raises Problem like `user_id`."""
    person = user_id(tenant, release, email)
    hashed = tenant.gate.passwords.hash(password)
    with tenant.database.write() as connection:
        credential.keep_hash(connection, person, hashed, tenant.gate.clock())
        credential.forget_guesses(connection, _plain(email))
        signin.revoke_all(connection, person, tenant.gate.clock())
    tenant.identities.forget()


def _find(tenant: Tenant, release: Release, condition: str) -> str | None:
    session = tenant.session(release, system_actor())
    user = release.catalog.objects[USER]
    page = session.query(Query(object=user, where=session.condition(user, condition), limit=1))
    return page.records[0].id if page.records else None


def _plain(email: str) -> str:
    """The e-mail as it may stand in a condition: no address has a quote or a backslash."""
    return email.strip().lower().translate({ord('"'): "?", ord("\\"): "?"})
