"""An Issue about a formula points to its fault in the file, however YAML writes the formula down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formula.issue import Rejected
from formula.language import language
from formula.sample import SCOPE
from formula.scope import Context
from formula.source import Source
from metadata.embedded import embedded
from metadata.reader import read

if TYPE_CHECKING:
    from formula.issue import Issue

LANGUAGE = language()
FAULT = "amuont"
_PIECES = [
    '"金额"', '"\\"q\\""', "'it\\'s'", '"😀"', "name", "reason", "/* né\u0301 */ name",
    "TEXT(1)", '"a\\\\b"', '"x  y"', "'中'", "{!name}", '"100%"', '"#"',
]  # fmt: skip
PIECES = st.lists(st.sampled_from(_PIECES), max_size=5)
GAPS = st.lists(st.sampled_from([" ", "  ", "\n", "\n\n", "\n  "]), min_size=24, max_size=24)


def words(before: list[str], after: list[str]) -> list[str]:
    """The words of `name & … & amuont & …`, between which a document may break its lines."""
    parts = ["name", *before, FAULT, *after]
    return " & ".join(parts).split(" ")


def spread(parts: list[str], gaps: list[str], indent: str) -> str:
    """Words with gaps between them; a line begins behind the indentation."""
    text = parts[0]
    for place, part in enumerate(parts[1:]):
        gap = gaps[place % len(gaps)]
        text += gap.replace("\n\n", f"\n\n{indent}") if "\n\n" in gap else gap.replace("\n", f"\n{indent}")
        text += part
    return text


def escaped(text: str, every: int) -> str:
    """The inside of double quotes, each so-manieth character as an escape of some kind."""
    out = []
    for place, character in enumerate(text):
        if character in '"\\':
            out.append(f"\\{character}")
        elif place % every == 0 and character not in FAULT and not character.isspace():
            code = ord(character)
            out.append(
                f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
            )
        elif character == " " and place % 7 == 0:
            out.append(" \\\n      ")
        else:
            out.append(character)
    return "".join(out)


def documents(before: list[str], after: list[str], gaps: list[str], every: int) -> dict[str, str]:
    """The same formula in every way of writing it."""
    parts = words(before, after)
    line = " ".join(parts)
    block = spread(parts, gaps, "      ")
    folded = spread(parts, [gap.replace("\n  ", "\n") for gap in gaps], "      ")
    safe = " #" not in line and ": " not in line and "{" not in line
    found = {
        "single": f"rules:\n  one: '{line.replace(chr(39), chr(39) * 2)}'\n",
        "single over lines": f"rules:\n  one: '{folded.replace(chr(39), chr(39) * 2)}'\n",
        "double": f'rules:\n  one: "{escaped(line, every)}"\n',
        "literal": f"rules:\n  one: |\n      {block}\n  two: 1\n",
        "literal, indentation told": f"rules:\n  one: |4-\n      {block}\n",
        "folded": f"rules:\n  one: >\n      {block}\n",
        "folded and stripped": f"规则: 中\nrules:\n  one: >-\n\n      {folded}\n\n",
        "flow": f'rules: {{zero: [1, 2], one: "{escaped(line, every)}", two: 2}}\n',
        "flow, single": f"rules: {{'中': '中', one: '{line.replace(chr(39), chr(39) * 2)}'}}\n",
    }
    if safe:
        found["plain"] = f"rules:\n  one:   {line}   # the rule\n"
        found["plain over lines"] = f"rules:\n  one:\n      {folded}\n"
    return found


@given(PIECES, PIECES, GAPS, st.integers(2, 9), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_caret_stands_at_the_fault_in_every_way_of_writing(
    before: list[str], after: list[str], gaps: list[str], every: int, windows: bool
) -> None:
    for way, document in documents(before, after, gaps, every).items():
        text = document.replace("\n", "\r\n") if windows else document
        issue = faults(text)[0]
        at = text.index(FAULT)
        place = (text[:at].count("\n") + 1, at - text.rfind("\n", 0, at))
        assert (issue.place.line, issue.place.column) == place, (way, text)
        _, end = issue.source.origin(issue.span.end - 1)
        assert text[at : end + 1] == FAULT, (way, text)
        *_, line, caret = issue.render().partition("\n  hint")[0].split("\n")
        assert caret.strip() == "^" * len(FAULT)
        assert line.strip()


def faults(text: str) -> tuple[Issue, ...]:
    root = read("rules.yaml", text).root
    assert root is not None, text
    with pytest.raises(Rejected) as rejected:
        LANGUAGE.check(embedded(root.walk("rules", "one")), SCOPE, Context.RULE)
    return rejected.value.issues


def test_a_tab_before_the_fault_is_a_tab_before_the_caret() -> None:
    issue = faults("rules:\n  one: |\n    name\t&\tamuont\n")[0]
    assert (issue.place.line, issue.place.column) == (3, 12)
    assert issue.render().split("\n")[2] == "  " + " " * 8 + "\t" + " " + "\t" + "^" * 6


def test_a_file_without_a_host_is_counted_from_its_own_start() -> None:
    assert str(Source(path="f", text="a\nbc").place(3)) == "f:2:2"
