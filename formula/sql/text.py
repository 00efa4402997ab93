"""Texts in SQL. The arguments are never '', nor are the results: blank is NULL.

Characters are code points on both databases. Functions that SQLite has no form for here are called in Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from formula import casing
from formula.expr import Literal
from formula.functions import Gap
from formula.prose import MOST_PADDED, MOST_TEXT
from formula.sql.backend import Backend
from formula.sql.form import Form, any_fails, comes_to_nothing, unless
from formula.sql.fragment import Sql, sql
from formula.sql.logic import chosen
from formula.sql.moments import whole
from formula.sql.numbers import BOUNDED, SIGNIFICANT
from formula.sql.registered import FORM as REGISTERED
from formula.sql.registered import called
from formula.sql.term import WHITE, Term, bind
from formula.types import NUMBER, TEXT, Kind, Type

if TYPE_CHECKING:
    from formula.expr import Call, Expr
    from formula.sql.form import Translator

MOST = 1_000_000_000
"""More characters than any text has."""
_DIGITS = "^([+-]?(?:0*[0-9]{1,255}(?:[.][0-9]{0,255})?|[.][0-9]{1,255}))[0-9]*(?:[eE][+-]?[0-9]{1,3})?$"
"""More digits are too far behind the point to count, or belong to a number that is too large."""
_EXPONENT = "[eE].*$"
_SMALLEST_PLACE = 165
"""Where Python's numbers end, far behind the point."""
_TRIMMED = "".join(map(chr, range(1, 33)))
_LAST_CODE_POINT = 0x10FFFF


def _count(term: Term) -> Sql:
    """PostgreSQL: a number of characters as an integer, brought within what an integer holds."""
    return sql(f"CAST(trunc(LEAST(GREATEST({{0}}, {-MOST}), {MOST}) + {{0}} * 0) AS integer)", term.sql)


def template(written: str, *extra: str) -> Form:
    """A function of texts that is NULL where one is; counts come as integers, constants as parameters."""

    def value(translator: Translator, call: Call) -> Term:
        terms = [translator.term(argument) for argument in call.arguments]
        arguments = [_count(term) if term.kind is Kind.NUMBER else term.sql for term in terms]
        return Term(sql=sql(f"NULLIF({written}, '')", *arguments, *(bind(text) for text in extra)), type=TEXT)

    return Form(value=value)


def _length(translator: Translator, call: Call) -> Term:
    term = translator.term(call.arguments[0])
    written = sql("COALESCE(length({0}), 0)", term.column or term.sql)
    failure = any_fails(translator, call)
    if translator.backend is Backend.POSTGRESQL:
        return whole(unless(failure, written), MOST)
    return Term(sql=unless(failure, written), type=Type(kind=Kind.NUMBER, scale=0), limit=MOST)


def _substituted(translator: Translator, call: Call) -> Term:
    text, *others = (translator.term(argument).sql for argument in call.arguments)
    old, new = (sql("COALESCE({0}, '')", other) for other in others)
    if not _may_grow(*call.arguments[1:]):
        written = sql("NULLIF(replace({0}, {1}, {2}), '')", text, old, new)
    elif translator.backend is Backend.POSTGRESQL:
        written = sql(_REPLACED, text, old, new, (str(MOST_TEXT),))
    else:
        written = called("substitute", [Term(sql=each, type=TEXT) for each in (text, old, new)], TEXT).sql
    return Term(sql=unless(any_fails(translator, call), written), type=TEXT)


def _may_grow(old: Expr, new: Expr) -> bool:
    """Whether replacing may make a text longer; by how much is looked at before it is done."""
    known = [each.value or "" for each in (old, new) if isinstance(each, Literal)]
    return len(known) < 2 or len(str(known[1])) > len(str(known[0]))


def _text(translator: Translator, call: Call) -> Term:
    term = translator.term(call.arguments[0])
    if translator.backend is Backend.SQLITE:
        return _text_on_sqlite(term)
    template_ = {
        Kind.NUMBER: "CAST(trim_scale({0}) AS text)",
        Kind.ID: "CAST({0} AS text)",
        Kind.DATE: "to_char({0}, 'YYYY-MM-DD')",
        Kind.DATETIME: "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"')",
        Kind.TIME: "to_char({0}, 'HH24:MI:SS.MS')",
    }.get(term.kind, "{0}")
    return Term(sql=sql(template_, term.sql), type=TEXT)


def _text_on_sqlite(term: Term) -> Term:
    inner = {
        Kind.NUMBER: "written",
        Kind.ID: "id_text",
        Kind.DATETIME: "show_instant",
        Kind.TIME: "show_time",
    }.get(term.kind)
    return Term(sql=term.sql, type=TEXT) if inner is None else called(inner, [term], TEXT)


def _parsed(translator: Translator, call: Call) -> Term:
    text = translator.term(call.arguments[0]).sql
    patterns = [bind(pattern, "CAST({0} AS text)") for pattern in (_DIGITS, _EXPONENT)]
    numeral = sql(_NUMERAL, text, bind(WHITE), *patterns)
    number = sql(f"round({SIGNIFICANT}, {_SMALLEST_PLACE})", sql("CAST({0} AS numeric)", numeral))
    return Term(sql=sql(BOUNDED, number), type=NUMBER)


