"""VLOOKUP: the field of the record of another object that has a value."""

from __future__ import annotations

from formula import lookup
from formula.functions import Function, Inline, Prose, takes
from formula.scope import Need
from formula.sql.form import NEEDS_TABLES
from formula.types import ANY

_AS_THERE = "VLOOKUP($ObjectType.Country__c.Fields.Phone_Code__c, $ObjectType.Country__c.Fields.Code__c, {})"

FUNCTION = Function(
    name=lookup.VLOOKUP,
    category="logical",
    signatures=(
        takes(field_to_return=ANY, field_to_look_in=ANY, value=ANY, returns=lambda row: row[0].type),
    ),
    prose=Prose(
        en="A field of the record of another object that has a value: `VLOOKUP(country.phone_code, "
        "country.code, billing_country)`. Of several such records the one made first counts; blank where "
        "there is none. Fields are also written as `$ObjectType.Country.Fields.Code`.",
        zh="在另一对象中按字段值查找记录并返回其字段：`VLOOKUP(country.phone_code, country.code, "
        "billing_country)`。多条匹配时取最早创建的一条；无匹配时为空。字段也可写作 "
        "`$ObjectType.Country.Fields.Code`。",
    ),
    examples=(
        ('VLOOKUP(country.phone_code, country.code, "DE")', '"49"'),
        (_AS_THERE.format('"CN"'), '"86"'),
        ('VLOOKUP(country.phone_code, country.code, "XX")', "null"),
        ("VLOOKUP(country.phone_code, country.code, null)", "null"),
    ),
    python=Inline(build=lookup.build),
    needs=Need.TABLES,
    pure=False,
    check=lookup.check,
    names=2,
    sql=NEEDS_TABLES,
)
