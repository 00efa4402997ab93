"""Field types: what they take, what they refuse, and that both databases give back what they were given.

The cases of a type stand in `cases/<kind>.yaml`; a type without such a file fails the first test.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import msgspec
import pytest
import sqlalchemy as sa
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine import codec, fields
from engine.bulk import bulk_insert
from engine.database import Database
from engine.fields import FieldType, field_kinds
from engine.fields.duration import written
from engine.problem import Refusal
from engine.sort_key import sort_key
from engine.sqlite import DIALECT as SQLITE
from engine.statement import compile_statement
from engine.steps import CreateTable
from engine.tables import ObjectTable, build_tables
from formula.types import Kind
from metadata.kinds import BadOptionError
from tests.engine.data.model import F, O, catalog

CASES = Path(__file__).with_name("cases")
KINDS = field_kinds()
NATIVE: dict[Kind, type] = {
    Kind.TEXT: str,
    Kind.ID: str,
    Kind.PICKLIST: str,
    Kind.NUMBER: Decimal,
    Kind.BOOLEAN: bool,
    Kind.DATE: date,
    Kind.DATETIME: datetime,
    Kind.TIME: time,
    Kind.MULTIPICKLIST: tuple,
}


def cases(kind: str) -> list[dict[str, Any]]:
    """The cases of a kind."""
    read: list[dict[str, Any]] = yaml.safe_load((CASES / f"{kind}.yaml").read_text("utf-8"))
    return read


def each(part: str) -> Iterator[Any]:
    """Every good or bad example of every kind, as parameters."""
    for kind in KINDS:
        for case in cases(kind):
            zone = ZoneInfo(case.get("zone", "UTC"))
            for raw, wanted in case[part]:
                sort = KINDS[kind].bind(case["options"])
                yield pytest.param(sort, zone, raw, wanted, id=f"{kind}-{ascii(raw)[:30]}")


def _with_decimals(turned: Callable[[Decimal], object], shown: object) -> object:
    """JSON with its Decimals turned, those within an object too."""
    match shown:
        case Decimal():
            return turned(shown)
        case dict():
            return {name: _with_decimals(turned, part) for name, part in shown.items()}
        case list():
            return [_with_decimals(turned, part) for part in shown]
        case _:
            return shown


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_type_has_cases_good_and_bad(kind: str) -> None:
    read = cases(kind)
    assert any(case["bad"] for case in read)
    assert any(case["good"] for case in read) or kind in ("formula", "rollup")


def test_every_case_file_belongs_to_a_type() -> None:
    assert {path.stem for path in CASES.iterdir()} == set(KINDS)


@pytest.mark.parametrize(("sort", "zone", "raw", "wanted"), [*each("good")])
def test_good_input_becomes_a_value_of_the_formula_type(
    sort: FieldType, zone: ZoneInfo, raw: object, wanted: object
) -> None:
    value = sort.convert(raw, zone)
    shown = sort.json(value)
    assert _with_decimals(str, shown) == wanted
    assert value is None or type(sort.seen(value) if sort.seen else value) is NATIVE[sort.type.kind]


@pytest.mark.parametrize(("sort", "zone", "raw", "wanted"), [*each("good")])
def test_what_the_api_answers_is_accepted_again_and_fits_the_schema(
    sort: FieldType, zone: ZoneInfo, raw: object, wanted: object
) -> None:
    value = sort.convert(raw, zone)
    answered = msgspec.json.Encoder(decimal_format="number").encode(sort.json(value))
    read = msgspec.json.Decoder(float_hook=Decimal).decode(answered)
    assert sort.convert(read) == (read if sort.sealed else value), "dots that come back mean what is there"
    jsonschema.validate(_with_decimals(float, read), sort.json_schema)


@pytest.mark.parametrize(("sort", "zone", "raw", "code"), [*each("bad")])
def test_bad_input_is_refused_with_its_code_a_message_and_a_hint(
    sort: FieldType, zone: ZoneInfo, raw: object, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        sort.convert(raw, zone)
    assert refused.value.code.id == code
    assert refused.value.message.endswith(".")
    assert refused.value.hint


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (5, "a number"),
        (Decimal("1.5"), "a number"),
        (True, "true or false"),
        ([], "a list"),
        ({}, "an object"),
    ],
)
def test_a_value_of_another_kind_is_called_by_a_persons_word(raw: object, word: str) -> None:
    with pytest.raises(Refusal) as refused:
        KINDS["text"].bind({}).convert(raw, ZoneInfo("UTC"))
    assert refused.value.message == f"Expected text, not {word}."


def table_of(kind: str, options: dict[str, Any], database: Database) -> ObjectTable:
    """A table with one field of the kind, made in the database."""
    model = catalog({"thing": O(fields={"it": F(kind=kind, options=options)})})
    table = build_tables(model, database.dialect)["thing"]
    with database.write() as connection:
        connection.run("DROP TABLE IF EXISTS thing")
        for statement in CreateTable(target=table).sql(database.dialect):
            connection.run(statement)
    return table


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"formula"}))
def test_values_come_back_from_the_database_as_they_went_in(kind: str, database: Database) -> None:
    for case in cases(kind):
        if KINDS[kind].bind(case["options"]).many:
            continue  # kept in rows of their own: tests/engine/session/test_lists.py
        table = table_of(kind, case["options"], database)
        kept = table.kept["it"].value
        identity = table.kept["id"].value.stored.encode
        sort, zone = table.kept["it"].type, ZoneInfo(case.get("zone", "UTC"))
        values = [sort.convert(raw, zone) for raw, _ in case["good"]]
        rows = [
            {
                "id": identity(key) if identity else key,
                "it": kept.stored.encode(value) if kept.stored.encode and value is not None else value,
            }
            for key, value in ((f"00000000-0000-7000-8000-{n:012}", value) for n, value in enumerate(values))
        ]
        with database.write() as connection:
            bulk_insert(table.table, ["id", "it"], database.dialect).run(connection, rows)
            selected = sa.select(kept.column).order_by(table.table.c.id)
            found = compile_statement(selected, database.dialect, [kept.stored.decode]).rows(connection)
        assert [row[0] for row in found] == values
        assert [str(row[0]) for row in found if isinstance(row[0], Decimal)] == [
            str(value) for value in values if isinstance(value, Decimal)
        ]


@pytest.mark.parametrize("kind", ["number", "currency", "percent", "integer"])
def test_a_computed_number_is_rounded_half_away_from_zero(kind: str) -> None:
    sort = KINDS[kind].bind({})
    unit = Decimal(1).scaleb(-(sort.type.scale or 0))
    assert sort.fit(unit / 2) == unit
    assert sort.fit(-unit / 2) == -unit
    assert sort.fit(unit * Decimal("0.49")) == 0
    with pytest.raises(Refusal):
        sort.fit(Decimal(10) ** 30)
    assert sort.fit(None) is None


@pytest.mark.parametrize("kind", ["number", "currency"])
@pytest.mark.parametrize(
    ("options", "option"), [({"min": 2, "max": 1}, "min"), ({"precision": 2, "scale": 3}, "scale")]
)
def test_options_that_exclude_each_other_are_refused_at_the_option(
    kind: str, options: dict[str, object], option: str
) -> None:
    with pytest.raises(BadOptionError) as refused:
        KINDS[kind].bind(options)
    assert refused.value.option == option


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_money_keeps_every_cent(amount: Decimal) -> None:
    sort = KINDS["currency"].bind({})
    assert sort.convert(str(amount)) == amount
    assert sort.convert(amount) == amount


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_an_instant_keeps_its_place_in_time_whatever_the_zone(moment: datetime) -> None:
    value = KINDS["datetime"].bind({}).convert(moment)
    assert value == moment.astimezone(UTC)
    assert value.tzinfo is UTC


@given(st.text())
def test_whatever_text_is_sent_is_kept_or_refused_never_broken(text: str) -> None:
    sort = KINDS["text"].bind({"max": 40})
    try:
        value = sort.convert(text)
    except Refusal:
        return
    assert value is None or (value == sort.convert(value) and len(value) <= 40 and "\0" not in value)


def test_people_find_names_in_the_order_they_expect() -> None:
    names = ["zebra", "Éclair", "eclipse", "ABC", "张三", "章三", "安徽", "北京", "10", "９", "Ångström"]
    assert sorted(names, key=sort_key) == [
        "10", "９", "ABC", "安徽", "Ångström", "北京", "Éclair", "eclipse", "zebra", "张三", "章三",
    ]  # fmt: skip


@given(st.text(max_size=20))
def test_a_sort_key_ignores_case_and_is_always_storable(text: str) -> None:
    key = sort_key(text)
    assert sort_key(text.upper().lower()) == sort_key(text.upper().lower().upper().lower())
    assert "\0" not in key or "\0" in text


def test_a_new_type_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the package is all that a type needs: it is found, binds, converts and has columns."""
    (tmp_path / "grade.py").write_text(
        "from dataclasses import dataclass\n"
        "from engine.fields.contract import Kind, options_schema\n"
        "from engine.fields.plain_text import PlainText\n"
        "@dataclass(frozen=True, slots=True, kw_only=True)\n"
        "class Grade(PlainText):\n"
        "    kind, widget = 'grade', 'grade'\n"
        "    @property\n"
        "    def longest(self): return 7\n"
        "    def read(self, text): return text.lower()\n"
        "FIELD = Kind(name='grade', schema=options_schema(), bind=lambda options: Grade())\n"
    )
    monkeypatch.setattr(fields, "__path__", [*fields.__path__, str(tmp_path)])
    found = fields.field_kinds()
    monkeypatch.delitem(sys.modules, "engine.fields.grade")
    assert set(found) - set(KINDS) == {"grade"}
    assert found["grade"].bind({}).convert("A") == "a"


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["<p>", "</p>", "<b>", "<script>", "&amp;", "x", "<a href='j:'>"])).map(
        "".join
    )
)
def test_cleaning_html_twice_changes_nothing(text: str) -> None:
    sort = KINDS["rich_text"].bind({})
    try:
        value = sort.convert(text)
    except Refusal:
        return
    assert sort.convert(value) == value
    assert "<script" not in (value or "").lower()


