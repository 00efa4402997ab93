"""Every row of values.yaml: this text has this type and this value for the sample record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula

ERROR = "#Error!"
TABLE = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(*row[:3], *(row[3:] or ["as_blank"]), id=row[0]) for rows in TABLE.values() for row in rows
]


@pytest.mark.parametrize(("text", "type_name", "expected", "blanks"), ROWS)
def test_a_formula_has_the_type_and_value_of_its_row(
    text: str,
    type_name: str,
    expected: str,
    blanks: str,
    check: Callable[..., Formula],
    calculate: Callable[..., object],
) -> None:
    wanted = ERROR if expected == ERROR else calculate(expected)
    assert check(text, blanks=blanks).type.kind.value == type_name
    value = calculate(text, blanks=blanks)
    assert (type(value), value) == (type(wanted), wanted)
