"""Where the keys of secret fields come from: a setting, a command such as a KMS client, else a file of ours.

The setting lists keys of 32 bytes in base64, apart by commas or white space; the first seals, the others
only open. An embedded installation without a setting has a key of its own beside its data, which is made once
and which a backup must hold; one on PostgreSQL, whose files may not outlive the machine, has none until then.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from engine.problem import Problem
from engine.secrets.vault import KEY_BYTES, NO_VAULT, Vault
from runtime.codes import BAD_SETTING

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.config import Settings

KEY_FILE = "secret.key"
_PATIENCE = 30


def vault_of(settings: Settings) -> Vault:
    """The keys of an installation. Raises `Problem` for a setting without any, or a command that fails."""
    if settings.secret_keys:
        return Vault(keys=_read(settings.secret_keys, "secret_keys"))
    if settings.secret_keys_command:
        return Vault(keys=_read(_asked(settings.secret_keys_command), "secret_keys_command"))
    if settings.database:
        return NO_VAULT
    return Vault(keys=_read(_own(settings.data / KEY_FILE), str(settings.data / KEY_FILE)))


def new_key(random: bytes | None = None) -> str:
    """A key as settings have it; of `random` bytes, which tests give."""
    return b64encode(random or os.urandom(KEY_BYTES)).decode()


def _own(path: Path) -> str:
    """The text of the key file, which is made if there is none; of several makers at once the first wins."""
    if not path.exists():
        whole = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(whole, path)
        except FileExistsError:
            pass
        finally:
            whole.unlink()
    return path.read_text(encoding="ascii")


def _asked(command: str) -> str:
    """What the command answers; its words are split as a shell does, and no shell runs it."""
    try:
        done = subprocess.run(  # noqa: S603  (the operator's own command)
            shlex.split(command), capture_output=True, text=True, timeout=_PATIENCE, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        message = f"secret_keys_command did not answer: {type(error).__name__}."
        raise Problem(BAD_SETTING, message, hint="It prints keys and nothing else.") from error
    return done.stdout


def _read(text: str, source: str) -> tuple[bytes, ...]:
    hint = "`strata secrets key` prints one."
    try:
        keys = tuple(b64decode(word, validate=True) for word in text.replace(",", " ").split())
    except ValueError as error:
        raise Problem(BAD_SETTING, f"{source} holds something that is no base64.", hint=hint) from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise Problem(BAD_SETTING, f"{source} holds keys of {KEY_BYTES} bytes, at least one.", hint=hint)
    return keys
