"""The rights that belong to no object: what a permission set grants beside records and fields.

`Policy.holds` says who has one, `planner.require_right` refuses who has not. What is done with such a right
still reaches only the records and fields that its holder reaches one by one.
"""

from __future__ import annotations

from typing import Final

EXPORT: Final = "export"
"""To take the records of a list away as a file."""
HISTORY: Final = "history"
"""To see what happened to the records that one may read."""
MASS_EDIT: Final = "mass_edit"
"""To change or delete several records that do not belong together in one step; see `save/several.py`."""
REVEAL: Final = "reveal"
"""To be told the values of secret fields, one by one; each time is noted."""
PURGE: Final = "purge"
"""To remove records from the recycle bin for good, before their time; see `changes/purge.py`."""
SETUP: Final = "setup"
"""To see and change how the company has set up its model."""
VIEWS: Final = "views"
"""To set up views: to share one's own with others."""
