"""`create`: make a record, its fields given by values and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from workflow.effect import CreateRecord, Effect
from workflow.run import Run


class CreateStep:
    """`- create: {object: task, set: {subject: '="Call " & name'}}`."""

    name = "create"
    schema: Mapping[str, object] = {
        "properties": {
            "object": {"type": "string", "description": "The object a record is made of."},
            "set": {"type": "object", "minProperties": 1, "description": "Field → value or =formula."},
        },
        "required": ["object", "set"],
    }

    def object(self, config: Mapping[str, object], start: str) -> str | None:
        """The object named in the step."""
        return str(config["object"])

    def effects(self, config: Mapping[str, object], run: Run) -> tuple[Effect, ...]:
        """One new record."""
        values = cast("Mapping[str, object]", config["set"])
        return (CreateRecord(object=str(config["object"]), values=values),)


STEP = CreateStep()
