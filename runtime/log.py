"""The structured log: one line per event on standard error, JSON for machines or text for a terminal.

Made once per process and passed on; nothing is configured globally. Secrets never get in because
callers log named values, never headers, bodies or parameters.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO, TypeAlias

import msgspec

if TYPE_CHECKING:
    from runtime.config import Settings

Form: TypeAlias = Callable[[Mapping[str, object]], str]
"""How an event becomes a line."""

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}


class Log:
    """Writes events of one level and above. Safe to share between threads: each event is one write."""

    __slots__ = ("_form", "_least", "_stream")

    def __init__(self, stream: TextIO, *, level: str = "info", form: Form | None = None) -> None:
        self._stream = stream
        self._least = LEVELS.get(level.lower(), LEVELS["info"])
        self._form = form or as_json

    def debug(self, event: str, **values: object) -> None:
        """Note what only a developer wants to know."""
        self._note("debug", event, values)

    def info(self, event: str, **values: object) -> None:
        """Note what is as it should be."""
        self._note("info", event, values)

    def warning(self, event: str, **values: object) -> None:
        """Note what an operator should look at."""
        self._note("warning", event, values)

    def error(self, event: str, *, raised: BaseException | None = None, **values: object) -> None:
        """Note what failed, with the exception and its traceback if there is one."""
        if raised is not None:
            values["exception"] = "".join(traceback.format_exception(raised)).rstrip()
        self._note("error", event, values)

    def _note(self, level: str, event: str, values: Mapping[str, object]) -> None:
        if LEVELS[level] < self._least:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._stream.write(self._form({"at": at, "level": level, "event": event, **values}) + "\n")
        self._stream.flush()


def open_log(settings: Settings) -> Log:
    """The process's log at the configured level and in the configured form; unknown levels count as info."""
    form = as_text if settings.log_format == "text" else as_json
    return Log(sys.stderr, level=settings.log_level, form=form)


def as_json(event: Mapping[str, object]) -> str:
    """The event as one line of JSON; a value that JSON does not know is written as text."""
    return msgspec.json.encode(event, enc_hook=str).decode()


def as_text(event: Mapping[str, object]) -> str:
    """The event for a terminal: time, level, what happened, then the values, a traceback below."""
    rest = dict(event)
    at, level, name, exception = (rest.pop(key, "") for key in ("at", "level", "event", "exception"))
    values = "".join(f" {key}={value}" for key, value in rest.items())
    return f"{at} {level:8}{name}{values}" + (f"\n{exception}" if exception else "")
