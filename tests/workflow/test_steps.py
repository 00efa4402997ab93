"""Step types: what each makes of its options. The cases of a type stand in `cases/<step>.yaml`.

The record is the lead `r1`; formulas have become values by now.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never

import pytest
import yaml

from workflow.effect import CreateRecord, Effect, UpdateRecord
from workflow.run import Run
from workflow.step import step_types

CASES = Path(__file__).with_name("cases")
STEPS = step_types()
RUN = Run(
    id="run", flow="f", version="v", object="lead", record="r1", event=1, starter="u2", depth=1,
    due=datetime(2026, 3, 4, tzinfo=UTC),
)  # fmt: skip


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of a step type."""
    read: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    return read


def shown(effect: Effect) -> dict[str, object]:
    """An effect as the case files write it."""
    match effect:
        case CreateRecord(target=target, values=values):
            return {"create": target, "values": dict(values)}
        case UpdateRecord(target=target, record=record, values=values):
            return {"update": target, "record": record, "values": dict(values)}
        case _:
            assert_never(effect)


def test_every_step_type_has_cases_and_every_case_file_a_step_type() -> None:
    assert {path.stem for path in CASES.iterdir()} == set(STEPS)
    assert all(cases(name) for name in STEPS)


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in STEPS for case in cases(name)])
def test_a_step_says_what_is_to_be_done(name: str, case: dict[str, Any]) -> None:
    assert [shown(effect) for effect in STEPS[name].effects(case["config"], RUN)] == case["effects"]


@pytest.mark.parametrize(("name", "case"), [(name, case) for name in STEPS for case in cases(name)])
def test_the_fields_that_a_step_sets_belong_to_the_object_it_writes(name: str, case: dict[str, Any]) -> None:
    assert STEPS[name].object(case["config"], RUN.object) == case.get("sets")
