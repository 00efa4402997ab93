"""Files in records: who may put one there, what a field takes, and what stays of it in the journal."""

from __future__ import annotations

import io
import os
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from obstore.store import LocalStore
from PIL import Image

from engine.changes.undo import undo
from engine.files.access import file_at, own_file
from engine.files.checking import check_pending
from engine.files.cleanup import Tidied, Verified, tidy, tidy_due, verify
from engine.files.file import State
from engine.files.scan import Scanner
from engine.files.store import Store, place
from engine.files.upload import Upload, upload
from engine.mutation import Create, Delete, Restore, Update
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.files.file import File
    from engine.record import Record
    from engine.session import Session
    from metadata.catalog import Catalog

PDF, PAGE = b"%PDF-1.7 small", b"<!doctype html><script>alert(1)</script>"
MORE = {
    "objects/dossier.yaml": """
object: dossier
label: Dossier
plural: Dossiers
title: name
fields:
  name: {type: text, label: Name}
  contract: {type: file, label: Contract, types: [application/pdf, text/*], max_size: 100}
  papers: {type: file, label: Papers, many: true, max_count: 3}
  photo: {type: image, label: Photo, max_pixels: 100}
  told: {type: formula, label: Told, returns: text, formula: 'contract & " " & TEXT(contract.size)'}
  big: {type: formula, label: Big, returns: boolean, formula: contract.size > 20}
""",
    "permissions/seller.yaml": """
permission_set: s_seller
label: Seller
objects:
  dossier: {create: true, read: own, update: own, delete: own, fields: {"*": edit}}
""",
    "permissions/reader.yaml": """
permission_set: s_reader
label: Reader
objects:
  dossier: {create: true, read: all, update: own, delete: none, fields: {"*": edit}}
""",
    "permissions/masked.yaml": """
permission_set: s_masked
label: Masked
objects:
  dossier: {create: true, read: all, update: all, delete: none, fields: {"*": edit, contract: none}}
rights: [history]
""",
    "permissions/boss.yaml": """
permission_set: s_boss
label: Boss
objects:
  dossier: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
rights: [history]
""",
}


@pytest.fixture(scope="module")
def files_catalog() -> Catalog:
    """The company's model with an object that holds files."""
    return compiled(MORE)


@pytest.fixture
def firm(database_url: str, files_catalog: Catalog) -> Iterator[Company]:
    """A company whose records hold files."""
    database = open_url(database_url)
    yield opened(database, files_catalog)
    database.close()


@pytest.fixture
def store(tmp_path: Path, firm: Company) -> Store:
    """Its store, a folder."""
    return Store(LocalStore(prefix=tmp_path / "files", mkdir=True), firm.make_id, tmp_path / "files")


def sent(session: Session, store: Store, name: str, content: bytes) -> File:
    """A file that somebody uploaded."""
    staged = store.stage([content], 10_000)
    return upload(session, store, Upload(name=name, staged=staged), room=1_000_000)


def dossier(firm: Company, session: Session, **values: object) -> Record:
    """A new record with values."""
    record = firm.apply(session, "dossier", Create(values=values)).records[0]
    assert record is not None
    return record


def refused(company: Company, session: Session, **values: object) -> list[tuple[str | None, str]]:
    """The fields and codes with which a dossier is refused."""
    with pytest.raises(Problem) as problem:
        dossier(company, session, **values)
    return [(detail.field, detail.code) for detail in problem.value.details]


def test_a_field_holds_a_file_and_formulas_see_its_name_and_size(firm: Company, store: Store) -> None:
    firm_ann = firm.session("ann", "s_seller")
    file = sent(firm_ann, store, "../up/合同 v1.pdf", PDF)
    made = dossier(firm, firm_ann, name="A", contract=file.id)
    shown = made.json()["contract"]
    assert shown == {"id": file.id, "name": "合同 v1.pdf", "size": len(PDF), "type": "application/pdf"}
    assert (made.values["told"], made.values["big"]) == (f"合同 v1.pdf {len(PDF)}", False)
    assert firm.names(firm_ann, "dossier", where='CONTAINS(contract, "合同")') == ["A"]
    assert firm.names(firm_ann, "dossier", where="contract.size < 20", order=["contract"]) == ["A"]
    assert b"".join(store.read(file_at(firm_ann, made.object, made.id, "contract", file.id).digest)) == PDF


