"""Every row of issues.yaml: the faults of a text are all found, placed and hinted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from formula import codes
from formula.issue import Rejected
from formula.language import MAX_LENGTH
from formula.scope import Context
from formula.source import Source
from formula.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from formula.expr import Formula
    from formula.issue import Issue

ROWS: list[list[Any]] = yaml.safe_load(Path(__file__).with_name("issues.yaml").read_text(encoding="utf-8"))
CASES = [pytest.param(row[0], row[1], (row[2:] or [{}])[0], id=row[0] or "empty") for row in ROWS]


@pytest.mark.parametrize(("text", "wanted", "options"), CASES)
def test_a_faulty_text_has_the_issues_of_its_row(
    text: str, wanted: list[str], options: dict[str, str], check: Callable[..., Formula]
) -> None:
    expect = Type(kind=Kind(options["expect"])) if "expect" in options else None
    issues = _found(check, text, context=Context[options.get("context", "RULE")], expect=expect,
                    blanks=options.get("blanks", "as_blank"))  # fmt: skip
    found = [f"{issue.code.id}@{issue.place.column}" for issue in issues]
    assert found == [entry.split(" ", 1)[0] for entry in wanted]
    for issue, entry in zip(issues, wanted, strict=True):
        assert entry.split(" ", 1)[1] in issue.message
    assert options.get("hint", "") in issues[0].hint


def _found(check: Callable[..., Formula], text: str, **options: object) -> tuple[Issue, ...]:
    """The errors of a text; its warnings when it has none."""
    try:
        return tuple(sorted(check(text, **options).warnings, key=lambda issue: issue.span.start))
    except Rejected as rejected:
        return rejected.issues


def test_every_issue_code_has_a_case() -> None:
    tried = {entry[:4] for row in ROWS for entry in row[1]}
    elsewhere = {codes.TOO_LARGE.id}
    of_criteria = {code.id for code in codes.CODES if code.id.startswith("F5")}
    assert {code.id for code in codes.CODES} - of_criteria == tried | elsewhere


def test_every_code_of_criteria_has_a_case() -> None:
    cases = Path(__file__).with_name("criteria.yaml").read_text(encoding="utf-8")
    assert all(code.id in cases for code in codes.CODES if code.id.startswith("F5"))


def test_codes_are_unique_and_say_how_to_mend() -> None:
    assert len({code.id for code in codes.CODES}) == len(codes.CODES)
    assert all(code.title and code.cause and code.mend for code in codes.CODES)


def test_a_text_beyond_the_limit_is_refused_unread(check: Callable[..., Formula]) -> None:
    with pytest.raises(Rejected) as rejected:
        check("(" * (MAX_LENGTH + 1))
    assert [issue.code for issue in rejected.value.issues] == [codes.TOO_LARGE]


def test_the_caret_stands_below_the_fault_inside_a_yaml_block(check: Callable[..., Formula]) -> None:
    """Offsets lead from the folded text back to the document, past indentation and wide characters."""
    document = Source(path="objects/deal.yaml", text="rules:\n  when: >\n    金额 &&\n    amuont > 1\n")
    start = document.text.index("amuont")
    embedded = Source(
        path=document.path, text="amuont > 1", host=document, offsets=tuple(range(start, start + 11))
    )
    issue = next(iter(_issues(check, embedded)))
    assert issue.render() == (
        "objects/deal.yaml:4:5: error F101: there is no amuont\n"
        "      amuont > 1\n"
        "      ^^^^^^\n"
        "  hint: did you mean amount?"
    )


def test_the_caret_counts_wide_characters_twice(check: Callable[..., Formula]) -> None:
    issue = next(iter(_issues(check, Source(path="f", text='"中国" & amuont'))))
    *_, line, caret, _hint = issue.render().split("\n")
    assert line.index("amuont") + 2 == caret.index("^")


def _issues(check: Callable[..., Formula], source: Source) -> tuple[Any, ...]:
    from formula.language import language
    from formula.sample import SCOPE

    with pytest.raises(Rejected) as rejected:
        language().check(source, SCOPE, Context.RULE)
    return rejected.value.issues
