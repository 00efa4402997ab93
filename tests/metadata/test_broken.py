"""A broken package is refused with every Issue at its place; the cases are in broken.yaml."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from formula.issue import Issue, Rejected
from metadata import codes
from metadata.compile import compile as compile_packages
from metadata.package import read_folder
from tests.metadata.fake_kinds import KINDS
from tests.metadata.samples import above, base, compiled, formulas, locked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metadata.package import Package

CASES = yaml.safe_load(Path(__file__).with_name("broken.yaml").read_text("utf-8"))

# Reported where no package in memory can show it; each has a test of its own below or in another module.
ELSEWHERE = {
    codes.UNREADABLE.id,
    codes.NO_PACKAGE.id,
    codes.UNTRANSLATABLE.id,
    codes.NOT_SHOWN.id,
    codes.RETIRED.id,
    codes.STALE.id,
    codes.HIDES_NOTHING.id,
    codes.DELETED_BELOW.id,
    codes.PLACES_NOTHING.id,
    codes.NO_ANCHOR.id,
    codes.HIDDEN_ASKED.id,
}


def issues_of(case: dict[str, Any]) -> list[Issue]:
    """Compile a case and return what is wrong with it."""
    layers: Sequence[Package] = [base(), above(case["files"])]
    layers = locked(layers) if case.get("lock", True) else [*locked(layers[:1]), *layers[1:]]
    with pytest.raises(Rejected) as refused:
        compile_packages(layers, KINDS, formulas())
    return [issue for issue in refused.value.issues if issue.severity == "error"]


def line(issue: Issue) -> str:
    """An Issue as broken.yaml writes it."""
    place = str(issue.place).removeprefix("mod/")
    hint = f" hint: {issue.hint}" if issue.hint else ""
    return f"{issue.code.id} {place} {issue.message}{hint}"


def matches(wanted: str, found: str) -> bool:
    """Whether code and place are equal and the words of the wanted text stand in the found one."""
    code, place, *text = wanted.split(" ", 2)
    begin, _, hint = (text[0] if text else "").partition("hint: ")
    return found.startswith(f"{code} {place} ") and begin.strip() in found and hint in found


@pytest.mark.parametrize("case", CASES, ids=[case["claim"] for case in CASES])
def test_every_problem_is_told_at_its_place(case: dict[str, Any]) -> None:
    found = [line(issue) for issue in issues_of(case)]
    unmet = [wanted for wanted in case["issues"] if not any(matches(wanted, each) for each in found)]
    assert not unmet, "\n".join(["wanted:", *unmet, "found:", *found])
    if not case.get("rest"):
        assert len(found) == len(case["issues"]), "\n".join(found)


def test_every_code_has_a_case() -> None:
    shown = {wanted.split()[0] for case in CASES for wanted in case["issues"]}
    assert {code.id for code in codes.CODES} <= shown | ELSEWHERE


def test_codes_are_told_apart_and_complete() -> None:
    assert len({code.id for code in codes.CODES}) == len(codes.CODES)
    assert all(code.title and code.cause and code.mend for code in codes.CODES)


def test_an_issue_is_rendered_with_its_line_a_caret_and_a_hint() -> None:
    package = above({"objects/a.yaml": "object: a\nlabel: A\nfields:\n  one: {type: txt, label: One}\n"})
    with pytest.raises(Rejected) as refused:
        compiled(base(), package)
    assert refused.value.issues[0].render() == (
        "mod/objects/a.yaml:4:15: error M204: there is no field type `txt`\n"
        "    one: {type: txt, label: One}\n"
        "                ^^^\n"
        "  hint: Did you mean `text`?"
    )


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        read_folder(tmp_path)
    assert [issue.code for issue in refused.value.issues] == [codes.NO_PACKAGE]


def test_a_file_that_is_not_text_is_reported_beside_the_rest(tmp_path: Path) -> None:
    (tmp_path / "package.yaml").write_text("package: mod\n")
    (tmp_path / "a.yaml").write_bytes(b"object: \xff\xfe\n")
    (tmp_path / "b.yaml").write_text("objekt: b\n")
    issues = read_folder(tmp_path).issues
    assert [issue.code for issue in issues] == [codes.UNREADABLE, codes.UNKNOWN_KIND]
