"""The codes of what can go wrong with a job beside its own work."""

from __future__ import annotations

from formula.issue import Code

BROKEN_OFF = Code(
    id="P330",
    title="Broken off too often",
    cause="Whoever worked on the job died at the same place again and again.",
    mend="Look at the log of the worker, then ask for the job again.",
)
CANNOT_ACT = Code(
    id="P331",
    title="Who asked can no longer act",
    cause="A job runs with the rights of whoever asked for it, and her account is not active any more.",
    mend="Let somebody else ask for it.",
)
UNKNOWN_KIND = Code(
    id="P332",
    title="Unknown kind of job",
    cause="This program does not know the kind; a newer one asked for the job.",
    mend="Let workers of the newer version run.",
)

CODES: tuple[Code, ...] = tuple(code for code in tuple(globals().values()) if isinstance(code, Code))
