"""Files over HTTP: taken in piece by piece, handed out to whoever may read the field, and never run."""

from __future__ import annotations

import html
import io
import re
import socket
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.runtime.site import Site, found_company
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPANY = "papers"
PDF = b"%PDF-1.7\n" + b"0123456789" * 10
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless file that scanners find (eicar.org)."""


class Papers:
    """A company whose specimens hold files, and how a test asks it."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def call(self, method: str, path: str, person: str = "boss", **options: Any) -> Any:
        return self.site.call(method, path, person, COMPANY, **options)

    def sent(self, name: str, content: bytes, person: str = "boss") -> Any:
        answer = self.call("POST", "/files", person, params={"name": name}, content=content)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def held(self, name: str, content: bytes, field: str = "file") -> tuple[Any, str]:
        """A record that holds a file, and the address of that."""
        file = self.sent(name, content)
        record = self.site.made("specimen", of=COMPANY, **{field: file["id"]})
        return record, f"/specimen/{record['id']}/files/{field}/{file['id']}"


@pytest.fixture(scope="module")
def papers(site: Site) -> Papers:
    found_company(site, COMPANY, "wide", {"boss": ["boss"], "nobody": []})
    return Papers(site)


def folder(papers: Papers) -> Path:
    """Where the company's blobs lie."""
    with papers.site.tenant(COMPANY) as tenant:
        return papers.site.settings.data / "files" / tenant.id


def stored(papers: Papers) -> set[str]:
    """The files in that folder."""
    return {
        path.relative_to(folder(papers)).as_posix() for path in folder(papers).rglob("*") if path.is_file()
    }


def test_a_file_goes_in_and_comes_out_with_headers_that_run_nothing(papers: Papers) -> None:
    _, address = papers.held('合同 "v1".html', b"<!doctype html><script>alert(1)</script>")
    answer = papers.call("GET", address)
    assert answer.content == b"<!doctype html><script>alert(1)</script>"
    headers = answer.headers
    assert headers["content-type"] == "text/html"
    assert headers["content-disposition"].startswith('attachment; filename="__ _v1_.html"; filename*=UTF-8')
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "private" in headers["cache-control"]


@pytest.mark.parametrize(
    ("name", "content", "type_", "shown"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n", "image/png", True),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml", False),
        ("a.png", b"<svg onload=alert(1)>", "image/svg+xml", False),
        ("a.pdf", PDF, "application/pdf", True),
        ("a.pdf", b"PK\x03\x04zip", "application/zip", False),
        ("a.docx", b"PK\x03\x04zip", DOCX,
         False),
        ("a.csv", b"a,b\n1,2\n", "text/csv", False),
        ("a.txt", b"\x00\x01\x02", "application/octet-stream", False),
        ("empty", b"", "text/plain", False),
    ],
)  # fmt: skip
def test_what_a_file_is_its_content_says(
    papers: Papers, name: str, content: bytes, type_: str, shown: bool
) -> None:
    _, address = papers.held(name, content)
    answer = papers.call("GET", address)
    assert (answer.headers["content-type"], answer.content) == (type_, content)
    assert answer.headers["content-disposition"].startswith("inline" if shown else "attachment")


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=0-8", 206, PDF[:9], "bytes 0-8/109"),
        ("bytes=100-", 206, PDF[100:], "bytes 100-108/109"),
        ("bytes=-5", 206, PDF[-5:], "bytes 104-108/109"),
        ("bytes=0-999999", 206, PDF, "bytes 0-108/109"),
        ("bytes=109-", 416, None, None),
        ("bytes=5-2", 416, None, None),
        ("bytes=-0", 416, None, None),
        ("bytes=" + "9" * 5000 + "-", 200, PDF, None),
        ("bytes=0-1,5-6", 200, PDF, None),
        ("lines=1-2", 200, PDF, None),
    ],
)
def test_a_part_of_a_file_is_asked_for_by_range(
    papers: Papers, asked: str, status: int, content: bytes | None, told: str | None
) -> None:
    _, address = papers.held("a.pdf", PDF)
    answer = papers.call("GET", address, headers={"Range": asked})
    assert (answer.status_code, answer.headers.get("content-range")) == (status, told)
    assert content is None or answer.content == content


def test_what_a_browser_has_it_is_not_sent_again(papers: Papers) -> None:
    _, address = papers.held("a.pdf", PDF)
    tag = papers.call("GET", address).headers["etag"]
    assert papers.call("GET", address, headers={"If-None-Match": tag}).status_code == 304
    changed = papers.call("GET", address, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert (changed.status_code, changed.content) == (200, PDF)
    head = papers.call("HEAD", address)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PDF)))


