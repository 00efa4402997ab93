"""Every release of a tenant stays: who, when, why, what changed; its own layer goes to a folder and back."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from engine.codes import FORBIDDEN
from engine.problem import Problem
from formula.issue import Rejected
from metadata.identity import lock
from metadata.package import Package, from_files, read_folder
from runtime.cli.main import commands
from runtime.codes import NO_LAYER, UNKNOWN_RELEASE, UNKNOWN_THING
from runtime.folder import write_texts
from runtime.layer import export_layer, layer_at
from runtime.people import user_id
from runtime.publish import apply, plan
from runtime.releases import compared, publisher, release, releases
from tests.runtime.site import PACKAGES, Site, email

LAYER = PACKAGES / "layer"
SHOP = PACKAGES / "shop"


def publish(site: Site, slug: str, *packages: Package, by: str | None = None, reason: str = "test") -> None:
    with site.tenant(slug) as tenant:
        assert tenant.release is not None
        who = None if by is None else user_id(tenant, tenant.release, email(by))
        planned = plan(site.composition, tenant, packages)
        apply(planned, tenant, site.tenants.control, by=who, reason=reason)


def layered(**files: str) -> Package:
    """The layer of the samples with further documents."""
    more = {f"objects/{name}.yaml": text for name, text in files.items()}
    package = from_files({**read_folder(LAYER).files, **more}, origin="tenant")
    below = read_folder(SHOP)
    return from_files({**package.files, "identity.lock": lock(package, [below]).render()}, origin="tenant")


def test_a_release_tells_who_made_it_why_and_what_changed(site: Site, fresh: str) -> None:
    publish(site, fresh, layered(), by="boss", reason="Visits")
    with site.tenant(fresh) as tenant:
        latest, first = releases(tenant)
        assert (latest.number, latest.reason, publisher(tenant, latest)) == (2, "Visits", "Boss")
        assert publisher(tenant, first) == ""
        assert latest.at > first.at
    assert "+ field deal.x_channel" in latest.changes
    assert any(line.startswith("+ object deal") for line in first.changes)


def test_a_difference_keeps_what_it_saw_through_later_releases(site: Site, fresh: str) -> None:
    own = layered(closes="extend: object deal\nfields: {set: {closes: {label: Ends}}}\n")
    publish(site, fresh, own)
    files = dict(read_folder(SHOP).files)
    files["objects/deal.yaml"] = files["objects/deal.yaml"].replace("label: Closes", "label: Closes on")
    publish(site, fresh, from_files(files, origin="shop"))
    publish(
        site,
        fresh,
        layered(
            closes="extend: object deal\nfields: {set: {closes: {label: Ends}}}\n",
            more="extend: object deal\nlabel: Job\n",
        ),
    )
    with site.tenant(fresh) as tenant:
        seen = {str(each["path"]): each for each in releases(tenant)[0].seen}
    assert (seen["fields.closes.label"]["value"], seen["fields.closes.label"]["base"]) == ("Ends", "Closes")
    assert seen["label"]["base"] == "Deal"
    assert seen["label"]["package"] == "shop"


def test_any_two_releases_are_compared_whichever_came_first(site: Site, fresh: str) -> None:
    publish(site, fresh, layered())
    publish(site, fresh, layered(label="extend: object deal\nlabel: Job\n"))
    with site.tenant(fresh) as tenant:
        there = [change.describe() for change in compared(site.composition, tenant, 1, 3)]
        back = [change.describe() for change in compared(site.composition, tenant, 3, 1)]
    assert "~ object deal: label (en) “Deal” → “Job”" in there
    assert "~ object deal: label (en) “Job” → “Deal”" in back
    assert "- field deal.x_channel" in back


def test_people_who_set_up_the_model_ask_the_api_for_its_releases(site: Site, fresh: str) -> None:
    publish(site, fresh, layered(), by="boss", reason="Visits")
    answer = site.call("GET", "/setup/releases", "admin", fresh)
    latest = answer.json()["releases"][0]
    assert (latest["number"], latest["by_title"], latest["reason"]) == (2, "Boss", "Visits")
    assert "+ field deal.x_channel" in latest["changes"]
    refused = site.call("GET", "/setup/releases", "nobody", fresh)
    assert (refused.status_code, refused.json()["code"]) == (403, FORBIDDEN.id)


@pytest.mark.parametrize("number", [99, 0, -1, 2**31, 2**63])
def test_a_release_that_never_was_is_told(site: Site, number: int) -> None:
    with site.tenant("acme") as tenant, pytest.raises(Problem) as problem:
        release(tenant, number)
    assert problem.value.code is UNKNOWN_RELEASE


def test_a_layer_that_is_exported_and_read_again_is_published_already(
    site: Site, fresh: str, tmp_path: Path
) -> None:
    publish(site, fresh, layered())
    with site.tenant(fresh) as tenant:
        assert export_layer(tenant, tmp_path / "own") == len(layered().files)
        assert plan(site.composition, tenant, [layer_at(tmp_path / "own")]).empty


def test_an_export_deletes_what_is_no_more_and_leaves_the_rest(
    site: Site, fresh: str, tmp_path: Path
) -> None:
    publish(site, fresh, layered(more="extend: object deal\nlabel: Job\n"))
    with site.tenant(fresh) as tenant:
        export_layer(tenant, tmp_path)
    (tmp_path / "README.md").write_text("ours")
    publish(site, fresh, layered())
    with site.tenant(fresh) as tenant:
        export_layer(tenant, tmp_path)
    assert not (tmp_path / "objects/more.yaml").exists()
    assert (tmp_path / "README.md").read_text() == "ours"
    assert read_folder(tmp_path).files == layered().files


def test_an_export_does_not_overwrite_another_package(site: Site, fresh: str, tmp_path: Path) -> None:
    publish(site, fresh, layered())
    (tmp_path / "package.yaml").write_text("package: other\n")
    (tmp_path / "a.yaml").write_text("app: other_a\n")
    with site.tenant(fresh) as tenant, pytest.raises(Problem) as problem:
        export_layer(tenant, tmp_path)
    assert problem.value.code is NO_LAYER
    with pytest.raises(Problem):
        layer_at(tmp_path)
    assert (tmp_path / "a.yaml").read_text() == "app: other_a\n"


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n\t"), max_size=40
)
names = st.from_regex(r"[x-z]{1,6}(/[x-z]{1,6}){0,2}", fullmatch=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, texts, min_size=1, max_size=4))
def test_the_way_out_and_back_keeps_every_byte(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]
) -> None:
    """Whatever the documents are: comments, line ends and the last blank belong to whoever wrote them."""
    folder = tmp_path_factory.mktemp("layer")
    layer = {
        "package.yaml": "package: tenant\n",
        **{f"{name}.yaml": f"# {text}" for name, text in files.items()},
    }
    write_texts(folder, layer)
    assert read_folder(folder).files == dict(sorted(layer.items()))
    write_texts(folder, {}, gone=[folder / name for name in layer])
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def strata(tmp_path: Path) -> Callable[..., str]:
    """Run a command on one installation with the tenant `acme`; return what it prints."""
    runner = CliRunner()

    def run(*arguments: str, data: bool = True) -> str:
        more = ("--data", str(tmp_path / "data")) if data else ()
        result = runner.invoke(commands, [*arguments, *more])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    run("tenant", "add", "acme")
    run("publish", str(SHOP))
    return run


def test_releases_and_the_layer_are_at_hand_on_the_command_line(
    strata: Callable[..., str], tmp_path: Path
) -> None:
    strata("publish", str(LAYER), "--reason", "Visits")
    listed = strata("releases")
    assert listed.startswith("Release 3  ")
    assert listed.splitlines()[0].endswith("the program  Visits")
    shown = strata("releases", "show", "3")
    assert "  + field deal.x_channel" in shown
    assert "object deal: fields.x_channel" in shown
    assert "- field deal.x_channel" in strata("releases", "show", "2", "--against", "3")
    own = tmp_path / "own"
    assert "files." in strata("layer", "export", str(own))
    assert strata("layer", "import", str(own)) == "Nothing to do: this is published already.\n"
    with pytest.raises(Problem) as problem:
        strata("layer", "import", str(SHOP))
    assert problem.value.code is NO_LAYER


def test_explain_answers_for_a_tenant_in_words_and_for_programs(strata: Callable[..., str]) -> None:
    strata("publish", str(LAYER))
    words = strata("explain", "deal.x_channel")
    assert words.startswith("field deal.x_channel\n")
    assert "tenant/objects/deal.yaml:4:17" in words
    answer = json.loads(strata("explain", "deal", "--json"))
    assert {"kind": "permission set", "name": "administrator"} in answer["uses"]
    assert next(p for p in answer["properties"] if p["property"] == "label")["layer"] == "shop"
    with pytest.raises(Problem) as problem:
        strata("explain", "deal.x_chanel")
    assert (problem.value.code, problem.value.hint) == (UNKNOWN_THING, "Did you mean `x_channel`?")


def test_missing_and_stale_translations_are_listed(strata: Callable[..., str]) -> None:
    wide = str(PACKAGES / "wide")
    listed = strata("translations", wide, "--language", "zh-TW", data=False)
    assert listed.splitlines()[-1].startswith("zh-TW: ")
    gaps = json.loads(strata("translations", wide, "--language", "zh-TW", "--json", data=False))
    assert all(gap["kind"] in ("missing", "stale") and gap["source"] for gap in gaps)
    assert gaps


def test_locking_notes_what_is_translated_and_checking_tells_what_was_left_behind(
    strata: Callable[..., str], tmp_path: Path
) -> None:
    shop = Path(shutil.copytree(SHOP, tmp_path / "shop"))
    (shop / "translations").mkdir()
    (shop / "translations/zh-CN.yaml").write_text(
        "language: zh-CN\nobjects: {deal: {label: 商机}}\n", "utf-8"
    )
    assert "1 translation." in strata("lock", str(shop), data=False)
    assert strata("lock", str(shop), data=False).endswith("0 new identities.\n")
    assert "no problems" in strata("check", str(shop), data=False)
    document = shop / "objects/deal.yaml"
    document.write_text(document.read_text("utf-8").replace("label: Deal\n", "label: Chance\n"), "utf-8")
    strata("lock", str(shop), data=False)
    told = strata("check", str(shop), data=False)
    assert "M602" in told
    assert "1 warning" in told
    path = ("--language", "zh-CN", "--confirm", "objects.deal.label")
    assert "0 stale." in strata("translations", str(shop), *path, data=False)
    assert "no problems" in strata("check", str(shop), data=False)


def test_foreign_material_is_checked_leniently_when_asked(strata: Callable[..., str], tmp_path: Path) -> None:
    shop = Path(shutil.copytree(SHOP, tmp_path / "shop"))
    (shop / "layouts").mkdir(exist_ok=True)
    (shop / "layouts/deal.yaml").write_text(
        "layout: deal\nsections: {main: {label: Deal, fields: [name, colour]}}\n"
    )
    with pytest.raises(Rejected):
        strata("check", str(shop), data=False)
    assert "warning" in strata("check", "--lenient", str(shop), data=False)
