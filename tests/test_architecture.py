"""Claims about the shape of the code: who may import whom, how large a module grows, what it is called."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("formula", "metadata", "engine", "workflow", "runtime")
MODULE_LINES = 400
FUNCTION_LINES = 45
PUBLIC_METHODS = 12
# Names that say nothing, so that anything ends up under them.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services"}


def _modules() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path


MODULES = tuple(path.relative_to(ROOT).as_posix() for path in _modules())


def _tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def test_imports_run_one_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """runtime, workflow, engine, metadata, formula: each may look at those after it, never back."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_every_room_is_there() -> None:
    assert {Path(module).parts[0] for module in MODULES} == set(ROOMS)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_and_says_what_it_is(module: str) -> None:
    text = (ROOT / module).read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE_LINES
    assert not text.strip() or ast.get_docstring(_tree(module))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_named_by_what_it_holds(module: str) -> None:
    assert not EMPTY_NAMES.intersection(Path(module).with_suffix("").parts)


@pytest.mark.parametrize("module", MODULES)
def test_functions_and_classes_stay_small(module: str) -> None:
    for node in ast.walk(_tree(module)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= FUNCTION_LINES, f"{name} has {length} lines"
            case ast.ClassDef(name=name, body=body):
                methods = [m.name for m in body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef)]
                public = [method for method in methods if not method.startswith("_")]
                assert len(public) <= PUBLIC_METHODS, f"{name} has {len(public)} public methods"


def test_the_rooms_import_only_what_an_installation_brings() -> None:
    """A development tool, or what another package happens to bring, is not there tomorrow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^A-Za-z0-9_-]", need)[0].lower() for need in project["dependencies"]}
    brought_by = packages_distributions()
    strangers = {
        f"{module} imports {name}"
        for module in MODULES
        for name in _imported(_tree(module)) - sys.stdlib_module_names - set(ROOMS)
        if not declared.intersection(_distributions(brought_by, name))
    }
    assert not strangers


def _imported(tree: ast.Module) -> set[str]:
    """The top-level names of all modules imported absolutely, wherever in the file."""
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names += [alias.name for alias in node.names]
            case ast.ImportFrom(module=str(name), level=0):
                names.append(name)
            case _:
                pass
    return {name.partition(".")[0] for name in names}


def _distributions(brought_by: Mapping[str, list[str]], name: str) -> set[str]:
    return {distribution.lower().replace("_", "-") for distribution in brought_by.get(name, [])}


def test_applications_hold_no_python() -> None:
    """What a company sees is YAML; a Python file there would be behaviour that no layer can change."""
    assert not list((ROOT / "apps").rglob("*.py"))
