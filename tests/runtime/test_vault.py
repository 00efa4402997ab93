"""Where the keys of secret fields come from, and what the command line does with them."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from engine.problem import Problem
from engine.secrets.vault import NO_VAULT
from runtime.codes import BAD_SETTING
from runtime.config import Settings
from runtime.vault import KEY_FILE, new_key, vault_of

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = new_key(b"1" * 32), new_key(b"2" * 32)


def test_the_setting_lists_keys_of_which_the_first_seals(tmp_path: Path) -> None:
    given = Settings(data=tmp_path, database="postgresql://x", secret_keys=f"{ONE}, {TWO}\n")
    assert vault_of(given).keys == (b"1" * 32, b"2" * 32)
    assert ONE not in repr(vault_of(given))


def test_a_command_may_answer_them(tmp_path: Path) -> None:
    asked = f"{sys.executable} -c \"print('{ONE}')\""
    assert vault_of(Settings(data=tmp_path, secret_keys_command=asked)).keys == (b"1" * 32,)
    for broken in ("no-such-program", f"{sys.executable} -c 1/0", 'a "', f"{sys.executable} -c pass"):
        with pytest.raises(Problem) as refused:
            vault_of(Settings(data=tmp_path, secret_keys_command=broken))
        assert refused.value.code is BAD_SETTING


@pytest.mark.parametrize("text", ["short", "AAAA", ONE[:-4], f"{ONE} {TWO[:-1]}", " , "])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(Problem) as refused:
        vault_of(Settings(data=tmp_path, secret_keys=text))
    assert ONE not in repr(refused.value.json())


def test_an_embedded_installation_makes_its_own_once_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    first = vault_of(Settings(data=tmp_path))
    assert first.keys == vault_of(Settings(data=tmp_path)).keys
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]
    (tmp_path / KEY_FILE).write_text("nonsense")
    with pytest.raises(Problem, match="secret"):
        vault_of(Settings(data=tmp_path))


def test_one_on_postgresql_has_none_until_it_is_set(tmp_path: Path) -> None:
    assert vault_of(Settings(data=tmp_path, database="postgresql://x")) == NO_VAULT
    assert list(tmp_path.iterdir()) == []
