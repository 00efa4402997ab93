"""What a tenant keeps to know its people again: password hashes and the count of wrong guesses.

Wrong guesses are counted by e-mail, whether or not somebody has it, so that a lock-out tells nothing about
who exists; ten in a row lock the e-mail for fifteen minutes. Functions over a connection; called by
`signin.py` and the command line.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from runtime import sql

if TYPE_CHECKING:
    from datetime import datetime

    from engine.database import Connection

GUESSES = 10
LOCKED_FOR = timedelta(minutes=15)


def keep_hash(connection: Connection, user_id: str, hash: str, now: datetime) -> None:  # noqa: A002
    """Set the password hash of a user."""
    sql.run(
        connection,
        """INSERT INTO s_credential (user_id, hash, changed_at) VALUES (:user_id, :hash, :at)
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at""",
        user_id=user_id,
        hash=hash,
        at=sql.micros(now),
    )


def kept_hash(connection: Connection, user_id: str) -> str | None:
    """The password hash of a user, or None when no password was ever set."""
    found = sql.row(connection, "SELECT hash FROM s_credential WHERE user_id = :user_id", user_id=user_id)
    return None if found is None else str(found[0])


def locked_for(connection: Connection, email: str, now: datetime) -> float:
    """Seconds until this e-mail may be tried again; 0.0 when it may be tried now."""
    found = sql.row(connection, "SELECT locked_until FROM s_guess WHERE email = :email", email=email)
    return 0.0 if found is None else max(0.0, (int(found[0]) - sql.micros(now)) / 1_000_000)


def count_guess(connection: Connection, email: str, now: datetime) -> None:
    """Count a wrong password; the tenth in a row locks the e-mail and starts the count again."""
    sql.run(
        connection,
        """INSERT INTO s_guess (email, failed, locked_until) VALUES (:email, 1, 0)
        ON CONFLICT (email) DO UPDATE SET
            failed = CASE WHEN s_guess.failed + 1 >= :guesses THEN 0 ELSE s_guess.failed + 1 END,
            locked_until = CASE WHEN s_guess.failed + 1 >= :guesses THEN :until ELSE 0 END""",
        email=email,
        guesses=GUESSES,
        until=sql.micros(now + LOCKED_FOR),
    )


def forget_guesses(connection: Connection, email: str) -> None:
    """The right password came: start from zero."""
    sql.run(connection, "DELETE FROM s_guess WHERE email = :email", email=email)
