"""The codes of what can go wrong with secret fields and their keys."""

from __future__ import annotations

from formula.issue import Code

NO_KEY = Code(
    id="P260",
    title="No key for secret fields",
    cause="Secret fields are encrypted with a key of the installation, and it has none.",
    mend="Set secret_keys to 32 random bytes in base64; `strata secrets key` makes some.",
)
WRONG_KEY = Code(
    id="P261",
    title="Encrypted with another key",
    cause="What is kept was altered, or encrypted with a key that the installation does not have any more.",
    mend="Add the former key at the end of secret_keys.",
)
NOT_SECRET = Code(
    id="P262",
    title="Not a secret field",
    cause="Only secret fields are revealed; the others are there to be read.",
    mend="Read the record.",
)

CODES: tuple[Code, ...] = tuple(code for code in tuple(globals().values()) if isinstance(code, Code))
