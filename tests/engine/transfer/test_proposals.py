"""A text that means nothing as it stands is proposed what it was probably meant to be."""

from __future__ import annotations

from random import Random
from time import perf_counter

import pytest

from engine.transfer.proposals import Candidate, Proposal, chosen, propose
from tests.acceptance.sales_files import PRODUCTS, SECTORS, sales_files


def candidates(*names: str) -> list[Candidate]:
    return [Candidate(key=str(place), shown=name, texts=(name,)) for place, name in enumerate(names)]


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("GTXPro", [str(row[0]) for row in PRODUCTS], "GTX Pro"),
        ("technolgy", ["Technology", "Telecommunications", "Retail"], "Technology"),
        ("Philipines", ["Philippines", "Finland"], "Philippines"),
        ("ACME Co., Ltd.", ["Acme Limited", "Apex Limited"], "Acme Limited"),
        ("张维", ["张伟", "李娜"], "张伟"),
        ("張偉", ["张伟", "章为"], "张伟"),
        ("恒锐精密机械（北京）有限公司", ["北京恒锐精密机械", "上海恒锐精密机械"], "北京恒锐精密机械"),
        ("Jhon Smith", ["John Smith", "Joan Smythe"], "John Smith"),
    ],
)
def test_a_slip_is_seen_through(text: str, names: list[str], wanted: str) -> None:
    found = propose([text], candidates(*names))[text]
    assert found[0].candidate.shown == wanted
    assert chosen(found) == found[0].candidate


def test_what_is_like_nothing_is_proposed_nothing() -> None:
    assert propose(["Zzyzx", "", "!?"], candidates("Acme", "Bolt")) == {}


def test_nothing_is_chosen_between_two_that_are_as_good() -> None:
    found = propose(["Acmee"], candidates("Acme", "Acme"))["Acmee"]
    assert [each.candidate.key for each in found] == ["0", "1"]
    assert chosen(found) is None
    doubtful = Proposal(candidate=found[0].candidate, likeness=0.8)
    assert chosen([doubtful]) is None


def test_a_candidate_answers_to_all_of_its_names() -> None:
    option = Candidate(key="won", shown="赢单", texts=("won", "Won", "赢单"))
    assert propose(["赢 单"], [option])["赢 单"][0].likeness == 1.0
    assert propose(["Woon"], [option])["Woon"][0].candidate is option


def test_the_misspelt_accounts_and_sectors_of_the_sales_files_all_find_their_own() -> None:
    """Of every text of the pipeline that is no account, the first proposal is the account that was meant."""
    files = sales_files()
    names = [str(row[0]) for row in files.accounts.rows]
    wrong = sorted({str(row[3]) for row in files.pipeline.rows} - set(names) - {""})
    found = propose(wrong, candidates(*names))
    assert len(wrong) > 40
    hits = sum(sorted(found[text][0].candidate.shown) == sorted(text) for text in wrong if text in found)
    assert hits == len(wrong)
    assert propose(["technology"], candidates(*SECTORS))["technology"][0].candidate.shown == "technolgy"


def test_hundreds_of_texts_against_thousands_of_titles_take_seconds_at_most() -> None:
    random = Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = ["".join(random.choices(letters, k=12)) for _ in range(5000)]
    begin = perf_counter()
    found = propose([name[:5] + name[6:] for name in names[:100]], candidates(*names))
    assert len(found) == 100
    assert perf_counter() - begin < 10