def _begins(translator: Translator, call: Call, wanted: bool) -> Sql:
    text, part = (translator.term(argument) for argument in call.arguments)
    found = _range(text, call, translator.backend)
    if found is None:
        sides = [sql("COALESCE({0}, '')", term.sql) for term in (text, part)]
        found = sql("(substr({0}, 1, length({1})) = {1})", *sides)
    return _unfailing(translator, call, found, wanted=wanted)


def _range(text: Term, call: Call, backend: Backend) -> Sql | None:
    """What begins with a constant lies between it and the next text of its length."""
    prefix = call.arguments[1]
    if not (text.column and isinstance(prefix, Literal) and isinstance(prefix.value, str)):
        return None
    beyond = _after(prefix.value)
    collation = ' COLLATE "C"' if backend is Backend.POSTGRESQL else ""
    typed = "CAST({0} AS text)" if backend is Backend.POSTGRESQL else "{0}"
    bounds = [bind(bound, typed) for bound in (prefix.value, beyond) if bound is not None]
    operators = (">=", "<")[: len(bounds)]
    tests = [f"{{0}}{collation} {sign} {{{index}}}" for index, sign in enumerate(operators, 1)]
    return sql(f"({' AND '.join(tests)})", text.column, *bounds)


def _after(prefix: str) -> str | None:
    """The first text after all that begin with the prefix."""
    kept = prefix.rstrip(chr(_LAST_CODE_POINT))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if 0xD800 <= following <= 0xDFFF else following)


def _contains(translator: Translator, call: Call, wanted: bool) -> Sql:
    text, part = (translator.term(argument) for argument in call.arguments)
    sides = [text.column or text.sql, part.sql]
    if part.constant is None or part.constant.value is None:
        sides = [sql("COALESCE({0}, '')", term.sql) for term in (text, part)]
    position = "instr" if translator.backend is Backend.SQLITE else "strpos"
    return _unfailing(translator, call, sql(f"({position}({{0}}, {{1}}) > 0)", *sides), wanted=wanted)


def _like(translator: Translator, call: Call, wanted: bool) -> Sql:
    """PostgreSQL: a pattern's last backslash, which is an error there, stands for itself."""
    sides = [sql("COALESCE({0}, '')", translator.term(argument).sql) for argument in call.arguments]
    return _unfailing(translator, call, sql(_LIKE, *sides), wanted=wanted)


def _unfailing(translator: Translator, call: Call, found: Sql, *, wanted: bool) -> Sql:
    """A condition or its complement, neither of them where an argument fails."""
    condition = found if wanted else sql("({0} IS NOT TRUE)", found)
    failure = any_fails(translator, call)
    return condition if failure is None else sql("({0} AND NOT {1})", condition, failure)


def _padding(function: str) -> Form:
    """PostgreSQL: `lpad` or `rpad`, with blanks unless something else is given."""
    wanted = f"LEAST(GREATEST({{1}}, 0), GREATEST(length({{0}}), {MOST_PADDED}))"

    def value(translator: Translator, call: Call) -> Term:
        text, count, *fill = (translator.term(argument) for argument in call.arguments)
        filled = fill[0].sql if fill else ("' '",)
        written = sql(f"NULLIF({function}({{0}}, {wanted}, {{2}}), '')", text.sql, _count(count), filled)
        return Term(sql=written, type=TEXT)

    return Form(value=value)


def _part(translator: Translator, call: Call) -> Term:
    """PostgreSQL: from either end; its own `substr` counts positions before the text like any other."""
    text, start, *count = (translator.term(argument) for argument in call.arguments)
    taken = sql("GREATEST({0}, 0) + {0} * 0", _count(count[0])) if count else (str(MOST),)
    return Term(sql=sql(_PART, text.sql, _count(start), taken), type=TEXT)


def _cased(name: str, pairs: tuple[str, str], turkic: tuple[str, str]) -> Form:
    """Letter by letter; where a locale is given, first those that Turkish has otherwise.

    A database's own `name` serves texts of ASCII, which most are: it is many times as fast.
    """
    chosen_ = "CASE WHEN {1} ~* {2} THEN {3} ELSE '' END"
    quick = _ASCII_FIRST.replace("cased", name)

    def value(translator: Translator, call: Call) -> Term:
        if translator.backend is Backend.SQLITE:
            return _cased_on_sqlite(name, translator, call)
        written, *locale = (translator.term(argument).sql for argument in call.arguments)
        letters = [bind(table) for table in pairs]
        if not locale:
            return Term(sql=sql(quick, written, *letters), type=TEXT)
        pattern, *first = (bind(one, "CAST({0} AS text)") for one in (casing.TURKIC, *turkic))
        written = sql(f"translate({{0}}, {chosen_}, {{4}})", written, locale[0], pattern, *first)
        cased = sql("translate({0}, {1}, {2})", written, *letters)
        return Term(sql=unless(any_fails(translator, call), cased), type=TEXT)

    return Form(value=value)


