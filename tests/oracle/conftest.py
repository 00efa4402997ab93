"""The installation of `tests/runtime`, on each kind of database."""

from tests.runtime.conftest import composition, settings, site

__all__ = ["composition", "settings", "site"]
