"""A package: its manifest, its documents as trees with places, its identity.lock.

Read from a folder, or from path → text (the tenant's layer comes so from the database). Reading never stops
at a fault; what is wrong is kept in `Package.issues` for `compile`. No meaning is checked here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.issue import Issue, Rejected
from formula.source import Source, Span
from metadata import codes
from metadata.lock import EMPTY, Lock, parse
from metadata.names import TENANT, nearest
from metadata.reader import BYTE_ORDER_MARK, read
from metadata.translation_lock import EMPTY as UNTRANSLATED
from metadata.translation_lock import TranslationLock
from metadata.translation_lock import parse as parse_translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.node import Node

MANIFEST = "package.yaml"
LOCK = "identity.lock"
TRANSLATION_LOCK = "translations.lock"
_LOCKS = (LOCK, TRANSLATION_LOCK)
KINDS = ("object", "layout", "view", "permission_set", "sharing_rule", "restriction_rule", "flow", "app")
EXTEND = "extend"
TRANSLATION = "translation"
# Folders of a package that hold no documents of the model.
_OTHER_FOLDERS = frozenset({"data", "demo", "tests", "templates"})
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """One file. `name` is what it defines or extends: `account`, `opportunity.my_open` for a view, `zh-CN`.

    `broken`: the file breaks off, so what it defines is known only in part.
    """

    kind: str
    name: str
    root: Node
    extends: bool = False
    broken: bool = False

    @property
    def head(self) -> Node:
        """The first value, which carries kind and name."""
        return next(iter(self.root.mapping.values()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Package:
    """One layer. `namespace` is "" for packages that own unprefixed names, "x" for the tenant's layer.

    `files` is what it was read from, by path inside the package, in order of the paths.
    """

    name: str
    namespace: str
    version: str
    label: str
    language: str
    languages: tuple[str, ...]
    requires: Mapping[str, Node]
    retired: Mapping[str, Node]
    manifest: Node
    documents: tuple[Document, ...]
    lock: Lock
    files: Mapping[str, str]
    translated: TranslationLock = UNTRANSLATED
    lost: frozenset[str] = frozenset()
    """Names of files of which nothing could be read; they may define an object of that name."""
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class _Reader:
    """Collects what the files of one package hold."""

    origin: str
    documents: list[Document] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    manifest: Node | None = None

    def path(self, name: str) -> str:
        return f"{self.origin}/{name}" if self.origin else name

    def document(self, name: str, text: str) -> None:
        reading = read(self.path(name), text)
        self.issues.extend(reading.issues)
        root = reading.root
        if root is None or not root.mapping:
            self.lost.append(PurePosixPath(name).stem)
            return
        if name == MANIFEST:
            self.manifest = root
            return
        made = _document(root, broken=bool(reading.issues))
        if isinstance(made, Document):
            self.documents.append(made)
        else:
            self.lost.append(PurePosixPath(name).stem)
            self.issues.append(made)


def read_folder(path: Path | str) -> Package:
    """Read the package in a folder; its sub-folders may be nested by module.

    Raises `Rejected` when there is no package.yaml, or none that says what package it is: without its name it
    would pass for the tenant's own layer. Every other fault is in `issues`.
    """
    folder = Path(path)
    if not (folder / MANIFEST).is_file():
        raise Rejected([_no_package(folder)])
    files: dict[str, str] = {}
    unreadable: list[Issue] = []
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if belongs(name):
            text = _text(file)
            if isinstance(text, Issue):
                unreadable.append(text)
            else:
                files[name] = text
    package = from_files(files, origin=str(path).rstrip("/"), issues=tuple(unreadable))
    if package.manifest.source.text != files.get(MANIFEST, "").removeprefix(BYTE_ORDER_MARK):
        raise Rejected(package.issues)
    return package


def _text(file: Path) -> str | Issue:
    """What a file holds; an Issue for one that is no text, or is none at all: a pipe would never end."""
    try:
        if file.is_file():
            return file.read_bytes().decode()
        reason = "it is missing" if not file.exists() else "it is no file"
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 text ({error.reason} in position {error.start})"
    except OSError as error:
        reason = str(error.strerror)
    message, source = f"this file cannot be read: {reason}", Source(path=str(file), text="")
    return Issue(code=codes.UNREADABLE, message=message, source=source, span=Span(0, 0))


def from_files(files: Mapping[str, str], *, origin: str = "", issues: tuple[Issue, ...] = ()) -> Package:
    """Make a package of path → text. `origin` goes before each path in messages.

    Without a package.yaml it is a tenant's own layer: package `tenant`, namespace `x`.
    """
    reader = _Reader(origin=origin)
    for name in sorted(files):
        if belongs(name) and name not in _LOCKS:
            reader.document(name, files[name])
    lock, faults = parse(reader.path(LOCK), files[LOCK]) if LOCK in files else (EMPTY, ())
    translated, damaged = parse_translated(reader.path(TRANSLATION_LOCK), files.get(TRANSLATION_LOCK, ""))
    manifest = reader.manifest or read(reader.path(MANIFEST), "package: tenant\n").root
    assert manifest is not None
    name = manifest.string("package", "tenant")
    language = manifest.string("language", "en")
    languages = tuple(node.text for node in manifest.elements("languages"))
    return Package(
        name=name,
        namespace=manifest.string("namespace", TENANT if name == "tenant" else ""),
        version=manifest.string("version", "0"),
        label=manifest.string("label", name),
        language=language,
        languages=languages or (language,),
        requires=MappingProxyType(manifest.entries("requires")),
        retired=MappingProxyType({node.text: node for node in manifest.elements("retired")}),
        manifest=manifest,
        documents=tuple(reader.documents),
        lock=lock,
        files=MappingProxyType(dict(sorted(files.items()))),
        lost=frozenset(reader.lost),
        translated=translated,
        issues=(*issues, *reader.issues, *faults, *damaged),
    )


def _no_package(folder: Path) -> Issue:
    if folder.is_dir():
        message, hint = f"there is no {MANIFEST} in this folder", "A package is the folder of that file."
    elif folder.exists():
        message, hint = "this is a file, not a folder", f"Give the folder that holds {MANIFEST}."
    else:
        message, hint = "this folder does not exist", f"Give the path of a folder that holds {MANIFEST}."
    source = Source(path=str(folder), text="")
    return Issue(code=codes.NO_PACKAGE, message=message, source=source, span=Span(0, 0), hint=hint)


def belongs(name: str) -> bool:
    """Whether a file, by its path in the folder of a package, is read as a part of the package."""
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts)
    other = any(part in _OTHER_FOLDERS for part in path.parts[:-1])
    return name in _LOCKS or (path.suffix in _YAML and not hidden and not other)


def _document(root: Node, *, broken: bool) -> Document | Issue:
    """Take the kind and the name from the first key."""
    kind, head = next(iter(root.mapping.items()))
    if kind == "language":
        return Document(kind=TRANSLATION, name=head.text, root=root, broken=broken)
    if kind == EXTEND:
        return _extension(root, head, broken=broken)
    if kind not in KINDS:
        hint = nearest(kind, (*KINDS, EXTEND, "language")) or f"A document begins with {', '.join(KINDS)}…"
        return head.issue(codes.UNKNOWN_KIND, f"`{kind}` is no kind of document", hint=hint, at_key=True)
    name = f"{root.string('object')}.{head.text}" if kind == "view" else head.text
    if kind == "layout" and root.string("record_type"):
        name = f"{head.text}.{root.string('record_type')}"
    return Document(kind=kind, name=name, root=root, broken=broken)


def _extension(root: Node, head: Node, *, broken: bool) -> Document | Issue:
    kind, _, name = head.text.partition(" ")
    if kind in KINDS and name:
        return Document(kind=kind, name=name.strip(), root=root, extends=True, broken=broken)
    hint = nearest(kind, KINDS) or "Write, for example, `extend: object account`."
    return head.issue(
        codes.UNKNOWN_KIND, f"`{head.text}` says neither what kind nor what it extends", hint=hint
    )
