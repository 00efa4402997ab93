"""`create`: make a record, its fields given by values and formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from workflow.effect import CreateRecord, Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def effects(self, config: Mapping[str, object], run: Run) -> tuple[Effect, ...]:  # noqa: ARG002
        """One new record."""
        values = cast("Mapping[str, object]", config["set"])
        return (CreateRecord(target=str(config["object"]), values=values),)

    def object(self, config: Mapping[str, object], start: str) -> str | None:  # noqa: ARG002
        """The object named in the step."""
        return str(config["object"])


STEP = CreateStep()