def test_a_list_holds_several_in_their_order_up_to_its_number(firm: Company, store: Store) -> None:
    ann = firm.session("ann", "s_seller")
    files = [sent(ann, store, f"{n}.txt", f"text {n}".encode()).id for n in range(4)]
    made = dossier(firm, ann, papers=[files[1], {"id": files[0]}, files[2]])
    assert [each["name"] for each in made.json()["papers"]] == ["1.txt", "0.txt", "2.txt"]
    assert refused(firm, ann, papers=files) == [("papers", "P150")]
    changed = firm.apply(ann, "dossier", Update(id=made.id, values={"papers": [files[3], files[1]]})).records[
        0
    ]
    assert changed is not None
    assert [each["name"] for each in changed.json()["papers"]] == ["3.txt", "1.txt"]


def test_what_a_field_does_not_take_is_refused_by_content_not_by_name(firm: Company, store: Store) -> None:
    ann = firm.session("ann", "s_seller")
    page = sent(ann, store, "photo.png", PAGE)
    zipped = sent(ann, store, "contract.pdf", b"PK\x03\x04 zip")
    large = sent(ann, store, "long.txt", b"x" * 101)
    assert page.media_type == "text/html"
    assert refused(firm, ann, photo=page.id) == [("photo", "P181")]
    assert refused(firm, ann, contract=zipped.id) == [("contract", "P181")]
    assert refused(firm, ann, contract=large.id) == [("contract", "P182")]


def test_a_picture_has_pixels_within_the_limit(firm: Company, store: Store) -> None:
    ann = firm.session("ann", "s_seller")
    wide, good = sent(ann, store, "a.png", png(11, 10)), sent(ann, store, "b.png", png(10, 10))
    torn = sent(ann, store, "c.png", png(10, 10)[:20])
    assert refused(firm, ann, photo=wide.id) == [("photo", "P183")]
    assert refused(firm, ann, photo=torn.id) == [("photo", "P183")]
    assert dossier(firm, ann, photo=good.id).json()["photo"]["name"] == "b.png"


def test_nobody_takes_a_file_of_others_that_she_cannot_read(firm: Company, store: Store) -> None:
    ann, bob = firm.session("ann", "s_seller"), firm.session("bob", "s_seller")
    file = sent(ann, store, "secret.pdf", PDF)
    made = dossier(firm, ann, name="A", contract=file.id)
    assert refused(firm, bob, contract=file.id) == [("contract", "P180")]
    assert refused(firm, bob, contract="018f2d3a-0000-7000-8000-000000000001") == [("contract", "P180")]
    reader = firm.session("bob", "s_reader")
    assert dossier(firm, reader, contract=file.id).json()["contract"]["id"] == file.id
    for who, status in (("s_seller", 404), ("s_masked", 404)):
        with pytest.raises(Problem) as problem:
            file_at(firm.session("bob", who), made.object, made.id, "contract", file.id)
        assert problem.value.status == status


def test_an_upload_that_no_record_holds_is_its_uploaders_alone(firm: Company, store: Store) -> None:
    ann, boss = firm.session("ann", "s_seller"), firm.session("bob", "s_boss")
    file = sent(ann, store, "a.pdf", PDF)
    assert own_file(ann, file.id).name == "a.pdf"
    with pytest.raises(Problem):
        own_file(boss, file.id)
    assert refused(firm, boss, contract=file.id) == [("contract", "P180")]
    dossier(firm, ann, contract=file.id)
    with pytest.raises(Problem):
        own_file(ann, file.id)


def test_older_versions_are_for_who_sees_the_history_and_an_undo_brings_them_back(
    firm: Company, store: Store
) -> None:
    ann, boss = firm.session("ann", "s_seller"), firm.session("bob", "s_boss")
    first, second = sent(ann, store, "1.pdf", PDF), sent(ann, store, "2.pdf", PDF + b"!")
    made = dossier(firm, ann, contract=first.id)
    changed = firm.apply(ann, "dossier", Update(id=made.id, values={"contract": second.id}))
    assert file_at(boss, made.object, made.id, "contract", first.id).name == "1.pdf"
    with pytest.raises(Problem):
        file_at(ann, made.object, made.id, "contract", first.id)
    told = boss.history(made.object, made.id)[0].fields[0]
    assert (told.old["name"], told.new["name"]) == ("1.pdf", "2.pdf")
    assert undo(ann, changed.change_set).refused == 0
    assert ann.get(made.object, made.id).json()["contract"]["id"] == first.id