def _cased_on_sqlite(name: str, translator: Translator, call: Call) -> Term:
    """Whose own function knows ASCII and leaves other letters alone."""
    exact = REGISTERED.value(translator, call)
    column = translator.term(call.arguments[0]).column
    if len(call.arguments) > 1 or not column:
        return exact
    ascii_ = "length({0}) = length(CAST({0} AS BLOB))"
    written = sql(f"(CASE WHEN {ascii_} THEN NULLIF({name}({{0}}), '') ELSE {{1}} END)", column, exact.sql)
    return Term(sql=written, type=TEXT)


def _code_point(translator: Translator, call: Call) -> Term:
    return whole(sql("ascii({0})", translator.term(call.arguments[0]).sql), _LAST_CODE_POINT)


def _is_number(translator: Translator, call: Call, wanted: bool) -> Sql:
    return _unfailing(
        translator, call, sql("({0} IS NOT NULL)", _parsed(translator, call).sql), wanted=wanted
    )


def _found(translator: Translator, call: Call) -> Term:
    part, text, *rest = (translator.term(argument) for argument in call.arguments)
    failure = any_fails(translator, call)
    if not rest:
        return whole(unless(failure, sql("COALESCE(strpos({0}, {1}), 0)", text.sql, part.sql)), MOST)
    written = sql(
        "(SELECT CASE WHEN i > 0 THEN i + n - 1 ELSE 0 END"
        " FROM (SELECT COALESCE(strpos(substr(t, n), p), 0) AS i, n"
        " FROM (SELECT {0} AS t, GREATEST(COALESCE({1}, 1), 1) AS n, {2} AS p OFFSET 0) AS given"
        " OFFSET 0) AS found)",
        text.sql,
        _count(rest[0]),
        part.sql,
    )
    return whole(unless(failure, written), MOST)


_NUMERAL = (
    "(SELECT substring(t from {2}) || COALESCE(substring(t from {3}), '')"
    " FROM (SELECT btrim({0}, {1}) AS t OFFSET 0) AS given)"
)
_REPLACED = (
    "(SELECT CASE WHEN o = '' THEN t WHEN length(t) + (length(t) - length(replace(t, o, ''))) / length(o)"
    " * GREATEST(length(n) - length(o), 0)::bigint <= GREATEST(length(t), {3}) THEN"
    " NULLIF(replace(t, o, n), '') END FROM (SELECT {0} AS t, {1} AS o, {2} AS n OFFSET 0) AS given)"
)
_LIKE = (
    "(SELECT t LIKE p || repeat(chr(92), mod(length(p) - length(rtrim(p, chr(92))), 2))"
    " FROM (SELECT {0} AS t, {1} AS p OFFSET 0) AS given)"
)
_PART = (
    "(SELECT CASE WHEN n >= -length(t) THEN"
    " NULLIF(substr(t, CASE WHEN n < 0 THEN length(t) + n + 1 ELSE GREATEST(n, 1) END, {2}), '') END"
    " FROM (SELECT {0} AS t, {1} AS n OFFSET 0) AS given)"
)
_CHARACTER = (
    "(SELECT CASE WHEN n BETWEEN 1 AND 55295 OR n BETWEEN 57344 AND 1114111 THEN chr(n) END"
    " FROM (SELECT {0} AS n OFFSET 0) AS given)"
)
_ASCII_FIRST = (
    '(SELECT CASE WHEN octet_length(t) = length(t) THEN cased(t COLLATE "C") ELSE translate(t, {1}, {2}) END'
    " FROM (SELECT {0} AS t OFFSET 0) AS given)"
)

LEN = Form(value=_length)
SUBSTITUTE = Form(value=_substituted)
TEXT_OF = Form(value=_text)
VALUE = Form(value=_parsed, fails=comes_to_nothing)
BEGINS = Form(value=chosen, holds=_begins)
CONTAINS = Form(value=chosen, holds=_contains)
LIKE = Form(value=chosen, holds=_like)
FIND = Form(value=_found)
LEFT = template("left({0}, GREATEST({1}, 0))")
RIGHT = template("right({0}, GREATEST({1}, 0))")
MID = template("substr({0}, GREATEST({1}, 1) + {1} * 0, GREATEST({2}, 0) + {2} * 0)")
SUBSTR = Form(value=_part)
TRIM = template("btrim({0}, {1})", _TRIMMED)
LOWER = _cased("lower", (casing.LOWERED, casing.LOWER), (casing.TURKIC_LOWERED, casing.TURKIC_LOWER))
UPPER = _cased("upper", (casing.RAISED, casing.UPPER), (casing.TURKIC_RAISED, casing.TURKIC_UPPER))
LPAD, RPAD = _padding("lpad"), _padding("rpad")
CODE_POINT = Form(value=_code_point)
CHARACTER = template(_CHARACTER)
IS_NUMBER = Form(value=chosen, holds=_is_number)
PATTERNS = Gap(reason="PostgreSQL's patterns are of another dialect, and may take for ever.")
