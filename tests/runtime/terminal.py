"""The program `strata` as a test runs it: its exit code, what it prints, and what a refusal looks like."""

import sys
from collections.abc import Callable

import pytest

from runtime.cli.main import app

Run = Callable[..., tuple[int, str, str]]


def program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run it with arguments; return exit code, standard output and standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["strata", *arguments])
        with pytest.raises(SystemExit) as left:
            app()
        out = capsys.readouterr()
        code = left.value.code
        return (code if isinstance(code, int) else 0), out.out, out.err

    return run


def refused(answer: tuple[int, str, str], *said: str) -> None:
    """Check that a command said no, with these words, and did not break."""
    code, _, err = answer
    assert code == 1, err
    assert "Traceback" not in err
    assert err.startswith("error P") or ": error " in err
    for text in said:
        assert text in err
