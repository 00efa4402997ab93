"""The commands that look at layers and move them: what they refuse, and that all is left as it was."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.problem import Problem
from runtime.folder import write_texts
from tests.runtime.site import PACKAGES
from tests.runtime.terminal import Run, refused

LAYER = PACKAGES / "layer"
MANIFESTS = (
    bytes(range(256)), b"", b"- package: shop\n", b"shop", "package: shop\n".encode("utf-16"), b"}package",
    b"label: Shop\n",
)  # fmt: skip
OTHERS: tuple[dict[str, bytes], ...] = (
    {"package.yaml": b"package: other\n"},
    {"package.yaml": bytes(range(256)), "objects/a.yaml": b"object: a\n"},
    {"package.yaml": b"label: Shop\n", "objects/a.yaml": b"object: a\n"},
    {"objects/a.yaml": b"object: a\n"},
    {"objects": b"a file where a folder shall be"},
    {"permissions/x_visitor.yaml/a": b"a folder where a file shall be"},
)
WRONG = (
    ("explain deal.nope", "There is nothing called `deal.nope`."),
    ("explain deal.stage.wom", "Did you mean `won`?"),
    ("explain layout:", "There is nothing called `layout:`."),
    ("explain deal --tenant nope", "There is no tenant 'nope'."),
    ("explain deal --package nowhere", "this folder does not exist"),
    ("explain deal --package shop/package.yaml", "this is a file, not a folder"),
    ("releases --tenant nope", "There is no tenant 'nope'."),
    ("releases show 99", "never had a release 99."),
    ("releases show 1 --against 0", "never had a release 0."),
    (f"releases show {10**30}", "never had a release"),
    (f"releases show 1 --against {2**63}", "never had a release"),
    ("layer export out --tenant nope", "There is no tenant 'nope'."),
    ("layer export out", "has no layer of its own yet."),
    ("layer import shop", "shop holds the package shop."),
    ("layer import nowhere", "this folder does not exist"),
    ("layer import shop/package.yaml", "this is a file, not a folder"),
    ("translations nowhere", "this folder does not exist"),
    ("translations shop --language ../x", "“../x” is no language."),
    ("translations shop --language ", "“” is no language."),
    ("translations shop --confirm objects.deal.lable", "shop translates nothing called"),
    ("check --lenient nowhere shop", "this folder does not exist"),
)


@pytest.fixture
def layered(strata: Run, data: Path, shop: Path) -> Path:
    """The data folder of a company that has published a layer of its own."""
    assert strata("publish", str(shop), "--data", str(data))[0] == 0
    assert strata("layer", "import", str(LAYER), "--data", str(data))[0] == 0
    return data


def contents(folder: Path) -> dict[str, bytes]:
    """All files in a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def exported(strata: Run, data: Path) -> dict[str, bytes]:
    """The layer that is published."""
    shutil.rmtree("out", ignore_errors=True)
    assert strata("layer", "export", "out", "--data", str(data))[0] == 0
    return contents(Path("out"))


def test_a_folder_that_does_not_say_what_package_it_is_is_refused(
    strata: Run, layered: Path, tmp_path: Path
) -> None:
    """Without its name it would pass for the tenant's own layer, and take that one's place."""
    folder, before, at = tmp_path / "package", exported(strata, layered), ("--data", str(layered))
    folder.mkdir()
    for text in MANIFESTS:
        (folder / "package.yaml").write_bytes(text)
        for command in (
            ("check", "--lenient", "package"), ("translations", "package"),
            ("layer", "import", "package", *at), ("publish", "package", *at),
        ):  # fmt: skip
            refused(strata(*command), "package.yaml:1:1", "nothing was changed")
        assert contents(folder) == {"package.yaml": text}
    assert exported(strata, layered) == before


def test_a_document_that_cannot_be_read_is_not_left_out_of_a_layer(
    strata: Run, layered: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(LAYER, tmp_path / "own"))
    (own / "objects" / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (own / "objects" / "folder.yaml").mkdir()
    (own / "objects" / "nothing.yaml").symlink_to("nowhere")
    os.mkfifo(own / "objects" / "pipe.yaml")
    before = exported(strata, layered)
    places = [f"{name}.yaml:1:1" for name in ("binary", "folder", "nothing", "pipe")]
    refused(strata("layer", "import", str(own), "--data", str(layered)), *places)
    refused(strata("check", "--lenient", str(own)), *places)
    assert exported(strata, layered) == before


def test_an_export_leaves_a_folder_that_holds_something_else_as_it_is(
    strata: Run, layered: Path, tmp_path: Path
) -> None:
    for number, files in enumerate(OTHERS):
        folder = tmp_path / str(number)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text)
        refused(strata("layer", "export", str(folder), "--data", str(layered)), str(folder))
        assert contents(folder) == files


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("step", ["write_bytes", "replace"])
def test_writing_that_breaks_off_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, interruption: BaseException
) -> None:
    (tmp_path / "a.yaml").write_text("old")
    broken = breaking_off(getattr(Path, step), interruption, after=1 if step == "write_bytes" else 0)
    monkeypatch.setattr(Path, step, broken)
    with pytest.raises((KeyboardInterrupt, Problem)):
        write_texts(tmp_path, {"a.yaml": "new", "b.yaml": "new"})
    assert contents(tmp_path) == {"a.yaml": b"old"}


def breaking_off(real: Any, interruption: BaseException, *, after: int) -> Any:
    """A method of Path that works `after` times."""
    calls: list[int] = []

    def method(path: Path, *arguments: object) -> object:
        calls.append(1)
        if len(calls) > after:
            raise interruption
        return real(path, *arguments)

    return method


def test_what_is_asked_wrongly_is_said_in_a_sentence(strata: Run, data: Path, shop: Path) -> None:
    strata("publish", str(shop), "--data", str(data))
    before = contents(shop)
    for command, said in WRONG:
        words = command.split(" ")
        answer = strata(*words, *(() if words[0] in ("translations", "check") else ("--data", str(data))))
        refused(answer, said)
        assert answer[1] == ""
    assert contents(shop) == before


def test_a_name_of_any_length_is_answered(strata: Run, shop: Path) -> None:
    refused(strata("explain", "deal" + ".a" * 20_000, "--package", str(shop)), "There is nothing called")
