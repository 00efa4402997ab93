"""Settings of one process: `strata.toml`, overridden by `STRATA_*`, overridden by command-line flags.

`read_settings` is the only reader; everything else is handed a frozen `Settings`. Each value remembers its
source, which `strata config` prints. Secret values may be read from a file (`database_file = "…"` or
`STRATA_DATABASE_FILE`) and are never shown.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.problem import Problem
from formula.suggest import nearest
from runtime.codes import BAD_SETTING, UNKNOWN_SETTING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE_NAME = "strata.toml"
PREFIX = "STRATA_"
READ_ELSEWHERE = frozenset({"STRATA_USER_PASSWORD", "STRATA_TEST_POSTGRES", "STRATA_SEED", "STRATA_CASES"})
"""Variables that are no settings: the password of `strata user`, and what the tests are told."""


def _about(text: str, *, secret: bool = False) -> dict[str, object]:
    return {"help": text, "secret": secret}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings with their defaults; times and sizes carry their unit in the name or the help text."""

    data: Path = field(default=Path(".data"), metadata=_about("folder of the embedded databases"))
    database: str = field(
        default="", metadata=_about("PostgreSQL URL; empty keeps SQLite files in `data`", secret=True)
    )
    host: str = field(default="127.0.0.1", metadata=_about("address to listen on"))
    port: int = field(default=8000, metadata=_about("TCP port to listen on; 0 lets the system choose"))
    threads: int = field(default=8, metadata=_about("threads that answer requests"))
    open_tenants: int = field(default=64, metadata=_about("tenants kept open at a time by one process"))
    body_limit: int = field(default=16_777_216, metadata=_about("largest request body, in bytes"))
    session_hours: int = field(
        default=12, metadata=_about("a session ends after this many hours without a request")
    )
    session_days: int = field(default=30, metadata=_about("a session ends after this many days in any case"))
    sign_in_limit: int = field(
        default=30, metadata=_about("sign-in attempts per minute and address; 0 is no limit")
    )
    visitor_limit: int = field(
        default=600, metadata=_about("requests per minute and address without sign-in; 0 is no limit")
    )
    actor_limit: int = field(
        default=0, metadata=_about("requests per minute and signed-in actor; 0 is no limit")
    )
    forwarded_from: str = field(
        default="127.0.0.1", metadata=_about("proxies whose X-Forwarded-* headers are believed")
    )
    log_level: str = field(default="info", metadata=_about("debug, info, warning or error"))
    log_format: str = field(default="json", metadata=_about("json or text"))
    slow_ms: int = field(
        default=500, metadata=_about("requests slower than this many milliseconds are logged as slow")
    )
    slow_statement_ms: int = field(
        default=200,
        metadata=_about("statements slower than so many milliseconds are logged with their plan; 0: none"),
    )
    files: str = field(
        default="",
        metadata=_about("where files lie: s3://bucket/prefix; empty is the folder `files` in `data`"),
    )
    files_endpoint: str = field(
        default="", metadata=_about("address of the service that keeps the bucket; empty is Amazon's own")
    )
    files_region: str = field(default="us-east-1", metadata=_about("region of the bucket"))
    files_key: str = field(default="", metadata=_about("access key of the bucket", secret=True))
    files_secret: str = field(default="", metadata=_about("secret key of the bucket", secret=True))
    file_limit: int = field(default=104_857_600, metadata=_about("largest file, in bytes"))
    file_room: int = field(
        default=0, metadata=_about("bytes that the files of one company may take; 0 is no limit")
    )
    file_hours: int = field(
        default=24, metadata=_about("an uploaded file that no record holds is deleted after so many hours")
    )
    scanner: str = field(
        default="",
        metadata=_about("virus scanner: a command, clamd:/path or clamd://host:port; empty is none"),
    )
    scan_seconds: int = field(default=30, metadata=_about("seconds that the virus scanner has for one file"))
    secret_keys: str = field(
        default="",
        metadata=_about(
            "keys of secret fields, 32 bytes in base64 each; the first seals, the others open", secret=True
        ),
    )
    secret_keys_command: str = field(
        default="", metadata=_about("command that prints `secret_keys`, such as a KMS client")
    )
    worker: bool = field(default=True, metadata=_about("`strata serve` runs a worker inside"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One line of `strata config`."""

    name: str
    value: str
    source: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings in force and where each came from ("default", a file, a variable, a flag)."""

    settings: Settings
    sources: Mapping[str, str]

    def lines(self) -> Iterator[Setting]:
        """The settings for printing, secrets masked."""
        for item in fields(Settings):
            value = str(getattr(self.settings, item.name))
            shown = "********" if item.metadata["secret"] and value else value
            yield Setting(
                name=item.name,
                value=shown,
                source=self.sources.get(item.name, "default"),
                help=item.metadata["help"],
            )


def read_settings(
    flags: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Configuration:
    """Join the three sources.

    `flags` holds what the command line named (None means not given); `file` must exist when it is given,
    while `strata.toml` in the working directory may be missing. Raises Problem for an unknown name or a value
    of the wrong type.
    """
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for source, pairs in (
        (str(file or FILE_NAME), _file_values(file)),
        ("environment", _environment_values(os.environ if environment is None else environment)),
        ("flag", {name: value for name, value in flags.items() if value is not None}),
    ):
        for given, raw in pairs.items():
            variable = f"{PREFIX}{given.upper()}" if source == "environment" else ""
            written = variable or f"{given} ({source})"
            name, value = _secret_file(given, raw, written)
            values[name] = _convert(_known(name, written), value, written)
            sources[name] = variable or source
    return Configuration(settings=Settings(**values), sources=sources)  # type: ignore[arg-type]


def _file_values(file: Path | None) -> Mapping[str, object]:
    path = file or Path(FILE_NAME)
    if file is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem(
            BAD_SETTING, f"The configuration file {path} cannot be read: {error.strerror}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem(BAD_SETTING, f"The configuration file {path} is not valid TOML: {error}.") from error


def _environment_values(environment: Mapping[str, str]) -> Mapping[str, object]:
    return {
        name.removeprefix(PREFIX).lower(): environment[name]
        for name in environment
        if name.startswith(PREFIX) and name not in READ_ELSEWHERE
    }


def _secret_file(name: str, raw: object, written: str) -> tuple[str, object]:
    """`database_file = path` stands for `database = <the text in that file>`."""
    base = name.removesuffix("_file")
    if base == name or not any(item.name == base and item.metadata["secret"] for item in fields(Settings)):
        return name, raw
    try:
        return base, Path(str(raw)).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Problem(
            BAD_SETTING, f"{written} names {raw}, which cannot be read: {error.strerror}."
        ) from error


def _known(name: str, written: str) -> Field[Any]:
    for item in fields(Settings):
        if item.name == name:
            return item
    near = nearest(name, [item.name for item in fields(Settings)])
    meant = f"{PREFIX}{near.upper()}" if written.startswith(PREFIX) else near
    hint = f"Did you mean {meant}? " if near else ""
    raise Problem(
        UNKNOWN_SETTING, f"{written} is no setting.", hint=f"{hint}`strata config` lists all settings."
    )


def _convert(item: Field[Any], raw: object, written: str) -> object:
    assert item.default is not MISSING
    wanted = type(item.default)
    match item.default:
        case bool():
            value: object = {
                "true": True,
                "1": True,
                "yes": True,
                "false": False,
                "0": False,
                "no": False,
            }.get(str(raw).lower())
        case int():
            value = int(text) if (text := str(raw)).isdecimal() and not isinstance(raw, bool) else None
        case Path():
            value = Path(str(raw)).expanduser()
        case _:
            value = raw if isinstance(raw, str) else None
    if value is None:
        name = {bool: "true or false", int: "a whole number"}.get(wanted, "text")
        raise Problem(BAD_SETTING, f"{written} must be {name}, not {raw!r}.")
    return value
