"""Files go in and come out over the API and by command."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from engine.transfer.mapping import Form
from engine.transfer.table import open_table
from runtime.jobs import JobWorker, job_kinds
from runtime.log import open_log
from tests.runtime.terminal import refused

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runtime.site import Site
    from tests.runtime.terminal import Run

CLIENTS = {
    "objects": [{"object": "client", "key": ["name"], "columns": [{"column": "Client", "field": "name"}]}]
}
FILE = "Client\nÄcme\nBell\n"


def sent(site: Site, person: str, mapping: Any, content: str = FILE, **more: Any) -> Any:
    """The answer to a file that a person sends."""
    text = mapping if isinstance(mapping, str) else json.dumps(mapping)
    data = {"mapping": text, **more.pop("data", {})}
    files = {"file": ("clients.csv", content.encode(), "text/csv")}
    return site.call("POST", "/import", person, data=data, files=files, **more)


def worked(site: Site) -> None:
    """All that waits is done."""
    worker = JobWorker(kinds=job_kinds(), worker="w", log=open_log(site.settings))
    with site.tenant() as tenant:
        while worker.turn(tenant, lambda: False) is not None:
            pass


def test_a_file_goes_in_over_the_api(site: Site) -> None:
    answer = sent(site, "boss", CLIENTS)
    assert answer.status_code == 202, answer.text
    worked(site)
    job = site.client.get(
        answer.headers["location"], headers={"Authorization": f"Bearer {site.token('boss')}"}
    ).json()
    assert (job["state"], job["kind"], job["about"]) == ("done", "import", "clients.csv")
    assert (job["result"]["created"], job["result"]["failed"]) == (2, 0)
    assert site.call("GET", f"/change-sets/{job['result']['change_set']}", "boss").json()["entry"] == "import"


def test_a_repeated_request_queues_one_import(site: Site) -> None:
    headers = {"Idempotency-Key": "k1"}
    first, again = (sent(site, "boss", CLIENTS, "Client\nOnce\n", headers=dict(headers)) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    other = sent(site, "boss", CLIENTS, "Client\nOther\n", headers=dict(headers))
    assert other.status_code == 422
    worked(site)


def test_rows_that_fail_are_told_in_the_language_of_who_asked(site: Site) -> None:
    job = sent(site, "polyglot", CLIENTS, f"Client\n{'x' * 90}\n", data={"dry_run": "true"}).json()["id"]
    worked(site)
    told = site.call("GET", f"/jobs/{job}", "polyglot").json()
    assert (told["result"]["failed"], told["result"]["dry_run"]) == (1, True)
    (file,) = [each for each in told["files"] if each["name"] == "errors.csv"]
    content = site.client.get(file["url"], headers={"Authorization": f"Bearer {site.token('polyglot')}"})
    assert "90" in content.content.decode("utf-8-sig")


def test_mappings_are_saved_used_and_forgotten(site: Site) -> None:
    path = "/import/mappings/monthly"
    assert site.call("PUT", path, "boss", json=CLIENTS).status_code == 200
    listed = site.call("GET", "/import/mappings", "ann", params={"object": "client"}).json()["mappings"]
    assert [(one["name"], one["object"]) for one in listed] == [("monthly", "client")]
    assert site.call("GET", path, "ann").json()["mapping"]["objects"] == CLIENTS["objects"]
    assert sent(site, "boss", "monthly").status_code == 202
    worked(site)
    assert site.call("PUT", path, "ann", json=CLIENTS).status_code == 403
    assert site.call("DELETE", path, "ann").status_code == 403
    assert site.call("DELETE", path, "admin").status_code == 204
    assert site.call("GET", path, "boss").status_code == 404
    assert sent(site, "boss", "monthly").status_code == 404


@pytest.mark.parametrize(
    "mapping",
    [
        "{",
        '{"objects": []}',
        '{"objects": [{"object": "client"}]}',
        '{"objects": 5}',
        {"objects": [{"object": "ghost", "columns": []}]},
    ],
)
def test_a_mapping_that_will_not_do_is_refused(site: Site, mapping: Any) -> None:
    answer = sent(site, "boss", mapping)
    assert (answer.status_code, answer.json()["code"]) == (422, "P342")


def test_what_is_no_import_is_refused(site: Site) -> None:
    assert site.call("POST", "/import", "boss", data={"mapping": "{}"}).status_code == 422
    assert sent(site, "boss", CLIENTS, "\0\0").status_code == 422
    assert sent(site, "guest", CLIENTS).status_code == 422, "she may not write clients"
    assert sent(site, "nobody", CLIENTS).status_code == 422


def test_a_file_goes_in_by_command(strata: Run, data: Path, shop: Path, tmp_path: Path) -> None:
    here = ("--data", str(data))
    assert strata("publish", str(shop), *here)[0] == 0
    file, errors = tmp_path / "clients.csv", tmp_path / "errors.csv"
    file.write_bytes(f"Name;Extra\nÄcme;1\n{'x' * 90};2\nBell;3\n".encode("cp1252"))
    plain = ("import", str(file), "--object", "client", "--key", "name", "--errors", str(errors), *here)
    code, out, err = strata(*plain, "--dry-run")
    assert (code, "Nothing was written." in out) == (1, True), err
    code, out, err = strata(*plain, "--save-as", "monthly")
    assert code == 1
    assert "created    2" in out
    assert "row 3, Name: The text has 90 characters" in err
    assert errors.read_bytes().decode("utf-8-sig").splitlines()[0] == "Name,Extra,Errors"
    file.write_text("Name\nÄcme\nCork\n", "utf-8")
    code, out, _ = strata("import", str(file), "--mapping", "monthly", *here)
    assert (code, "created    1" in out, "unchanged  1" in out) == (0, True, True), out
    refused(strata("import", str(file), "--mapping", "ghost", *here), "There is no mapping “ghost”")
    mapping = tmp_path / "wrong.yaml"
    mapping.write_text("objects: [{object: client, columns: [{column: Nmae, field: name}]}]", "utf-8")
    refused(
        strata("import", str(file), "--mapping", str(mapping), *here),
        "no column “Nmae”",
    )
    assert strata("jobs", "list", *here)[1].count("import") == 3


def test_a_list_leaves_as_a_job(site: Site) -> None:
    site.made("client", name="=Formula")
    asked = {"fields": "name", "where": 'name = "=Formula"', "format": "xlsx"}
    answer = site.call("POST", "/client/export", "boss", json=asked)
    assert answer.status_code == 202, answer.text
    worked(site)
    job = site.call("GET", f"/jobs/{answer.json()['id']}", "boss").json()
    assert (job["state"], job["result"]) == ("done", {"records": 1, "file": "client.xlsx"})
    got = site.client.get(job["files"][0]["url"], headers={"Authorization": f"Bearer {site.token('boss')}"})
    table = open_table(io.BytesIO(got.content), Form())
    assert (table.heads, [cells for _, cells in table.rows()]) == (("Name",), [("=Formula",)])
    assert site.call("POST", "/client/export", "ann", json={}).status_code == 403
    assert site.call("POST", "/client/export", "boss", json={"format": "pdf"}).status_code == 400
    assert site.call("POST", "/client/export", "boss", json={"fields": "ghost"}).status_code == 422


def test_a_list_leaves_for_programs(site: Site) -> None:
    made = site.made("deal", name="Plain", stage="won")
    asked = {"fields": "id,name,stage", "where": 'name = "Plain"', "names": "api"}
    text = site.call("GET", "/deal/export", "boss", params=asked).content.decode("utf-8-sig")
    assert text.splitlines() == ["id,name,stage", f"{made['id']},Plain,won"]
    lines = site.call("GET", "/deal/export", "boss", params={**asked, "format": "ndjson"}).text.splitlines()
    assert json.loads(lines[0])["stage"] == "won"
    assert site.call("GET", "/deal/export", "boss", params={"format": "pdf"}).status_code == 400


def test_a_list_leaves_by_command(strata: Run, data: Path, shop: Path, tmp_path: Path) -> None:
    here, out = ("--data", str(data)), tmp_path / "clients.csv"
    assert strata("publish", str(shop), *here)[0] == 0
    (tmp_path / "in.csv").write_text("Name\nÄcme\n", "utf-8")
    assert strata("import", str(tmp_path / "in.csv"), "--object", "client", *here)[0] == 0
    code, told, err = strata("export", "client", "--fields", "name", "--out", str(out), *here)
    assert (code, told) == (0, f"1 record in {out}.\n"), err
    assert out.read_text("utf-8-sig").splitlines() == ["Name", "Äcme"]
    refused(strata("export", "ghost", "--out", str(out), *here), "no object")
    refused(strata("export", "client", "--out", "clients.pdf", *here), "format is one of")
