"""Formulas in SQL: typed expressions to SQLAlchemy Core elements for SQLite and PostgreSQL.

The two databases answer what the Python program answers. Called by the engine's planner; knows columns
only through the function it is handed, and runs nothing.
"""

from formula.sql.backend import Backend, SqlColumn

__all__ = ["Backend", "SqlColumn"]
