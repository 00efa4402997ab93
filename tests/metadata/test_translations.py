"""A reader gets the highest layer's text in the best language there is; one left behind is told."""

from collections.abc import Mapping

import pytest

from metadata import codes
from metadata.compile import texts
from metadata.identity import lock, renames
from metadata.package import LOCK, TRANSLATION_LOCK, Package, from_files
from metadata.translation_lock import parse
from metadata.translations import Gap, Texts, lock_texts
from tests.metadata.fake_kinds import KINDS
from tests.metadata.samples import BASE, compiled, formulas, locked

ZH = "translations/zh-CN.yaml"
DEAL = "objects/deal.yaml"


def texts_of(*packages: Package) -> Texts:
    """The texts of these layers, locked first."""
    return texts(locked(packages), KINDS, formulas())


def package(files: Mapping[str, str], origin: str = "base") -> Package:
    return from_files(files, origin=origin)


def tenant(language: str = "en", **files: str) -> Package:
    """A tenant's layer whose documents are written in `language`."""
    manifest = f"package: tenant\nlanguage: {language}\n"
    named = {f"{name}.yaml": text for name, text in files.items()}
    return from_files({"package.yaml": manifest, **named}, origin="tenant")


def translated(files: Mapping[str, str], *above: Package) -> dict[str, str]:
    """The files with the locks that `strata lock` writes."""
    (made,) = locked([package(files)])
    written = lock_texts(made, texts_of(made, *above), renames([made]))
    return {**files, LOCK: made.lock.render(), TRANSLATION_LOCK: written.render()}


def told(gaps: tuple[Gap, ...]) -> set[tuple[str, str]]:
    return {(gap.kind, gap.path) for gap in gaps}


def stale(files: Mapping[str, str]) -> set[tuple[str, str]]:
    return {gap for gap in told(texts_of(package(files)).gaps("zh-CN")) if gap[0] == "stale"}


def test_what_a_language_lacks_is_listed_with_its_source_and_place() -> None:
    gaps = {gap.path: gap for gap in texts_of(package(BASE)).gaps("zh-CN")}
    assert "objects.deal.label" not in gaps
    gap = gaps["objects.deal.fields.account.label"]
    assert (gap.kind, gap.source, gap.text) == ("missing", "Account", "")
    assert str(gap.node.source.place(gap.node.span.start)).startswith("base/objects/deal.yaml:9:")


def test_a_package_is_asked_for_its_own_texts_alone() -> None:
    own = tenant(region="extend: object deal\nfields: {add: {x_region: {type: text, label: Region}}}\n")
    found = texts_of(package(BASE), own).of("tenant").gaps("zh-CN")
    assert told(found) == {("missing", "objects.deal.fields.x_region.label")}


def test_a_translation_is_stale_once_its_source_is_another() -> None:
    before = translated(BASE)
    assert stale(before) == set()
    after = {**before, DEAL: before[DEAL].replace("label: Amount", "label: Total")}
    assert stale(after) == {("stale", "objects.deal.fields.amount.label")}
    (warning,) = compiled(package(after)).warnings
    assert warning.code is codes.STALE
    assert str(warning.place).startswith(f"base/{ZH}:5:14")


def test_a_stale_translation_is_shown_all_the_same() -> None:
    before = translated(BASE)
    after = package({**before, DEAL: before[DEAL].replace("label: Amount", "label: Total")})
    assert compiled(after).object("deal").fields["amount"].label.text("zh-CN") == "金额"


def test_locking_does_not_hide_what_is_stale_but_a_new_translation_mends_it() -> None:
    before = translated(BASE)
    changed = {**before, DEAL: before[DEAL].replace("label: Amount", "label: Total")}
    assert stale(translated(changed)) == {("stale", "objects.deal.fields.amount.label")}
    mended = {**changed, ZH: changed[ZH].replace("金额", "总额")}
    assert stale(translated(mended)) == set()


def test_a_translation_that_is_right_still_can_be_confirmed() -> None:
    before = translated(BASE)
    changed = package({**before, DEAL: before[DEAL].replace("label: Amount", "label: Amounts")})
    confirmed = lock_texts(changed, texts_of(changed), {}, lambda key: "amount" in key)
    files = {**changed.files, TRANSLATION_LOCK: confirmed.render()}
    assert stale(files) == set()


def test_locking_twice_changes_nothing() -> None:
    once = translated(BASE)
    assert translated(once) == once
    written, issues = parse("translations.lock", once[TRANSLATION_LOCK])
    assert (written.render(), issues) == (once[TRANSLATION_LOCK], ())


def test_a_rename_takes_the_memory_of_its_translations_along() -> None:
    before = translated(BASE)
    renamed = before[DEAL].replace(
        "  amount:   {type: currency, label: Amount,", "  sum: {type: currency, was: amount, label: Sum,"
    )
    renamed = renamed.replace("amount * stage", "sum * stage").replace("[amount]", "[sum]")
    views = BASE["views/deal/mine.yaml"].replace("amount", "sum")
    layouts = BASE["layouts/deal.yaml"].replace("amount", "sum")
    files = {**before, DEAL: renamed, "views/deal/mine.yaml": views, "layouts/deal.yaml": layouts}
    del files[LOCK]
    (made,) = locked([package({**files, LOCK: before[LOCK]})])
    moved = package({**files, LOCK: lock(made).render()})
    written = lock_texts(moved, texts_of(moved), renames([moved]))
    again = {**moved.files, TRANSLATION_LOCK: written.render()}
    assert ("stale", "objects.deal.fields.sum.label") in stale(again)


def test_a_damaged_line_of_the_lock_is_reported_at_its_place() -> None:
    written, issues = parse(
        "translations.lock", "# header\nobjects.a.label zh-CN: 0123456789 0123456789\n<<<< ours\n"
    )
    assert list(written.entries) == ["objects.a.label zh-CN"]
    assert [(issue.code, issue.place.line) for issue in issues] == [(codes.LOCK_DAMAGED, 3)]


def test_a_text_changed_above_leaves_the_translations_below_behind() -> None:
    own = tenant(deal="extend: object deal\nlabel: Project\n")
    assert ("stale", "objects.deal.label") in told(texts_of(package(BASE), own).gaps("zh-CN"))


@pytest.mark.parametrize(
    ("language", "reader", "wanted"),
    [
        ("en", "en", "Project"),
        ("en", "zh-CN", "商机"),
        ("zh-CN", "zh-CN", "Project"),
        ("zh-CN", "zh-TW", "Project"),
        ("zh-CN", "en", "Deal"),
        ("fr", "fr", "Project"),
        ("fr", "de", "Project"),
    ],
)
def test_the_highest_layer_wins_per_language_whether_translated_or_written(
    language: str, reader: str, wanted: str
) -> None:
    """The tenant calls deals `Project`, in a document whose language is given."""
    own = tenant(language, deal="extend: object deal\nlabel: Project\n")
    assert compiled(package(BASE), own).object("deal").label.text(reader) == wanted


def test_a_translation_above_wins_over_one_below() -> None:
    own = tenant(zh="language: zh-CN\nobjects: {deal: {label: 项目}}\n")
    assert compiled(package(BASE), own).object("deal").label.text("zh-CN") == "项目"


def test_traditional_chinese_falls_back_to_simplified_and_then_to_the_language_of_the_package() -> None:
    deal = compiled(package(BASE)).object("deal")
    assert deal.label.text("zh-TW") == "商机"
    assert deal.fields["account"].label.text("zh-TW") == "Account"
    assert ("missing", "objects.deal.label") in told(texts_of(package(BASE)).gaps("zh-TW"))
