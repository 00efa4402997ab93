"""A tenant's data keys, and secret values sealed with the newest of them.

Data keys are kept in `s_key`, encrypted by the installation's (`vault.py`), so that a new key of the
installation means to encrypt a few keys again and no value. Read anew in each transaction that needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.codec import datetime_form, id_form
from engine.fields.secret import SEALED
from engine.problem import Problem
from engine.secrets.codes import WRONG_KEY
from engine.secrets.vault import KEY_BYTES, decrypt, encrypt
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from engine.database import Connection
    from engine.secrets.vault import Vault

_KEYS = "SELECT number, id, wrapped FROM s_key ORDER BY number"
_ADD = (
    "INSERT INTO s_key (id, number, wrapped, at)"
    " VALUES (:id, (SELECT COALESCE(max(number), 0) + 1 FROM s_key), :wrapped, :at)"
)
_WRAP = "UPDATE s_key SET wrapped = :wrapped WHERE id = :id"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keyring:
    """The data keys by their numbers, at least one; the highest seals."""

    keys: Mapping[int, bytes]
    random: Callable[[int], bytes]

    @property
    def newest(self) -> int:
        """The number of the key that seals."""
        return max(self.keys)

    def seal(self, value: str, place: str) -> str:
        """The value, sealed for a place such as `field:record`."""
        token = encrypt(self.keys[self.newest], value.encode(), place, self.random)
        return f"{SEALED}{self.newest}.{token}"

    def opened(self, sealed: str, place: str) -> str | None:
        """The value of a sealed text; None where it is none of this tenant's, or of another place."""
        number, _, token = sealed.removeprefix(SEALED).partition(".")
        known = sealed.startswith(SEALED) and number.isascii() and number.isdigit()
        key = self.keys.get(int(number[:9])) if known else None
        found = decrypt(key, token, place) if key else None
        return None if found is None else found.decode()

    def plain(self, sealed: str, place: str) -> str:
        """The value of what is kept. Raises `Problem` where it was altered or its key is gone."""
        found = self.opened(sealed, place)
        if found is None:
            raise Problem(WRONG_KEY, "The value was altered, or its key is gone.", status=503)
        return found

    def fresh(self, sealed: str) -> bool:
        """Whether the newest key sealed it."""
        return sealed.startswith(f"{SEALED}{self.newest}.")


def read_keyring(connection: Connection, vault: Vault) -> Keyring | None:
    """The tenant's keys, or None before the first; one statement. Raises `Problem` where they do not open."""
    decode = id_form(connection.dialect).decode
    rows = compile_text(_KEYS, connection.dialect, (None, decode, None)).rows(connection)
    keys = {int(number): vault.unwrap(wrapped, id_) for number, id_, wrapped in rows}
    return Keyring(keys=keys, random=vault.random) if keys else None


def add_key(connection: Connection, vault: Vault, id_: str, at: datetime) -> Keyring:
    """Make a new data key, which seals from now on; `connection` is in a writing transaction."""
    identity, moment = id_form(connection.dialect).encode or str, datetime_form(connection.dialect).encode
    wrapped = vault.wrap(vault.random(KEY_BYTES), id_)
    compile_text(_ADD, connection.dialect).run(
        connection, {"id": identity(id_), "wrapped": wrapped, "at": moment(at) if moment else at}
    )
    made = read_keyring(connection, vault)
    assert made is not None
    return made


def passing_keyring(vault: Vault) -> Keyring:
    """One for what will not be kept. Raises `Problem` where the installation has no key."""
    key = vault.random(KEY_BYTES)
    vault.wrap(key, "")
    return Keyring(keys={1: key}, random=vault.random)


def wrap_again(connection: Connection, vault: Vault) -> int:
    """Encrypt the data keys with the installation's first key where another did; return how many."""
    form = id_form(connection.dialect)
    encode = form.encode or str
    rows = compile_text(_KEYS, connection.dialect, (None, form.decode, None)).rows(connection)
    old = [(id_, wrapped) for _, id_, wrapped in rows if not vault.serves(wrapped)]
    update = compile_text(_WRAP, connection.dialect)
    for id_, wrapped in old:
        again = vault.wrap(vault.unwrap(wrapped, id_), id_)
        update.run(connection, {"id": encode(id_), "wrapped": again})
    return len(old)
