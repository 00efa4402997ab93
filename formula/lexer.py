"""Text to tokens: every terminal of the grammar in one pattern, which never fails to match.

lark's own lexer counts lines and columns and asks per token what to do with it; a Source knows its lines,
and no token of this language depends on where it stands. The parser drives it; nobody else does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Token
from lark.lexer import Lexer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark.common import LexerConf
    from lark.lexer import TerminalDef


class PatternLexer(Lexer):
    """Tokens with their type and offset, by the first terminal that matches in order of priority."""

    def __init__(self, conf: LexerConf) -> None:
        ordered = sorted(conf.terminals, key=_rank)
        pattern = "|".join(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in ordered)
        self._pattern = re.compile(pattern)
        self._ignored = frozenset(conf.ignore)

    # lark hands a lexer of one's own the bare text, which its base class does not say.
    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]
        """The tokens of the text, without blanks and comments."""
        for found in self._pattern.finditer(text):
            terminal = found.lastgroup or ""
            if terminal not in self._ignored:
                yield Token(terminal, found[0], found.start())


def _rank(terminal: TerminalDef) -> tuple[int, int, int, str]:
    """Where a terminal is tried, as lark orders them: by priority, then the longest first."""
    pattern = terminal.pattern
    return -terminal.priority, -pattern.max_width, -len(pattern.value), terminal.name
