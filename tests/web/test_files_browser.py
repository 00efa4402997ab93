"""Files in a browser: chosen, dropped, drawn by hand, and what a reader sees of them."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from runtime.config import Settings
from tests.runtime.conftest import QUIET
from tests.runtime.site import Site, found_company, opened_site
from tests.web.accessibility import violations
from tests.web.test_form_browser import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from runtime.bootstrap import Composition

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SLUG = "drawn"


@pytest.fixture(scope="module")
def drawn(composition: Composition, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company whose records hold files."""
    settings = Settings(data=tmp_path_factory.mktemp("drawn"), port=0, **QUIET)
    with opened_site(settings, composition) as site:
        found_company(site, SLUG, "wide", {"boss": ["boss"]})
        yield site


@pytest.fixture
def boss(browser: Browser, drawn: Site) -> Iterator[Page]:
    """The boss at her desk; a script error fails the test."""
    page = signed_in(browser, f"{str(drawn.client.base_url).rstrip('/')}/t/{SLUG}")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


def address(drawn: Site, path: str) -> str:
    """A page of the company."""
    return f"{str(drawn.client.base_url).rstrip('/')}/t/{SLUG}{path}"


def picture() -> bytes:
    """A PNG."""
    made = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(made, "PNG")
    return made.getvalue()


def test_files_are_sent_as_they_are_chosen_and_a_signature_is_drawn(drawn: Site, boss: Page) -> None:
    boss.goto(address(drawn, "/o/specimen/new"))
    boss.locator("#field-text").fill("With files")
    boss.locator("#field-file").set_input_files(
        {"name": "合同.txt", "mimeType": "text/plain", "buffer": b"contract"}
    )
    expect(boss.get_by_role("checkbox", name="合同.txt")).to_be_checked()
    boss.locator("#field-image").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture()}
    )
    image = boss.locator("#at-image img.thumb")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    drop(boss, "#at-many_file file-field", {"1.txt": b"one", "2.txt": b"two"})
    expect(boss.locator("#at-many_file input:checked")).to_have_count(2)
    draw(boss)
    expect(boss.get_by_role("checkbox", name="signature.png")).to_be_checked()
    assert violations(boss) == []
    boss.get_by_role("button", name="Save").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("With files")
    (record,) = drawn.call("GET", "/specimen", "boss", SLUG).json()["records"]
    assert record["file"]["name"] == "合同.txt"
    assert [each["name"] for each in record["many_file"]] == ["1.txt", "2.txt"]
    assert (record["image"]["name"], record["signature"]["name"]) == ("a.png", "signature.png")
    shown = boss.locator("#value-image img.thumb")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    strokes = drawn.call(
        "GET", f"/specimen/{record['id']}/files/signature/{record['signature']['id']}", "boss", SLUG
    )
    with Image.open(io.BytesIO(strokes.content)) as signature:
        assert signature.getchannel("A").getbbox() is not None, "something is drawn"


def test_what_is_refused_is_said_beside_the_file(drawn: Site, boss: Page) -> None:
    boss.goto(address(drawn, "/o/specimen/new"))
    boss.locator("#field-signature").set_input_files(
        {"name": "huge.png", "mimeType": "image/png", "buffer": b"x" * 600_000}
    )
    expect(boss.locator("#at-signature .files .err")).to_contain_text("larger than is taken here")


def test_attachments_are_dropped_beside_the_record(drawn: Site, boss: Page) -> None:
    made = drawn.made("station", "boss", SLUG, name="North")
    boss.goto(address(drawn, f"/o/station/{made['id']}"))
    drop(boss, "#attachments file-field", {"plan.txt": b"plan"})
    expect(boss.locator("#attachments input:checked")).to_have_count(1)
    boss.locator("#attachments button[value=add]").click()
    expect(boss.locator("#attachments").get_by_role("link", name="plan.txt")).to_be_visible()
    assert violations(boss) == []


def drop(page: Page, place: str, files: dict[str, bytes]) -> None:
    """Drop files from the desktop onto an element."""
    given = {name: base64.b64encode(content).decode() for name, content in files.items()}
    expect(page.locator(f"{place} .drop")).to_be_visible()
    page.locator(place).evaluate(
        """(element, files) => {
            const dropped = new DataTransfer();
            for (const [name, content] of Object.entries(files))
                dropped.items.add(new File([atob(content)], name));
            const how = { dataTransfer: dropped, bubbles: true, cancelable: true };
            element.dispatchEvent(new DragEvent("drop", how));
        }""",
        given,
    )


def draw(page: Page) -> None:
    """Sign with the mouse."""
    pad = page.locator("#at-signature canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Use this signature").click()
