"""People of a tenant as the operator handles them: found by e-mail, added, given permission sets.

Users are ordinary records; all of this goes through a Session of the system's own actor, with its
explicit grants, and is journalled like any other change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.actor import SYSTEM_SET, load_actor, system_actor
from engine.mutation import Create, Mutation, Update
from engine.problem import Problem
from engine.query import Query
from metadata.catalog import FieldPath
from runtime import credential, signin
from runtime.codes import UNKNOWN_PERMISSION, UNKNOWN_USER, USER_EXISTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.actor import Actor
    from engine.release import Release
    from runtime.tenant import Tenant

USER = "user"
LANGUAGE = "language"
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


def actor_of(tenant: Tenant, release: Release, email: str) -> Actor:
    """The active user of this e-mail as who acts. Raises Problem when there is none."""
    id_ = user_id(tenant, release, email)
    with tenant.database.read() as connection:
        found = load_actor(connection, release, id_)
    assert found is not None, "the user is active"
    return found


def any_user(tenant: Tenant, release: Release, email: str) -> str:
    """The id of the user with this e-mail, active or not. Raises Problem when there is none."""
    found = _find(tenant, release, f'email = "{_plain(email)}"')
    if found is None:
        raise Problem(UNKNOWN_USER, f"No user of {tenant.slug} has the e-mail {email}.", status=404)
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
    session = tenant.upkeep(release)
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


def keep_language(tenant: Tenant, release: Release, person: Actor, language: str) -> bool:
    """Keep `language` (a BCP 47 tag) with the person's own user record; False where that cannot hold it.

    Everybody may choose her language, so this one field is written with the system's grants, in her name.
    """
    field = release.catalog.objects[USER].fields.get(LANGUAGE)
    if field is None or person.id is None or language not in {option.code for option in field.options}:
        return False
    if person.language != language:
        session = tenant.session(release, replace(person, permission_sets=(SYSTEM_SET,)))
        change = Update(id=person.id, values={LANGUAGE: language})
        session.apply(Mutation(object=field.object, changes=(change,), entry="preferences", answer=False))
        tenant.identities.forget()
    return True


def administrators(tenant: Tenant, release: Release, most: int = 3) -> tuple[str, ...]:
    """Names of people who can grant what another one lacks: they may assign permission sets."""
    granting = [
        sets.name
        for sets in release.catalog.permission_sets.values()
        if ASSIGNMENT in sets.grants and sets.grants[ASSIGNMENT].create
    ]
    if not granting:
        return ()
    session = tenant.session(release, system_actor())
    assignment = release.catalog.objects[ASSIGNMENT]
    wanted = " || ".join(f'permission_set = "{name}"' for name in granting)
    person = FieldPath(links=(assignment.fields[USER],), field=release.catalog.objects[USER].fields["name"])
    asked = Query(
        object=assignment, fields=(person,), where=session.condition(assignment, wanted), limit=most
    )
    names = (record.values.get(person.name) for record in session.query(asked).records)
    return tuple(dict.fromkeys(str(name) for name in names if name))


def _find(tenant: Tenant, release: Release, condition: str) -> str | None:
    session = tenant.session(release, system_actor())
    user = release.catalog.objects[USER]
    page = session.query(Query(object=user, where=session.condition(user, condition), limit=1))
    return page.records[0].id if page.records else None


def _plain(email: str) -> str:
    """The e-mail as it may stand in a condition: no address has a quote or a backslash."""
    return email.strip().lower().translate({ord('"'): "?", ord("\\"): "?"})
