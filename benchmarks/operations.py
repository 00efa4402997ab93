"""What is measured: each operation as the requests of the product and those of the floor that ask the same.

Pure: makes requests and knows which part of an answer to compare; `api` sends them. Goals are the shares of
the floor's rate that the product is to reach (docs/developers/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote, urlencode

import msgspec

from benchmarks.company import RARE_SOURCE, RARE_WORD, deal
from benchmarks.load import request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.company import Company

Requests: TypeAlias = Iterator[bytes]
BATCH = 1000
STAGE = "proposal"
PAGE = "name,account.name,stage,amount,close_date"
RECORD = (
    "owner,created_at,modified_at,name,account,stage,amount,close_date,forecast,source,next_step,description"
)
_FLOOR = "/opportunity"
_PRODUCT = "/api/v1/opportunity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deep:
    """A place far down the list: the product's cursor, and the row before it as the floor names it."""

    cursor: str
    close_date: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What requests are made of: who asks, which records are hers, where the deep page starts."""

    company: Company
    deep: Deep | None

    @property
    def headers(self) -> dict[str, str]:
        """How the representative says who she is."""
        return {"Authorization": f"Bearer {self.company.tokens['rep']}"}


Make: TypeAlias = Callable[[Field], Requests]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation; `same` picks from an answer what must be equal on both sides (None: nothing can be)."""

    name: str
    product: Make
    floor: Make
    goal: float | None = None
    writes: bool = False
    same: Callable[[Any], object] | None = None
    rows: int = 1
    """Rows per request; rates are rows per second."""
    crowd: int = 16
    """How many ask at once, beside the measurement of one alone."""


def list_query(**more: str) -> str:
    """The parameters of the measured list."""
    return urlencode({"fields": PAGE, "where": f'stage = "{STAGE}"', "order": "-close_date", **more})


def operations() -> tuple[Operation, ...]:
    """All operations, reads first: what they read is then as it was loaded."""
    return (
        Operation(
            name="read by id", goal=0.40, same=_record, floor=_by_id,
            product=lambda field: _by_id(field, f"?fields={RECORD}", _PRODUCT),
        ),
        Operation(
            name="read by id, all fields", floor=_by_id, product=lambda field: _by_id(field, "", _PRODUCT),
        ),
        _page("list of 50", {"where": f'stage = "{STAGE}"', "order": "-close_date"}, {"stage": STAGE}, 0.50),
        _page("list, rare filter", {"where": f'source = "{RARE_SOURCE}"'}, {"source": RARE_SOURCE}),
        Operation(name="list, deep page", same=_records, product=_deep_product, floor=_deep_floor),
        _page("find, common word", {"find": "renewal"}, {"find": "renewal"}, 0.35),
        _page("find, rare word", {"find": RARE_WORD}, {"find": RARE_WORD}, 0.35),
        _page("find, no match", {"find": "nowhere"}, {"find": "nowhere"}, 0.35),
        Operation(
            name="count, sum by stage", goal=0.90, same=_groups,
            product=lambda field: _get(field, f"{_PRODUCT}/aggregate?group=stage&measures=count,sum:amount"),
            floor=lambda field: _get(field, f"{_FLOOR}/aggregate"),
        ),
        Operation(name="create", goal=0.40, writes=True, product=_create_product, floor=_create_floor),
        Operation(
            name="update one field", goal=0.35, writes=True, product=_update_product, floor=_update_floor
        ),
        Operation(
            name="batch of 1000 (4 at once), rows", goal=0.35, writes=True, rows=BATCH, crowd=4,
            product=lambda field: _batch(field, f"{_PRODUCT}/batch"),
            floor=lambda field: _batch(field, f"{_FLOOR}/batch"),
        ),
    )  # fmt: skip


def _page(name: str, product: dict[str, str], floor: dict[str, str], goal: float | None = None) -> Operation:
    return Operation(
        name=name, goal=goal, same=_records,
        product=lambda field: _get(field, f"{_PRODUCT}?{urlencode({'fields': PAGE, **product})}"),
        floor=lambda field: _get(field, f"{_FLOOR}?{urlencode(floor)}"),
    )  # fmt: skip


def _get(field: Field, path: str) -> Requests:
    return cycle([request("GET", path, field.headers)])


def _by_id(field: Field, parameters: str = "", place: str = _FLOOR) -> Requests:
    return cycle(
        request("GET", f"{place}/{id_}{parameters}", field.headers) for id_ in _some(field.company.deals)
    )


def _deep_product(field: Field) -> Requests:
    assert field.deep is not None
    return _get(field, f"{_PRODUCT}?{list_query(after=field.deep.cursor)}")


def _deep_floor(field: Field) -> Requests:
    assert field.deep is not None
    return _get(field, f"{_FLOOR}?stage={STAGE}&close_date={field.deep.close_date}&id={quote(field.deep.id)}")


def _new_deals(field: Field) -> Iterator[dict[str, object]]:
    """Deals of the same mix as the loaded ones; lost ones need one more value, which the floor has not."""
    random, accounts = Random(2), cycle(field.company.accounts)
    for number in count(1):
        if number % 6 != 5:
            yield deal(number, next(accounts), random)


def _create_product(field: Field) -> Requests:
    return _create(field, _PRODUCT)


def _create_floor(field: Field) -> Requests:
    return _create(field, _FLOOR)


def _create(field: Field, path: str) -> Requests:
    return (request("POST", path, field.headers, msgspec.json.encode(values)) for values in _new_deals(field))


def _batch(field: Field, path: str) -> Requests:
    deals = _new_deals(field)
    bodies = [[{"action": "create", "values": next(deals)} for _ in range(BATCH)] for _ in range(4)]
    return cycle(
        [request("POST", path, field.headers, msgspec.json.encode({"changes": body})) for body in bodies]
    )


def _update_product(field: Field) -> Requests:
    return _update(field, _PRODUCT, {**field.headers, "If-Match": "*"})


def _update_floor(field: Field) -> Requests:
    return _update(field, _FLOOR, field.headers)


def _update(field: Field, path: str, headers: dict[str, str]) -> Requests:
    """Every request changes the value: an update to what is there already would do nothing."""
    for number, id_ in enumerate(cycle(_some(field.company.deals))):
        body = msgspec.json.encode({"next_step": f"Call again, {number}"})
        yield request("PATCH", f"{path}/{id_}", headers, body)


def _some(ids: Sequence[str]) -> Sequence[str]:
    return Random(3).sample(ids, min(len(ids), 5000))


def _record(answer: dict[str, Any]) -> object:
    return answer


def _records(answer: dict[str, Any]) -> object:
    return answer["records"]


def _groups(answer: dict[str, Any]) -> object:
    return sorted(map(tuple, answer["rows"]))