def test_who_may_not_read_the_record_is_answered_as_if_there_were_no_file(papers: Papers) -> None:
    record, address = papers.held("a.pdf", PDF)
    other = papers.sent("b.pdf", PDF + b"!")
    for wrong in (
        address.replace("/file/", "/image/"), address.replace("/file/", "/text/"), address[:-1] + "x",
        f"/specimen/{record['id']}/files/file/{other['id']}",
        f"/specimen/{other['id']}/files/file/{other['id']}",
    ):  # fmt: skip
        assert papers.call("GET", wrong).status_code == 404, wrong
    assert papers.call("GET", address, "nobody").status_code == 404
    assert papers.site.client.get(f"/t/{COMPANY}/api/v1{address}").status_code == 401


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\con.txt", "con.txt"), ("..", "file"), ("", "file"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("\u202etxt.exe", "txt.exe"), ("\0x.pdf", "x.pdf"),
        ("é" * 300 + ".pdf", "é" * 196 + ".pdf"), (".htaccess", "htaccess"),
    ],
)  # fmt: skip
def test_a_name_is_a_name_and_no_path(papers: Papers, given: str, kept: str) -> None:
    assert papers.sent(given, b"text")["name"] == kept


def test_a_form_brings_a_file_as_well(papers: Papers) -> None:
    answer = papers.call("POST", "/files", files={"file": ("合同.pdf", PDF, "text/html")})
    assert (answer.status_code, answer.json()["name"], answer.json()["type"]) == (
        201, "合同.pdf", "application/pdf",
    )  # fmt: skip
    two = papers.call("POST", "/files", files=[("a", ("a", b"1")), ("b", ("b", b"2"))])
    assert two.status_code in (400, 422)


def test_a_repeated_upload_answers_the_first_and_keeps_one_file(papers: Papers) -> None:
    def send(content: bytes) -> Any:
        return papers.call(
            "POST", "/files", params={"name": "k"}, content=content, headers={"Idempotency-Key": "k1"}
        )

    first, again = send(b"once"), send(b"once")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert send(b"other").json()["code"] == "P715"


def test_nothing_is_left_of_a_file_that_is_too_large_or_broken_off(papers: Papers) -> None:
    before = stored(papers)
    limit = papers.site.settings.file_limit

    def endless() -> Iterator[bytes]:
        for _ in range(limit // 65536 + 400):
            yield b"x" * 65536

    answer = papers.call("POST", "/files", content=endless())
    assert (answer.status_code, answer.json()["code"]) in {(413, "P703"), (413, "P182")}
    _break_off(papers)
    assert stored(papers) == before


def _break_off(papers: Papers) -> None:
    """Begin an upload, and hang up in the middle."""
    url = papers.site.client.base_url
    with socket.create_connection((url.host, url.port or 80), 10) as line:
        head = (
            f"POST /t/{COMPANY}/api/v1/files?name=x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
            f"Authorization: Bearer {papers.site.token('boss', COMPANY)}\r\n\r\n"
        )
        line.sendall(head.encode() + b"x" * 5000)


def test_a_strangers_upload_is_refused_before_it_is_read(papers: Papers) -> None:
    answer = papers.site.client.post(f"/t/{COMPANY}/api/v1/files", content=b"x" * 3_000_000)
    assert answer.status_code == 401


def test_equal_content_is_kept_once_also_when_it_is_sent_at_once(papers: Papers) -> None:
    content = b"the same " * 50_000
    files: list[Any] = []
    threads = [
        threading.Thread(target=lambda n=n: files.append(papers.sent(f"{n}.txt", content))) for n in range(6)
    ]
    before = stored(papers)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({file["id"] for file in files}) == 6
    assert len(stored(papers) - before) == 1


def test_two_companies_share_no_place(papers: Papers) -> None:
    found_company(papers.site, "other", "wide", {"boss": ["boss"]})
    file = papers.sent("a.txt", b"a company's own")
    answer = papers.site.call("POST", "/specimen", "boss", "other", json={"file": file["id"]})
    assert answer.json()["errors"][0]["code"] == "P180"
    folders = [path.name for path in (papers.site.settings.data / "files").iterdir()]
    assert all(COMPANY not in name and "other" not in name for name in folders)


def test_a_picture_and_a_pdf_have_previews_and_what_is_neither_has_none(papers: Papers) -> None:
    made = io.BytesIO()
    turned = Image.Exif()
    turned[274] = 6
    Image.new("RGB", (800, 400), "teal").save(made, "JPEG", exif=turned)
    _, address = papers.held("a.jpg", made.getvalue(), "image")
    answer = papers.call("GET", address, params={"preview": ""})
    assert answer.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (160, 320), "upright, as the camera was held"
    assert papers.call("GET", address, params={"preview": ""}).content == answer.content
    _, text = papers.held("a.txt", b"text")
    assert papers.call("GET", text, params={"preview": ""}).status_code == 404


def test_a_page_of_a_pdf_is_drawn(papers: Papers) -> None:
    _, address = papers.held("a.pdf", _page())
    answer = papers.call("GET", address, params={"preview": ""})
    with Image.open(io.BytesIO(answer.content)) as small:
        assert small.size == (320, 160)


def _page() -> bytes:
    """A PDF of one empty page, twice as wide as high."""
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n",
    ]
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF"


