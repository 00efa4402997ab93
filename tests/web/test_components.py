"""Every template renders from plain values, in every language, and escapes what people typed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from runtime.web.assets import Assets, AssetsMissingError, read_assets
from runtime.web.cell import Cell
from runtime.web.component import Component
from runtime.web.record import Value
from runtime.web.renderer import TEMPLATES, Renderer
from runtime.web.table import Empty
from runtime.web.texts import read_texts
from tests.web.sample_pages import FRAGMENTS, PAGES
from tests.web.samples import reader

TEXTS = read_texts()
FRONTEND = TEMPLATES.parents[1] / "frontend"
NAMES = ("core.js", "list.js", "app.css", "widgets.css", "inter.woff2", "icons.svg")
ASSETS = Assets(base="/static/dist", files={name: f"hash-{name}" for name in NAMES})
RENDERER = Renderer(assets=ASSETS, texts=TEXTS)
SAMPLES = {**PAGES, **FRAGMENTS}


def _templates(component: Component) -> set[str]:
    """The template of a component and of every component among its values."""
    found = {component.template}
    pending: list[object] = list(component.values.values())
    while pending:
        match pending.pop():
            case Component() as inner:
                found |= _templates(inner)
            case tuple() as several:
                pending.extend(several)
            case other if hasattr(other, "__dataclass_fields__"):
                pending.extend(getattr(other, name) for name in other.__dataclass_fields__)
    return found


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_renders_in_every_language(name: str, language: str) -> None:
    who = reader(TEXTS[language])
    assert RENDERER.html(SAMPLES[name](who), who).strip()


def test_every_template_is_rendered_by_some_sample() -> None:
    who = reader(TEXTS["en"])
    used = set().union(*(_templates(make(who)) for make in SAMPLES.values()))
    not_components = {"parts.html", "document.html", "import_steps.html"}  # read into others
    assert {path.name for path in TEMPLATES.glob("*.html")} - not_components == used


def test_a_page_says_its_language_theme_and_density() -> None:
    who = reader(TEXTS["zh-CN"], theme="dark", density="compact")
    assert '<html lang="zh-CN" data-theme="dark" data-density="compact">' in RENDERER.html(
        PAGES["list"](who), who
    )


def test_without_a_choice_the_theme_is_left_to_the_device() -> None:
    who = reader(TEXTS["en"])
    assert "data-theme=" not in RENDERER.html(PAGES["list"](who), who)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_holds_inline_script_or_style(name: str) -> None:
    """The content security policy would refuse them (script-src 'self', style-src 'self')."""
    who = reader(TEXTS["en"])
    html = RENDERER.html(PAGES[name](who), who)
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert all("src=" in part for part in html.split("<script")[1:])


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_the_csrf_token(name: str) -> None:
    who = reader(TEXTS["en"])
    for form in RENDERER.html(PAGES[name](who), who).split("<form")[1:]:
        inside, opening = form.split("</form>")[0], form.split(">")[0]
        assert 'method="post"' not in opening or 'name="_csrf" value="token"' in inside


def test_what_people_typed_is_escaped() -> None:
    who = reader(TEXTS["en"])
    evil = Value(name="name", label="<b>", value=Cell(kind="text", text='<script>"&', href='/"><i>'))
    html = RENDERER.html(evil.component(), who)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_a_component_without_a_value_its_template_names_is_an_error() -> None:
    who = reader(TEXTS["en"])
    whole = PAGES["sign-in"](who)
    lacking = replace(whole, values={key: value for key, value in whole.values.items() if key != "company"})
    with pytest.raises(UndefinedError, match="company"):
        RENDERER.html(lacking, who)


def test_htmx_finds_nothing_in_the_templates_that_means_something_else_in_version_4() -> None:
    """The library ships this check; version 4 changed what inherits and what some attributes do."""
    script = FRONTEND / "node_modules/htmx.org/dist/scripts/upgrade-check.py"
    done = subprocess.run(
        [sys.executable, str(script), str(TEMPLATES)], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert f"Found 0 issue(s) in 0 of {len(list(TEMPLATES.glob('*.html')))} file(s)" in said, said


def test_missing_assets_say_which_file_is_missing(tmp_path: object) -> None:
    with pytest.raises(AssetsMissingError, match=r"manifest\.json is missing"):
        read_assets(tmp_path)  # type: ignore[arg-type]


def test_an_icon_that_the_sprite_lacks_is_shown_as_a_plain_one() -> None:
    """Metadata may name any icon; a menu without a sign would look broken."""
    who = reader(TEXTS["en"])
    empty = Empty(symbol="no-such-icon", title="", text="").component()
    assert "#list-details" in RENDERER.html(empty, who)


def test_asset_addresses_carry_the_name_the_build_gave_them() -> None:
    assert ASSETS.address("app.css") == "/static/dist/hash-app.css"