def test_a_deleted_record_keeps_its_files_and_brings_them_back(firm: Company, store: Store) -> None:
    ann = firm.session("ann", "s_seller")
    file = sent(ann, store, "a.pdf", PDF)
    made = dossier(firm, ann, contract=file.id, papers=[file.id])
    firm.apply(ann, "dossier", Delete(id=made.id))
    with pytest.raises(Problem):
        file_at(ann, made.object, made.id, "contract", file.id)
    firm.apply(ann, "dossier", Restore(id=made.id))
    assert file_at(ann, made.object, made.id, "papers", file.id).digest == file.digest


def test_a_blocked_file_is_never_handed_out_and_one_that_is_checked_not_yet(
    firm: Company, store: Store
) -> None:
    ann = firm.session("ann", "s_seller")
    staged = store.stage([PDF], 1000)
    file = upload(ann, store, Upload(name="a.pdf", staged=staged, state=State.PENDING))
    made = dossier(firm, ann, contract=file.id)
    for state, code in ((None, "P185"), (State.BLOCKED, "P184")):
        if state:
            with firm.database.write() as connection:
                connection.run("UPDATE s_file SET state = 'blocked'")
        with pytest.raises(Problem) as problem:
            file_at(ann, made.object, made.id, "contract", file.id)
        assert problem.value.code.id == code
    assert refused(firm, ann, papers=[file.id]) == [("papers", "P184")]


def test_where_the_companys_room_ends_nothing_is_kept(firm: Company, store: Store) -> None:
    ann = firm.session("ann", "s_seller")
    with pytest.raises(Problem) as problem:
        upload(ann, store, Upload(name="a.pdf", staged=store.stage([PDF], 1000)), room=len(PDF) - 1)
    assert (problem.value.code.id, problem.value.status) == ("P187", 507)
    assert list(store.listed()) == []


def test_a_save_without_new_files_asks_nothing_more(firm: Company, store: Store) -> None:
    ann = firm.session("ann", "s_seller")
    file = sent(ann, store, "a.pdf", PDF)
    made = dossier(firm, ann, contract=file.id)
    counted = Counted(firm)
    door = firm.session("ann", "s_seller")
    firm.apply(door, "dossier", Update(id=made.id, values={"name": "B"}))
    plain = counted.sent()
    firm.apply(door, "dossier", Update(id=made.id, values={"name": "C", "contract": file.id}))
    assert counted.sent() == plain


