"""Laws of values of several parts: what is shown is taken again, and every part is storable and found."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine.bulk import bulk_insert
from engine.country import COUNTRIES
from engine.database import Database
from engine.fields import FieldType, field_kinds
from engine.fields.composite import decode, encode
from engine.problem import Refusal
from engine.statement import compile_statement
from engine.steps import CreateTable
from engine.tables import build_tables
from tests.engine.data.model import F, O, catalog

KINDS = field_kinds()
ADDRESS, GEO, NAME = (KINDS[kind].bind({}) for kind in ("address", "geo", "person_name"))

_line = st.none() | st.text(max_size=30)
addresses = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("province", "city", "district", "street"), _line)
    | {"postal_code": st.text(max_size=10), "country": st.sampled_from(sorted(COUNTRIES))},
)  # fmt: skip
names = st.fixed_dictionaries({}, optional=dict.fromkeys(("salutation", "family", "given", "suffix"), _line))
places = st.fixed_dictionaries({
    "latitude": st.decimals(-90, 90, places=6) | st.floats(-90, 90),
    "longitude": st.decimals(-180, 180, places=6) | st.integers(-180, 180),
})  # fmt: skip
given_values = st.one_of(
    st.tuples(st.just(ADDRESS), addresses), st.tuples(st.just(NAME), names), st.tuples(st.just(GEO), places)
)


def converted(sort: FieldType, raw: object) -> Any:
    try:
        return sort.convert(raw)
    except Refusal:
        return None


@given(given_values)
def test_what_is_shown_is_taken_again_and_means_the_same(case: tuple[FieldType, dict[str, object]]) -> None:
    sort, raw = case
    value = converted(sort, raw)
    if value is None:
        return
    answered = msgspec.json.Encoder(decimal_format="number").encode(sort.json(value))
    assert sort.convert(msgspec.json.Decoder(float_hook=Decimal).decode(answered)) == value
    assert sort.convert(answered.decode()) == value
    assert sort.convert(value) == value


@given(given_values)
def test_equal_values_have_one_text_which_gives_the_value_back(
    case: tuple[FieldType, dict[str, object]],
) -> None:
    sort, raw = case
    value = converted(sort, raw)
    if value is None:
        return
    turned = sort.convert(dict(reversed(list(value.items()))))
    assert encode(turned) == encode(value)
    assert decode(encode(value)) == value


@given(given_values)
def test_a_value_reads_in_one_line_that_is_never_blank(case: tuple[FieldType, dict[str, object]]) -> None:
    sort, raw = case
    value = converted(sort, raw)
    assert sort.seen is not None
    if value is not None:
        line = sort.seen(value)
        assert line == " ".join(line.split()) != ""


@given(places)
def test_a_place_is_read_from_its_own_line(raw: dict[str, object]) -> None:
    value = GEO.convert(raw)
    assert GEO.seen is not None
    assert GEO.convert(GEO.seen(value)) == value


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20))
def test_a_name_of_one_word_reads_as_it_was_written(word: str) -> None:
    value = converted(NAME, word)
    assert NAME.seen is not None
    if value is not None:
        assert NAME.seen(value) == NAME.convert({"family": word})["family"]


@given(st.text(max_size=80))
def test_whatever_text_is_sent_for_an_address_is_kept_as_the_street_or_refused(text: str) -> None:
    value = converted(ADDRESS, text)
    assert value is None or text.lstrip().startswith("{") or set(value) == {"street"}


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"country": "CN", "province": "上海市", "city": "上海市", "district": "浦东新区"}, "上海市浦东新区"),
        ({"country": "GB", "street": "221B Baker Street", "city": "London", "postal_code": "NW1 6XE"},
         "221B Baker Street, London, NW1 6XE, GB"),
        ({"country": "CN"}, "CN"),
        ({"province": "東京都", "city": "千代田区", "street": "1-1"}, "東京都千代田区1-1"),
        ({"postal_code": "1010"}, "1010"),
    ],
)  # fmt: skip
def test_an_address_reads_as_it_is_customary_where_it_lies(value: dict[str, str], line: str) -> None:
    assert ADDRESS.seen is not None
    assert ADDRESS.seen(ADDRESS.convert(value)) == line


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"family": "王", "given": "伟", "salutation": "先生"}, "王伟"),
        ({"family": "Wang", "given": "Wei", "salutation": "Dr."}, "Wei Wang"),
        ({"family": "Downey", "given": "Robert", "suffix": "Jr."}, "Robert Downey Jr."),
        ({"given": "伟"}, "伟"),
        ({"family": "Müller"}, "Müller"),
        ({"salutation": "Dr."}, "Dr."),
        ({"suffix": "Jr."}, "Jr."),
    ],
)
def test_a_name_reads_in_the_order_of_its_script(value: dict[str, str], line: str) -> None:
    assert NAME.seen is not None
    assert NAME.seen(NAME.convert(value)) == line


EXTREMES: dict[str, list[Any]] = {
    "address": [{"street": "路" * 250, "city": "😀" * 100, "postal_code": '"\\%'}, {"country": "AX"}],
    "geo": ["-90,-180", "90,180", "0,0", "0.000001 -0.000001"],
    "person_name": ["欧阳娜娜", {"family": "İstanbul'; DROP"}, {"suffix": "🦊" * 40}],
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EXTREMES))
def test_both_databases_keep_the_value_and_each_part(kind: str, database: Database) -> None:
    table = build_tables(catalog({"thing": O(fields={"it": F(kind=kind)})}), database.dialect)["thing"]
    kept, identity = table.kept["it"], table.kept["id"].value.stored.encode
    values = [value for raw in EXTREMES[kind] if (value := kept.type.convert(raw)) is not None]
    rows: list[dict[str, object]] = []
    for number, value in enumerate((*values, None)):
        key = f"00000000-0000-7000-8000-{number:012}"
        row: dict[str, object] = {"id": identity(key) if identity else key}
        for column in kept.columns:
            stored = column.stored
            held = value if value is None or stored.derive is None else stored.derive(value)
            row[column.column.name] = stored.encode(held) if stored.encode and held is not None else held
        rows.append(row)
    with database.write() as connection:
        for statement in CreateTable(target=table).sql(database.dialect):
            connection.run(statement)
        bulk_insert(table.table, list(rows[0]), database.dialect).run(connection, rows)
        selected = sa.select(*(column.column for column in kept.columns)).order_by(table.table.c.id)
        decoders = [column.stored.decode for column in kept.columns]
        found = compile_statement(selected, database.dialect, decoders).rows(connection)
    for value, row_found in zip((*values, None), found, strict=True):
        by_part = dict(zip((c.stored.part or c.stored.role for c in kept.columns), row_found, strict=True))
        assert by_part["value"] == value
        assert kept.type.seen is not None
        assert by_part["text"] == (None if value is None else kept.type.seen(value))
        for part in kept.type.parts:
            assert by_part[part] == (None if value is None else kept.type.derived[part](value))
