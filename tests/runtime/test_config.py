"""Settings: where they come from, which source wins, and what is said about bad ones."""

from pathlib import Path

import pytest

from engine.problem import Problem
from runtime.config import Configuration, read_settings


def _file(folder: Path, text: str) -> Path:
    path = folder / "strata.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _line(configuration: Configuration, name: str) -> tuple[str, str]:
    line = next(line for line in configuration.lines() if line.name == name)
    return line.value, line.source


def test_flags_win_over_variables_and_variables_over_the_file(tmp_path: Path) -> None:
    file = _file(tmp_path, 'port = 1\nhost = "one"\nthreads = 3\n')
    environment = {"STRATA_PORT": "2", "STRATA_HOST": "two", "PATH": "x"}
    settings = read_settings({"port": 3, "host": None}, environment, file).settings
    assert (settings.port, settings.host, settings.threads) == (3, "two", 3)


def test_each_value_tells_its_source(tmp_path: Path) -> None:
    file = _file(tmp_path, "threads = 3\n")
    found = read_settings({"port": 9}, {"STRATA_HOST": "::1"}, file)
    assert _line(found, "port") == ("9", "flag")
    assert _line(found, "host") == ("::1", "STRATA_HOST")
    assert _line(found, "threads") == ("3", str(file))
    assert _line(found, "worker") == ("True", "default")


def test_without_any_source_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({}, {}).settings
    assert (settings.host, settings.port, settings.database) == ("127.0.0.1", 8000, "")


def test_a_secret_may_lie_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://u:pw@host/db\n", encoding="utf-8")
    found = read_settings({}, {"STRATA_DATABASE_FILE": str(secret)}, None)
    assert found.settings.database == "postgresql://u:pw@host/db"
    assert _line(found, "database") == ("********", "STRATA_DATABASE_FILE")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = 'many'", "port (strata.toml) must be a whole number, not 'many'."),
        ("port = true", "port (strata.toml) must be a whole number, not True."),
        ("port = -1", "port (strata.toml) must be a whole number, not -1."),
        ("worker = 'maybe'", "worker (strata.toml) must be true or false, not 'maybe'."),
        ("host = 5", "host (strata.toml) must be text, not 5."),
        ("prot = 1", "prot (strata.toml) is no setting."),
        ("port = ", "The configuration file strata.toml is not valid TOML"),
        ("database_file = 'nowhere'", "database_file (strata.toml) names nowhere, which cannot be read"),
    ],
)
def test_a_bad_setting_is_one_clear_sentence(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _file(tmp_path, text)
    with pytest.raises(Problem) as caught:
        read_settings({}, {})
    assert caught.value.message.startswith(said)


def test_a_configuration_file_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read: No such file"):
        read_settings({}, {}, tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STRATA_PORT", "many", "STRATA_PORT must be a whole number, not 'many'."),
        ("STRATA_PROT", "1", "STRATA_PROT is no setting."),
        ("STRATA_DATABASE_FILE", "nowhere", "STRATA_DATABASE_FILE names nowhere, which cannot be read"),
    ],
)
def test_a_bad_variable_is_named_as_it_was_set(name: str, value: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        read_settings({}, {name: value})
    assert caught.value.message.startswith(said)


def test_a_misspelt_variable_is_told_its_right_name() -> None:
    with pytest.raises(Problem) as caught:
        read_settings({}, {"STRATA_PROT": "1"})
    assert caught.value.hint.startswith("Did you mean STRATA_PORT?")


@pytest.mark.parametrize("name", ["STRATA_USER_PASSWORD", "STRATA_SEED", "STRATA_TEST_POSTGRES"])
def test_a_variable_that_is_read_elsewhere_is_no_setting_and_no_mistake(name: str) -> None:
    assert read_settings({}, {name: "x"}).sources == {}
