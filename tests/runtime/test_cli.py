"""The command line: what it does, and the one clear sentence with which it refuses."""

import socket
import sqlite3
from pathlib import Path

import pytest

from engine import sqlite
from runtime.cli.output import counted
from runtime.codes import CODES
from tests.runtime.site import PACKAGES
from tests.runtime.terminal import Run, refused


def _state(data: Path) -> list[str]:
    """All that is kept, as statements that would make it again."""
    dumped: list[str] = []
    for file in sorted(data.rglob("*.db")):
        connection = sqlite3.connect(file)
        dumped.extend(connection.iterdump())
        connection.close()
    return dumped


def test_a_company_is_set_up_by_commands_alone(strata: Run, data: Path, shop: Path) -> None:
    code, out, _ = strata("plan", str(shop), "--data", str(data))
    assert code == 0
    assert "create table deal" in out
    code, out, _ = strata("publish", str(shop), "--tenant", "acme", "--data", str(data))
    assert (code, out.splitlines()[-1]) == (0, "Release 2 of acme is published.")
    assert (
        strata("publish", str(shop), "--data", str(data))[1] == "Nothing to do: this is published already.\n"
    )
    code, out, _ = strata("user", "add", "a@example.com", "--password", "long enough", "--data", str(data))
    assert (code, out) == (0, "a@example.com may sign in to acme.\n")
    code, token, _ = strata("token", "add", "a@example.com", "--scope", "read", "--data", str(data))
    assert (code, token.startswith("strata_")) == (0, True)
    code, out, _ = strata("token", "list", "--data", str(data))
    assert "read" in out
    assert token.strip() not in out
    assert strata("token", "revoke", out.split()[0], "--data", str(data))[0] == 0
    assert (
        strata("user", "password", "a@example.com", "--password", "longer still", "--data", str(data))[0] == 0
    )
    assert strata("migrate", "--all", "--data", str(data))[1] == "acme: 0 steps performed.\n"
    assert strata("tenant", "list", "--data", str(data))[1].startswith("acme  active  release 2")


def test_a_package_that_comes_with_the_program_is_published_by_its_name(strata: Run, data: Path) -> None:
    assert strata("check", "crm_standard")[0] == 0
    assert "+ object opportunity" in strata("plan", "crm_standard", "--data", str(data))[1]
    code, out, _ = strata("publish", "crm_standard", "--data", str(data))
    assert (code, out.splitlines()[-1]) == (0, "Release 2 of acme is published.")


def test_a_folder_goes_before_a_package_of_the_program_of_the_same_name(
    strata: Run, shop: Path, tmp_path: Path
) -> None:
    shop.rename(tmp_path / "crm_standard")
    assert "shop 1.0.0" in strata("check", "crm_standard")[1]