def test_bombs_and_rubbish_have_no_preview_and_break_nothing(papers: Papers) -> None:
    bomb = _bomb(60_000, 60_000)
    for name, content in (
        ("bomb.png", bomb),
        ("x.pdf", b"%PDF-1.7 rubbish"),
        ("x.jpg", b"\xff\xd8\xffrubbish"),
    ):
        _, address = papers.held(name, content)
        assert papers.call("GET", address, params={"preview": ""}).status_code == 404
    file = papers.sent("bomb.png", bomb)
    answer = papers.call("POST", "/specimen", json={"image": file["id"]})
    assert [error["code"] for error in answer.json()["errors"]] == ["P183"]


def _bomb(width: int, height: int) -> bytes:
    """A PNG whose head promises more pixels than anybody unpacks."""
    made = io.BytesIO()
    Image.new("1", (8, 8)).save(made, "PNG")
    content = bytearray(made.getvalue())
    content[16:24] = width.to_bytes(4) + height.to_bytes(4)
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4)
    return bytes(content)


def test_a_plain_form_brings_files_and_keeps_those_whose_box_is_ticked(papers: Papers) -> None:
    page = Reader(papers.site, "boss", COMPANY)
    token = _token(page)
    sent = page.http.post(
        f"{page.base}/o/specimen/new", data={"_csrf": token, "text": "with files"},
        files=[("file:file", ("a.pdf", PDF)), ("many_file:file", ("1.txt", b"one")),
               ("many_file:file", ("2.txt", b"two")), ("image:file", ("", b""))],
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    id_ = sent.headers["location"].rpartition("/")[2]
    record = papers.call("GET", f"/specimen/{id_}").json()
    assert (record["file"]["name"], [each["name"] for each in record["many_file"]]) == (
        "a.pdf",
        ["1.txt", "2.txt"],
    )
    form = page.get(f"/o/specimen/{id_}/edit").text
    values = re.findall(r'type="checkbox" name="many_file" value="([^"]+)" checked', form)
    was = re.search(r'name="_was" value="([^"]*)"', form)
    assert was is not None
    sent = page.http.post(
        f"{page.base}/o/specimen/{id_}/edit",
        data={"_csrf": token, "_version": "1", "_was": html.unescape(was[1]), "many_file": ["", values[1]]},
        files=[("many_file:file", ("3.txt", b"three"))],
    )
    assert sent.status_code == 303, sent.text
    record = papers.call("GET", f"/specimen/{id_}").json()
    assert [each["name"] for each in record["many_file"]] == ["2.txt", "3.txt"]
    shown = page.get(f"/o/specimen/{id_}").text
    assert f"/o/specimen/{id_}/files/file/{record['file']['id']}" in shown
    page.http.close()


def _token(page: Reader) -> str:
    found = re.search(r'name="csrf-token" content="([^"]*)"', page.get("/search").text)
    assert found is not None
    return found[1]


def test_a_rich_input_sends_ahead_what_only_its_sender_sees(papers: Papers) -> None:
    page = Reader(papers.site, "boss", COMPANY)
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(made, "PNG")
    headers = {"X-CSRF-Token": _token(page)}
    answer = page.http.post(f"{page.base}/files?name=dot.png", content=made.getvalue(), headers=headers)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert page.http.get(told["preview"]).headers["content-type"] == "image/png"
    other = Reader(papers.site, "nobody", COMPANY)
    assert other.http.get(told["preview"]).status_code == 404
    assert page.http.post(f"{page.base}/files?name=x", content=b"x").status_code == 403, "without the token"
    for each in (page, other):
        each.http.close()


def test_a_blob_that_is_missing_is_said_and_no_broken_answer(papers: Papers) -> None:
    record, address = papers.held("gone.txt", b"will be gone")
    with papers.site.tenant(COMPANY) as tenant, tenant.database.read() as connection:
        row = connection.row("SELECT digest FROM s_file WHERE name = 'gone.txt'")
    assert row is not None
    (folder(papers) / row[0][:2] / row[0]).unlink()
    answer = papers.call("GET", address)
    assert (answer.status_code, answer.json()["code"]) == (404, "P201")
    assert record["file"]["name"] == "gone.txt"
