"""The keys of an installation, and what they do: AES-256-GCM (NIST SP 800-38D) with a fresh nonce each time.

A token binds what is encrypted to a place: moved elsewhere it does not open. Pure; where keys come from is
the runtime's affair (`runtime/vault.py`), and which data keys a tenant has is `keyring.py`.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from engine.problem import Problem
from engine.secrets.codes import NO_KEY, WRONG_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_PRINT = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Vault:
    """Keys of 32 bytes that encrypt data keys: the first one serves, those after it only open.

    `random` gives so many bytes that nobody can guess.
    """

    keys: tuple[bytes, ...] = ()
    random: Callable[[int], bytes] = os.urandom

    def wrap(self, key: bytes, place: str) -> str:
        """Encrypt a data key. Raises `Problem` where the installation has no key."""
        if not self.keys:
            raise Problem(NO_KEY, "No key is set for secret fields.", status=503, hint=NO_KEY.mend)
        return f"{_print(self.keys[0])}.{encrypt(self.keys[0], key, place, self.random)}"

    def unwrap(self, wrapped: str, place: str) -> bytes:
        """The data key again. Raises `Problem` where no key of the installation opens it."""
        name, _, token = wrapped.partition(".")
        for key in self.keys:
            if _print(key) == name and (found := decrypt(key, token, place)) is not None:
                return found
        code = WRONG_KEY if self.keys else NO_KEY
        message = "The key of the secret fields does not open." if self.keys else "No key is set for them."
        raise Problem(code, message, status=503, hint=code.mend)

    def serves(self, wrapped: str) -> bool:
        """Whether the first key encrypted it."""
        return bool(self.keys) and wrapped.partition(".")[0] == _print(self.keys[0])


NO_VAULT = Vault()
"""That of an installation without keys: secret fields take no values."""


def encrypt(key: bytes, plain: bytes, place: str, random: Callable[[int], bytes]) -> str:
    """A token that opens with this key, at this place; text of the URL-safe base64 alphabet."""
    nonce = random(_NONCE_BYTES)
    return urlsafe_b64encode(nonce + _cipher(key).encrypt(nonce, plain, place.encode())).decode().rstrip("=")


def decrypt(key: bytes, token: str, place: str) -> bytes | None:
    """What a token holds; None where it was made with another key, for another place, or altered."""
    from cryptography.exceptions import InvalidTag

    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        return None


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # most processes never need it

    return AESGCM(key)


def _print(key: bytes) -> str:
    """By which a key is told from others, and which tells nothing of it."""
    return sha256(b"strata key\0" + key).hexdigest()[:_PRINT]
