"""Packages → Catalog: the second pass of checking, and the only maker of catalog types.

Pure: packages, kinds and language come in, a frozen Catalog goes out, or `Rejected` with everything that is
wrong in any file at once. `STEPS` lists what happens, in order. Called by the command line, by publishing
and by tests.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

import formula.codes
from formula.issue import Rejected
from metadata import codes
from metadata.bodies import body
from metadata.catalog import Catalog, Layer
from metadata.circles import check_circles
from metadata.draft import Draft
from metadata.flows import add_flows
from metadata.formulas import Checker
from metadata.grants import add_apps, add_permission_sets
from metadata.hidden import check_conditions, check_hidden
from metadata.identity import lock, renames, verify
from metadata.invariants import check_invariants
from metadata.layers import check_prefixes, merge
from metadata.layouts import check_layouts
from metadata.money import check_money
from metadata.objects import add_fields, declare
from metadata.order import order
from metadata.package import TRANSLATION
from metadata.parentage import check_parents
from metadata.rollups import add_rollups, in_company_currency, type_rollups
from metadata.shape import check, shapes
from metadata.sharing import add_sharing
from metadata.translations import Texts, collect
from metadata.views import add_views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from formula.issue import Issue
    from formula.language import Language
    from metadata.kinds import Kinds
    from metadata.layers import Merged
    from metadata.lock import Lock
    from metadata.package import Package

DANGLING = frozenset(
    {
        codes.MISSING_PACKAGE, codes.EXTENDS_NOTHING, codes.SETS_NOTHING, codes.DELETED_BELOW,
        codes.UNKNOWN_OBJECT, codes.UNKNOWN_FIELD, codes.UNKNOWN_OPTION, codes.NOT_A_LINK, codes.NOT_AMONG,
        codes.UNKNOWN_SET,
        formula.codes.UNKNOWN_NAME, formula.codes.UNKNOWN_OPTION,
    }
)  # fmt: skip
"""What foreign material may leave open when it is read leniently: references that lead nowhere."""


def compile(  # noqa: A001 - what it does, as in re.compile
    packages: Sequence[Package], kinds: Kinds, language: Language, *, lenient: bool = False
) -> Catalog:
    """Compile the layers, in any order, into one model.

    Raises `Rejected` with all Issues, sorted by file and place, when there is an error; warnings are on the
    Catalog. `lenient` is for reading foreign material: what refers to nothing is a warning, and left out.
    """
    draft = _drafted(packages, kinds, language, lenient=lenient)
    return _catalog(draft)


def texts(packages: Sequence[Package], kinds: Kinds, language: Language) -> Texts:
    """The texts of the layers with what they translate. Raises `Rejected` as `compile` does."""
    return _drafted(packages, kinds, language).texts


def _drafted(
    packages: Sequence[Package], kinds: Kinds, language: Language, *, lenient: bool = False
) -> Draft:
    layers, found = order(packages)
    things, faults = merge(layers, renames(layers))
    draft = _draft(layers, things, kinds, language)
    for issue in (*found, *faults, *check_prefixes(things), *check_hidden(things), *_readable(layers)):
        (draft.warnings if issue.severity == "warning" else draft.issues).append(issue)
    for step in STEPS:
        step(draft)
    if lenient:
        _pardon(draft)
    if draft.issues:
        raise Rejected(_sorted([*draft.issues, *draft.warnings]))
    return draft


def _pardon(draft: Draft) -> None:
    """Make warnings of references that lead nowhere."""
    draft.warnings += [replace(issue, severity="warning") for issue in draft.issues if issue.code in DANGLING]
    draft.issues = [issue for issue in draft.issues if issue.code not in DANGLING]


def _draft(layers: Sequence[Package], things: Sequence[Merged], kinds: Kinds, language: Language) -> Draft:
    by_kind: dict[str, dict[str, Merged]] = {}
    for thing in things:
        by_kind.setdefault(thing.kind, {})[thing.name] = thing
    return Draft(
        packages=layers,
        things=by_kind,
        kinds=kinds,
        language=language,
        shapes=shapes(kinds),
        texts=_texts(layers),
        locks=_locks(layers),
        damaged={name for package in layers for name in package.lost},
        owners={id(document.root.source): package for package in layers for document in package.documents},
    )


def _texts(layers: Sequence[Package]) -> Texts:
    texts = collect(layers)
    texts.follow(renames(layers))
    return texts


def _locks(layers: Sequence[Package]) -> dict[str, Lock]:
    """The locks as `strata lock` would make them, so that what is not locked yet can still be compiled."""
    locked: list[Package] = []
    for package in layers:
        locked.append(replace(package, lock=lock(package, locked)))
    return {package.name: package.lock for package in locked}


def _readable(layers: Iterable[Package]) -> list[Issue]:
    return [issue for package in layers for issue in package.issues]


def _shape(draft: Draft) -> None:
    """Every document against the schema of its kind; fields and steps follow where they are compiled."""
    validators = draft.shapes.documents
    for things in draft.things.values():
        for thing in things.values():
            if not thing.broken:
                draft.issues += check(validators[thing.kind], thing.root)
    for package in draft.packages:
        draft.issues += check(validators["package"], package.manifest)
        for document in package.documents:
            if document.kind == TRANSLATION and not document.broken:
                draft.issues += check(validators[TRANSLATION], document.root)


def _identities(draft: Draft) -> None:
    for at, package in enumerate(draft.packages):
        draft.issues += verify(package, draft.packages[:at], draft.locks[package.name])


def _meaning(draft: Draft) -> None:
    """All that needs every field of every object."""
    checker = Checker(draft)
    for object_ in draft.objects.values():
        draft.parts[object_.name].late["body"] = body(checker, object_)
    add_rollups(checker)
    check_circles(draft)
    sound = not any(issue.code in {codes.FORMULA_CYCLE, codes.FORMULA_NESTED} for issue in draft.issues)
    if sound:
        in_company_currency(draft)
        check_invariants(checker)
    add_views(checker)
    check_conditions(draft)
    add_permission_sets(checker)
    add_sharing(checker)
    add_flows(checker)
    if sound:
        check_money(checker)


STEPS: tuple[Callable[[Draft], None], ...] = (
    _shape,
    _identities,
    declare,
    add_fields,
    type_rollups,
    check_parents,
    _meaning,
    check_layouts,
    add_apps,
)


def _sorted(issues: Iterable[Issue]) -> list[Issue]:
    """By file and place, each once."""
    found = {(issue.code.id, issue.source.path, issue.place, issue.message): issue for issue in issues}
    places = {key: (key[1], key[2].line, key[2].column, key[0]) for key in found}
    return [found[key] for key in sorted(found, key=lambda key: places[key])]


def _catalog(draft: Draft) -> Catalog:
    warnings = _sorted([*draft.warnings, *draft.texts.unused(), *draft.texts.stale()])
    return Catalog(
        objects=MappingProxyType(draft.objects),
        apps=MappingProxyType(draft.apps),
        permission_sets=MappingProxyType(draft.permission_sets),
        sharing_rules=MappingProxyType(draft.sharing_rules),
        restriction_rules=MappingProxyType(draft.restriction_rules),
        flows=MappingProxyType(draft.flows),
        layers=tuple(
            Layer(name=p.name, namespace=p.namespace, version=p.version, label=p.label)
            for p in draft.packages
        ),
        digest=_digest(draft),
        languages=draft.texts.languages,
        warnings=tuple(warnings),
    )


def _digest(draft: Draft) -> str:
    """Equal for equal models, whatever the files, comments and order of keys within the lock."""
    model = {
        "things": [
            [t.kind, t.name, t.root.plain()] for things in draft.things.values() for t in things.values()
        ],
        "texts": [
            [*path, {name: node.text for name, node in nodes.items()}]
            for path, nodes in draft.texts.nodes.items()
        ],
        "locks": {
            name: [[path, entry.id, entry.physical, entry.was] for path, entry in lock_.entries.items()]
            for name, lock_ in draft.locks.items()
        },
        "layers": [[package.name, package.namespace, package.version] for package in draft.packages],
    }
    return hashlib.sha256(msgspec.json.encode(model)).hexdigest()
