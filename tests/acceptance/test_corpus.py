"""A sales pipeline from files, through the batch API of a running server."""

from decimal import Decimal

import httpx

from benchmarks.company import make_company
from benchmarks.corpus import run
from benchmarks.process import serving
from tests.acceptance.conftest import Place
from tests.acceptance.dirty_files import write_files
from tests.acceptance.sales_files import sales_files


def test_every_row_is_stored_or_refused_and_the_figures_equal_plain_sums(place: Place) -> None:
    write_files(sales_files(accounts=8, agents=7, deals=60), place.folder)
    company = make_company(place.data, place.database)
    arguments = ["serve", "--no-worker", *company.arguments()]
    bearer = {"Authorization": f"Bearer {company.tokens['admin']}"}
    with serving("runtime.cli.main", arguments, log=place.log) as server:
        address = f"http://127.0.0.1:{server.port}"
        with httpx.Client(base_url=address, headers=bearer, timeout=60, trust_env=False) as client:
            done = run(client, place.folder)
    assert (done.accounts.stored, len(done.accounts.ids)) == (8, 8)
    assert len(done.deals.ids) == 60
    assert 0 < done.deals.stored < 60, "the file has rows without an account, and with one nobody knows"
    assert sum(done.deals.reasons.values()) == 60 - done.deals.stored
    assert all(reason.startswith("account: ") for reason in done.deals.reasons)
    assert done.found == done.wanted
    assert done.found["won"][1] not in (None, Decimal(0))