def test_configuration_is_printed_with_its_sources(strata: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_PORT", "9001")
    monkeypatch.setenv("STRATA_DATABASE", "postgresql://u:secret@h/d")
    code, out, _ = strata("config", "--data", "/srv/strata")
    assert code == 0
    lines = {line.split()[0]: line.split()[1:3] for line in out.splitlines()}
    assert lines["port"] == ["9001", "STRATA_PORT"]
    assert lines["data"] == ["/srv/strata", "flag"]
    assert "u:secret" not in out


def test_a_sound_package_is_checked_and_locked(strata: Run, shop: Path) -> None:
    assert strata("check", str(shop))[:2] == (0, "platform 0.1.0, shop 1.0.0: 17 objects, no problems.\n")
    assert strata("lock", str(shop))[1] == f"{shop}: 0 new identities.\n"
    deal = shop / "objects" / "deal.yaml"
    deal.write_text(deal.read_text().replace("  closes:", "  noted: {type: text, label: Noted}\n  closes:"))
    assert strata("lock", str(shop))[1] == f"{shop}: 1 new identity.\n"


def test_locking_counts_what_was_renamed_and_what_went(strata: Run, shop: Path) -> None:
    deal = shop / "objects" / "deal.yaml"
    renamed = (
        deal.read_text()
        .replace("  closes: {", "  ends: {was: closes, ")
        .replace("  margin: {type", "  gain: {type")
    )
    deal.write_text(renamed)
    manifest = shop / "package.yaml"
    manifest.write_text(manifest.read_text() + "retired: [deal.margin]\n")
    seller = shop / "permissions" / "seller.yaml"
    seller.write_text(seller.read_text().replace(", margin: none", ""))
    assert strata("lock", str(shop))[1] == f"{shop}: 1 new identity, 1 renamed, 1 retired.\n"
    assert strata("lock", str(shop))[1] == f"{shop}: 0 new identities.\n"


def test_a_layer_of_a_tenant_is_not_called_by_a_version_it_does_not_have(strata: Run, shop: Path) -> None:
    out = strata("check", str(shop), str(PACKAGES / "layer"))[1]
    assert out.startswith("platform 0.1.0, crm_standard")
    assert "the tenant's own layer: " in out


def test_one_thing_is_counted_as_one() -> None:
    assert (counted(1, "object"), counted(2, "object")) == ("1 object", "2 objects")
    assert counted(0, "identity", "identities") == "0 identities"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("objects/deal.yaml", "label: Deal\n", "label: [Deal\n", "deal.yaml:"),
        ("objects/deal.yaml", "type: date", "type: dote", "date"),
        ("objects/deal.yaml", "to: client", "to: cleint", "client"),
        ("objects/deal.yaml", "amount > 0", "amuont > 0", "amount"),
        ("objects/deal.yaml", "  margin: {", "  gain: {", "margin"),
        ("objects/deal.yaml", "label: Deals", "", "deal.yaml:"),
        ("package.yaml", "platform:", "platfrom:", "platfrom"),
    ],
)
def test_a_broken_package_is_listed_with_places_and_nothing_is_changed(
    strata: Run, data: Path, shop: Path, file: str, old: str, new: str, said: str
) -> None:
    path = shop / file
    path.write_text(path.read_text().replace(old, new, 1) if new else path.read_text() + "label: Twice\n")
    before = _state(data)
    for command in (("check", str(shop)), ("plan", str(shop), "--data", str(data)), ("publish", str(shop))):
        options = ("--data", str(data)) if command[0] == "publish" else ()
        answer = strata(*command, *options)
        refused(answer, said, "nothing was changed")
        assert "^" in answer[2]
    assert _state(data) == before


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("serve", "--data", "nowhere"), "There is no installation in nowhere."),
        (("user", "add", "a@b.example", "--password", "x" * 12, "--data", "nowhere"), "no installation"),
        (("check", "nowhere"), "this folder does not exist"),
        (("check", "."), "there is no package.yaml in this folder"),
        (("lock", "crm_standard"), "this folder does not exist"),
        (("config", "--config", "none.toml"), "cannot be read"),
        (("tenant", "add", "No Good"), "cannot name a tenant"),
        (("tenant", "add", "acme", "--currency", "yen"), "is no currency"),
        (("tenant", "add", "acme", "--time-zone", "Mars/Base"), "is no time zone"),
        (("serve", "--database", "postgresql://127.0.0.1:1/none"), "PostgreSQL cannot be used"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(strata: Run, command: tuple[str, ...], said: str) -> None:
    refused(strata(*command), said)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("publish", "SHOP", "--tenant", "acne"), "There is no tenant 'acne'."),
        (("tenant", "add", "acme"), "There is a tenant 'acme' already."),
        (("user", "add", "a@b.example", "--password", "short"), "10 to 200 characters"),
        (("user", "add", "no address", "--password", "x" * 12), "not an e-mail address"),
        (("user", "add", "a@b.example", "--password", "x" * 12, "-p", "king"), "no permission set 'king'"),
        (("user", "password", "a@b.example", "--password", "x" * 12), "No active user"),
        (("token", "add", "a@b.example"), "No active user"),
        (("token", "revoke", "none"), "no living token"),
    ],
)
def test_what_does_not_fit_the_installation_is_said_in_a_sentence(
    strata: Run, data: Path, shop: Path, command: tuple[str, ...], said: str
) -> None:
    arguments = [str(shop) if part == "SHOP" else part for part in command]
    refused(strata(*arguments, "--data", str(data)), said)


def test_with_several_tenants_one_must_be_named(strata: Run, data: Path, shop: Path) -> None:
    strata("tenant", "add", "beta", "--data", str(data))
    refused(strata("publish", str(shop), "--data", str(data)), "--tenant", "acme, beta")


def test_a_taken_port_is_said(strata: Run, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(strata("serve", "--port", port, "--data", str(data)), f"listens on 127.0.0.1:{port}")


def test_a_missing_database_is_said_and_not_made_anew(strata: Run, data: Path, shop: Path) -> None:
    (file,) = (data / "tenants").glob("*.db")
    file.unlink()
    refused(strata("publish", str(shop), "--data", str(data)), "There is no database at")
    assert not file.exists()


def test_a_file_that_is_no_database_is_said(strata: Run, data: Path, shop: Path) -> None:
    (file,) = (data / "tenants").glob("*.db")
    for extra in data.glob("tenants/*-*"):
        extra.unlink()
    file.write_bytes(b"not a database" * 1000)
    refused(strata("publish", str(shop), "--data", str(data)), "cannot be used")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that does not wait for locks."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_said(strata: Run, data: Path, shop: Path) -> None:
    (file,) = (data / "tenants").glob("*.db")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        refused(strata("publish", str(shop), "--data", str(data)), "in use")
    finally:
        other.close()


def test_a_newer_tenant_is_left_alone(strata: Run, data: Path, shop: Path) -> None:
    (file,) = (data / "tenants").glob("*.db")
    other = sqlite3.connect(file)
    other.execute("UPDATE s_meta SET value = '99' WHERE name = 'system_version.runtime'")
    other.commit()
    other.close()
    for command in (("publish", str(shop)), ("migrate",)):
        refused(strata(*command, "--data", str(data)), "install the newer version of Strata")


def test_a_folder_that_cannot_be_written_is_said(strata: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for folder in ("file", "file/below", "/proc/strata"):
        refused(strata("tenant", "add", "acme", "--data", folder), "folder")


def test_wrong_use_is_exit_code_two(strata: Run) -> None:
    assert strata("publish")[0] == 2
    assert strata("explode")[0] == 2
    assert strata("serve", "--port", "70000")[0] == 2


def test_every_code_of_this_room_is_told_apart_and_explained() -> None:
    assert len({code.id for code in CODES}) == len(CODES)
    for code in CODES:
        assert code.title
        assert code.cause.endswith(".")
        assert code.mend.endswith(".")
