"""`strata user hand-over` and `strata undo`: what an operator does when somebody leaves."""

import re
from pathlib import Path

from engine.actor import system_actor
from engine.mutation import Create, Mutation
from runtime.bootstrap import compose
from runtime.cli.opening import opened_tenant, published
from runtime.config import Settings
from runtime.people import user_id
from tests.runtime.terminal import Run, refused

PASSWORD = ("--password", "long enough")


def test_a_leavers_work_is_shown_handed_over_and_taken_back(strata: Run, data: Path, shop: Path) -> None:
    here = ("--data", str(data))
    assert strata("publish", str(shop), *here)[0] == 0
    for name in ("ann", "bob"):
        assert strata("user", "add", f"{name}@example.com", *PASSWORD, "-p", "seller", *here)[0] == 0
    with opened_tenant(Settings(data=data), compose(), None) as (_, tenant):
        release = published(tenant)
        session = tenant.session(release, system_actor())
        ann = user_id(tenant, release, "ann@example.com")
        changes = tuple(Create(values={"name": f"Deal {n}", "owner": ann}) for n in range(3))
        session.apply(Mutation(object=release.catalog.object("deal"), changes=changes, entry="test"))

    handing = ("user", "hand-over", "ann@example.com", "--to", "bob@example.com", *here)
    code, out, _ = strata(*handing, "--dry-run")
    assert (code, out) == (0, "deal  3\n")
    code, out, _ = strata(*handing, "--reason", "left")
    assert code == 0
    change_set = re.search(r"Change set (\S+)\.", out)
    assert change_set is not None
    assert strata(*handing)[1] == "Nothing was left to hand over.\n"

    undo = ("undo", change_set[1], *here)
    answer = strata(*undo, "--dry-run")
    assert answer == (0, "deal  updated  3\n", "")
    code, out, _ = strata(*undo)
    assert (code, out.startswith("deal  updated  3\nChange set ")) == (0, True)
    assert strata(*undo)[1] == "Nothing was left to take back.\n"
    refused(strata("undo", "x", *here), "There is no change set x")
    refused(strata("user", "hand-over", "ghost@example.com", "--to", "bob@example.com", *here), "ghost")


def test_amounts_follow_the_rates_when_asked(strata: Run, data: Path, shop: Path) -> None:
    here = ("--data", str(data))
    assert strata("publish", str(shop), *here)[0] == 0
    assert strata("rates", "refresh", *here) == (0, "Every amount is worth what it should be.\n", "")


def test_records_are_merged_and_parted_by_command(strata: Run, data: Path, shop: Path) -> None:
    here = ("--data", str(data))
    assert strata("publish", str(shop), *here)[0] == 0
    with opened_tenant(Settings(data=data), compose(), None) as (_, tenant):
        release = published(tenant)
        session = tenant.session(release, system_actor())
        clients = release.catalog.object("client")
        rows = tuple(Create(values={"name": name}) for name in ("One", "Other"))
        made = session.apply(Mutation(object=clients, changes=rows, entry="test"))
        one, other = (record.id for record in made.records if record)
        deal = Create(values={"name": "Deal", "client": other})
        session.apply(Mutation(object=release.catalog.object("deal"), changes=(deal,), entry="test"))

    merge = ("merge", "client", one, other, "--take", f"name={other}", *here)
    code, out, _ = strata(*merge, "--preview")
    assert code == 0
    assert re.search(rf"name +Other +{other}", out)
    assert re.search(r"deal +client +1", out)
    code, out, _ = strata(*merge, "--reason", "the same")
    assert code == 0
    change_set = re.search(r"Change set (\S+)\.", out)
    assert change_set is not None
    assert strata("undo", change_set[1], *here)[0] == 0
    refused(strata("merge", "client", one, "x", *here), "There is no client x")
    assert strata("merge", "client", one, other, "--take", "name", *here)[0] == 2