def png(width: int, height: int) -> bytes:
    """A picture of that size."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, "PNG")
    return made.getvalue()


DAY = timedelta(days=1)


def test_what_no_record_ever_held_goes_after_a_day_and_all_else_stays(firm: Company, store: Store) -> None:
    ann, system = firm.session("ann", "s_seller"), firm.session()
    unused, used, old, binned = (sent(ann, store, f"{n}.txt", f"text {n}".encode()) for n in range(4))
    twin = sent(ann, store, "twin.txt", b"text 0")
    made = dossier(firm, ann, papers=[used.id, old.id, twin.id])
    firm.apply(ann, "dossier", Update(id=made.id, values={"papers": [used.id, twin.id]}))
    firm.apply(ann, "dossier", Delete(id=dossier(firm, ann, papers=[binned.id]).id))
    other = sent(ann, store, "other.txt", b"nobody's")
    assert tidy(system, store, DAY) == Tidied(files=0, blobs=0, leftovers=0), "all are young"
    firm.later(days=2)
    assert tidy(system, store, DAY) == Tidied(files=2, blobs=1, leftovers=0)
    assert verify(system, store) == Verified(checked=4, missing=(), damaged=())
    assert b"".join(store.read(twin.digest)) == b"text 0", "another file has the same bytes"
    assert unused.digest == twin.digest
    with pytest.raises(FileNotFoundError):
        list(store.read(other.digest))
    assert not tidy_due(system)
    firm.later(days=1)
    assert tidy_due(system)


def test_what_a_purge_and_an_erased_journal_leave_behind_goes_as_well(firm: Company, store: Store) -> None:
    ann, system = firm.session("ann", "s_seller"), firm.session()
    file = sent(ann, store, "a.pdf", PDF)
    made = dossier(firm, ann, contract=file.id)
    firm.later(days=2)
    assert tidy(system, store, DAY).files == 0
    table = firm.release.tables[made.object.id].table
    with firm.database.write() as connection:
        connection.run(f'DELETE FROM "{table.name}"')
    assert tidy(system, store, DAY).files == 0, "the journal can bring it back"
    with firm.database.write() as connection:
        connection.run("UPDATE s_journal SET changes = '[]'")
    assert tidy(system, store, DAY) == Tidied(files=1, blobs=1, leftovers=0)


def test_leftovers_of_broken_uploads_and_blobs_without_a_row_go(
    firm: Company, store: Store, tmp_path: Path
) -> None:
    ann, system = firm.session("ann", "s_seller"), firm.session()
    kept = sent(ann, store, "a.txt", b"kept")
    store.stage([b"broken off"], 100)
    orphan = store.stage([b"its transaction failed"], 100)
    store.keep(orphan)
    store.keep_preview(f"{orphan.digest}-320.png", b"png")
    store.keep_preview(f"{kept.digest}-320.png", b"png")
    dossier(firm, ann, papers=[kept.id])
    for path in (tmp_path / "files").rglob("*"):
        os.utime(path, (0, 0))
    assert tidy(system, store, DAY) == Tidied(files=0, blobs=0, leftovers=3)
    assert len(list(store.listed())) == 2


def test_damage_is_found_by_reading_again(firm: Company, store: Store, tmp_path: Path) -> None:
    ann, system = firm.session("ann", "s_seller"), firm.session()
    good, bad, gone = (sent(ann, store, f"{n}.txt", f"text {n}".encode()) for n in range(3))
    (tmp_path / "files" / place(bad.digest)).write_bytes(b"text X")
    (tmp_path / "files" / place(gone.digest)).unlink()
    assert verify(system, store) == Verified(checked=3, missing=(gone.digest,), damaged=(bad.digest,))
    assert good.digest not in (bad.digest, gone.digest)


def test_a_clean_up_never_takes_what_somebody_is_just_linking(firm: Company, store: Store) -> None:
    """One links old uploads while another cleans up: each file is either refused or there."""
    ann, system = firm.session("ann", "s_seller"), firm.session()
    files = [sent(ann, store, f"{n}.txt", f"text {n}".encode()) for n in range(12)]
    firm.later(days=2)
    cleaning = threading.Thread(target=lambda: tidy(system, store, DAY))
    cleaning.start()
    held, refusals = [], list[str]()
    for file in files:
        try:
            held.append((dossier(firm, ann, papers=[file.id]), file))
        except Problem as problem:
            refusals += [detail.code for detail in problem.details]
    cleaning.join()
    assert set(refusals) <= {"P180"}
    for record, file in held:
        assert b"".join(store.read(file_at(ann, record.object, record.id, "papers", file.id).digest))
    assert verify(system, store).missing == ()


def test_a_waiting_file_is_scanned_again_until_something_is_said(firm: Company, store: Store) -> None:
    ann, system = firm.session("ann", "s_seller"), firm.session()
    waiting = [
        upload(ann, store, Upload(name=name, staged=store.stage([content], 100), state=State.PENDING))
        for name, content in (("a.pdf", PDF), ("b.txt", b"EICAR"))
    ]
    made = dossier(firm, ann, contract=waiting[0].id, papers=[waiting[1].id])
    assert check_pending(system, store, Scanner(by="no-such-program", seconds=5)) == 0
    assert check_pending(system, store, Scanner(by="sh -c '! grep -q EICAR'", seconds=5)) == 2
    assert file_at(ann, made.object, made.id, "contract", waiting[0].id).state is State.READY
    with pytest.raises(Problem) as problem:
        file_at(ann, made.object, made.id, "papers", waiting[1].id)
    assert problem.value.code.id == "P184"
