"""Where the files of all tenants lie, and under which limits: what the settings say of files, made ready.

Each tenant has a place of its own, named after its id: a folder, or a prefix of a bucket. Nothing leads from
one to another, as keys are made of digests and ids alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from engine.files.checking import check_pending
from engine.files.cleanup import tidy, tidy_due
from engine.files.preview import Previews
from engine.files.scan import Scanner
from engine.files.store import Store
from engine.problem import Problem
from runtime.codes import BAD_SETTING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.session import Session
    from runtime.config import Settings
    from runtime.tenant import Tenant

FOLDER = "files"
TIMEOUT = "60s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket of a service that speaks S3; `prefix` is "" or a path in it."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """`place` is a folder or a bucket; `limit` and `room` are bytes, of a file and of a company's files."""

    place: Path | Bucket
    ids: Callable[[], str]
    limit: int
    room: int
    unused: timedelta
    scanner: Scanner
    previews: Previews

    def store(self, tenant: str) -> Store:
        """The place of a tenant, by its id."""
        if isinstance(self.place, Bucket):
            return self._bucket(self.place, tenant)
        # The library takes as long to load as all else that a command needs.
        from obstore.store import LocalStore

        folder = (self.place / tenant).absolute()
        return Store(LocalStore(prefix=folder, mkdir=True), self.ids, folder)

    def _bucket(self, bucket: Bucket, tenant: str) -> Store:
        from obstore.store import S3Store

        endpoint = {"endpoint": bucket.endpoint} if bucket.endpoint else {}
        keys = {"access_key_id": bucket.key, "secret_access_key": bucket.secret} if bucket.key else {}
        plain = bucket.endpoint.startswith("http://")
        objects = S3Store(
            bucket.name,
            prefix="/".join(filter(None, (bucket.prefix, tenant))),
            region=bucket.region,
            client_options={"allow_http": plain, "timeout": TIMEOUT},
            **endpoint,  # type: ignore[arg-type]
            **keys,  # type: ignore[arg-type]
        )
        return Store(objects, self.ids)


def keep_files(tenant: Tenant, session: Session) -> None:
    """What a worker does for files: once a day away with what nobody needs, and the scanner asked again."""
    depot = tenant.gate.depot
    if tidy_due(session):
        tidy(session, tenant.store, depot.unused)
    if depot.scanner.by:
        check_pending(session, tenant.store, depot.scanner)


def depot_of(settings: Settings, ids: Callable[[], str]) -> Depot:
    """What the settings say. Raises Problem where `files` names no bucket."""
    return Depot(
        place=_bucket_of(settings) if settings.files else settings.data / FOLDER,
        ids=ids,
        limit=settings.file_limit,
        room=settings.file_room,
        unused=timedelta(hours=settings.file_hours),
        scanner=Scanner(by=settings.scanner, seconds=settings.scan_seconds),
        previews=Previews(),
    )


def _bucket_of(settings: Settings) -> Bucket:
    place = urlsplit(settings.files)
    if place.scheme != "s3" or not place.netloc:
        message = f"files must be s3://bucket/prefix or empty, not {settings.files!r}."
        raise Problem(BAD_SETTING, message)
    return Bucket(
        name=place.netloc,
        prefix=place.path.strip("/"),
        endpoint=settings.files_endpoint,
        region=settings.files_region,
        key=settings.files_key,
        secret=settings.files_secret,
    )