@given(st.times())
def test_a_time_of_day_comes_back_to_the_microsecond(clock: time) -> None:
    sort = KINDS["time"].bind({})
    assert sort.convert(sort.json(clock)) == clock
    kept = codec.time_form(SQLITE)
    assert kept.encode is not None
    assert kept.decode is not None
    assert kept.decode(kept.encode(clock)) == clock


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_a_duration_is_read_as_it_is_written(seconds: int) -> None:
    assert KINDS["duration"].bind({}).convert(written(Decimal(seconds))) == seconds


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), _JSON, max_size=4))
def test_a_json_document_stays_the_same_document_whatever_the_order_of_its_keys(
    document: dict[str, Any],
) -> None:
    sort = KINDS["json"].bind({})
    value = sort.convert(document)
    assert sort.json(value) == document
    assert sort.convert(dict(reversed(document.items()))) == value


@pytest.mark.parametrize("kind", ["integer", "number", "currency", "percent", "duration", "rating"])
@pytest.mark.parametrize(
    "raw",
    [Decimal("1e999999999"), Decimal("-1e999999999"), Decimal("1e-999999999"), 10**5000, "9" * 5000],
    ids=["huge", "hugely negative", "tiny", "many digits", "text of many digits"],
)
def test_a_number_beyond_all_reason_is_refused_like_any_other(kind: str, raw: object) -> None:
    with pytest.raises(Refusal):
        KINDS[kind].bind({}).convert(raw)
