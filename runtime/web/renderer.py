"""Components into HTML: the one place that knows the template engine.

Built once at start. Everything a template prints is escaped; a name it does not have is an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runtime.web.assets import Assets
    from runtime.web.component import Component
    from runtime.web.reader import Reader
    from runtime.web.texts import Texts

TEMPLATES = Path(__file__).with_name("templates")
PARTS = ("icon", "cell", "control", "errors", "field", "csrf")
"""The macros of `parts.html`, made once: importing them in each template costs more than calling them."""
ICON = "/static/icon.svg"


class Renderer:
    """Holds the parsed templates, the texts of all languages and the addresses of the assets."""

    def __init__(self, *, assets: Assets, texts: Mapping[str, Texts]) -> None:
        self.texts = texts
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, auto_reload=False, cache_size=-1,
        )  # fmt: skip
        self._environment.globals |= {
            "asset": assets.address, "icons": assets.icons,
            "icon_url": ICON, "product": texts["en"].text("product.name"),
            "languages": tuple(texts.values()),
        }  # fmt: skip
        parts = self._environment.get_template("parts.html").module
        self._environment.globals |= {name: getattr(parts, name) for name in PARTS}

    def html(self, component: Component, reader: Reader) -> Markup:
        """The HTML of `component` for `reader`, nested components included.

        Raises:
            jinja2.UndefinedError: the component lacks a value that its template names.
        """
        template = self._environment.get_template(component.template)

        def part(inner: Component) -> Markup:
            return self.html(inner, reader)

        return Markup(template.render(component.values, reader=reader, t=reader.text, part=part))  # noqa: S704
