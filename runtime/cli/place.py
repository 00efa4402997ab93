"""Where a command does its work: the tenant that four options name, the same ones for every such command."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from runtime.cli.options import ConfigOption, DatabaseOption, DataOption, TenantOption, settings_of

if TYPE_CHECKING:
    from runtime.bootstrap import Composition
    from runtime.config import Settings
    from runtime.tenant import Tenant

P = ParamSpec("P")

_OPTIONS = {"tenant": TenantOption, "config": ConfigOption, "data": DataOption, "database": DatabaseOption}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The settings of an installation, and the name of one of its tenants; None: the only one."""

    settings: "Settings"
    slug: str | None

    @contextmanager
    def tenant(self, composition: "Composition | None" = None) -> Iterator["Tenant"]:
        """The tenant, open until the end. Raises `Problem` when there is none of that name."""
        from runtime.bootstrap import compose
        from runtime.cli.opening import opened_tenant

        with opened_tenant(self.settings, composition or compose(), self.slug) as (_, here):
            yield here


def placed(command: Callable[Concatenate[Place, P], None]) -> Callable[..., None]:
    """The command with the options `--tenant`, `--config`, `--data`, `--database` instead of its `Place`."""

    @wraps(command)
    def run(*args: Any, **given: Any) -> None:
        tenant, config, data, database = (given.pop(name) for name in _OPTIONS)
        command(Place(settings=settings_of(config, data, database), slug=tenant), *args, **given)

    kept = list(inspect.signature(command).parameters.values())[1:]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in _OPTIONS.items()
    ]
    shown = inspect.Signature([*kept, *added], return_annotation=None)
    run.__signature__ = shown  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*kept, *added)}
    return run
