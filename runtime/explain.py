"""What the layers of packages say about one thing: its properties with their origins, and what uses it.

Joins `metadata.explain` and `metadata.uses` for the command line, which chooses the layers that are asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.problem import Problem
from metadata.compile import compile as compile_packages
from metadata.explain import NotFoundError, explanation
from metadata.translations import collect
from metadata.uses import Choice, Use, uses
from runtime.codes import UNKNOWN_THING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metadata.catalog import Catalog
    from metadata.explain import Origin, Subject
    from metadata.package import Package
    from metadata.uses import Target
    from runtime.bootstrap import Composition


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One thing explained."""

    subject: Subject
    origins: tuple[Origin, ...]
    uses: tuple[Use, ...]


def explain(composition: Composition, packages: Sequence[Package], name: str) -> Answer:
    """Explain what `name` names in these layers.

    Raises Problem when it names nothing, Rejected when the layers do not fit together.
    """
    catalog = compile_packages(packages, composition.kinds, composition.language, lenient=True)
    layers = explanation(packages)
    try:
        subject = layers.find(name)
    except NotFoundError as missing:
        message = f"There is nothing called `{missing.name}`."
        raise Problem(UNKNOWN_THING, message, hint=missing.hint or UNKNOWN_THING.mend) from missing
    target = _target(catalog, subject)
    used = () if target is None else uses(catalog, target)
    return Answer(
        subject=subject, origins=layers.origins(subject), uses=(*used, *_translated(packages, subject))
    )


def _target(catalog: Catalog, subject: Subject) -> Target | None:
    """The object, field or option in the model; None for what nothing refers to."""
    kind, _, owner = subject.document.partition(" ")
    object_ = catalog.objects.get(owner) if kind == "object" else None
    if object_ is None or not subject.path:
        return object_
    field = object_.fields.get(subject.path[1]) if subject.path[0] == "fields" else None
    if field is None or len(subject.path) == 2:
        return field
    written = dict(zip(field.sort.option_codes, field.options, strict=False))
    option = written.get(subject.path[3])
    return None if option is None else Choice(field=field, option=option)


def _translated(packages: Sequence[Package], subject: Subject) -> list[Use]:
    """The languages in which some text of the subject is given."""
    length = len(subject.text)
    languages = {
        language: None
        for path, nodes in collect(packages).nodes.items()
        if path[:length] == subject.text and (subject.kind != "object" or len(path) == length + 1)
        for language in nodes
    }
    return [Use(kind="translation", name=language) for language in languages]
