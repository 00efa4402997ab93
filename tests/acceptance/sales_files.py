"""Makes the four files of a sales pipeline as companies have them: 8,800 deals, half blank, ever the same.

Shape and flaws are those of the “CRM Sales Opportunities” that teachers hand out (Maven Analytics,
by way of Kaggle): `GTXPro` in the pipeline and `GTX Pro` among the products, `technolgy` for a sector, no
account where a deal is young. The companies and people are made up. `dirty_files` spoils and encodes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Value = str | int | float | date
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesFile:
    """One file: its name without ending, its head, its rows; "" is a blank cell."""

    name: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesFiles:
    """The four of them, in the order in which they refer to each other."""

    teams: SalesFile
    accounts: SalesFile
    products: SalesFile
    pipeline: SalesFile

    def __iter__(self) -> Iterator[SalesFile]:
        return iter((self.teams, self.accounts, self.products, self.pipeline))


ACCOUNT_HEAD = (
    *("account", "sector", "year_established", "revenue"),
    *("employees", "office_location", "subsidiary_of"),
)
DEAL_HEAD = (
    *("opportunity_id", "sales_agent", "product", "account"),
    *("deal_stage", "engage_date", "close_date", "close_value"),
)
PRODUCTS: tuple[Row, ...] = (
    ("GTX Basic", "GTX", 550),
    ("GTX Pro", "GTX", 4821),
    ("MG Special", "MG", 55),
    ("MG Advanced", "MG", 3393),
    ("GTX Plus Pro", "GTX", 5482),
    ("GTX Plus Basic", "GTX", 1096),
    ("GTK 500", "GTK", 26768),
)
SECTORS = (
    *("retail", "medical", "software", "entertainment", "marketing"),
    *("finance", "technolgy", "services", "employment", "telecommunications"),
)
PLACES = (
    "United States",
    "United States",
    "United States",
    "Kenya",
    "Korea",
    "Philipines",
    "Germany",
    "Japan",
)
MANAGERS = (
    *(("Dora Seyfried", "Central"), ("Milo Rosent", "Central"), ("Cara Losche", "East")),
    *(("Roy Brinkman", "East"), ("Celia Roque", "West"), ("Sumi Sewald", "West")),
)
STAGES = (("Won", 4238), ("Lost", 2473), ("Engaging", 1589), ("Prospecting", 500))
BEGINS = (
    *("Acor", "Belt", "Condo", "Dambo", "Erma", "Fints", "Gano", "Hotte", "Isdo", "Jobar", "Konex"),
    *("Lexi", "Mathla", "Noven", "Opte", "Plusta", "Quadro"),
)
ENDS = ("corp", "wick Ltd", "lane", "phase Group", "media")
FIRST = ("Anna", "Boris", "Corl", "Darcel", "Elease", "Gladys", "Hayden")
LAST = ("Addis", "Brunet", "Cimino", "Dunnell", "Gloster")
BEGIN = date(2016, 10, 20)


def sales_files(*, accounts: int = 85, agents: int = 35, deals: int = 8800, seed: int = 1) -> SalesFiles:
    """The files; at most 85 accounts and 35 agents.

    Every third account has a parent, which may stand below it. Of young deals two in three have no account;
    one deal in a hundred names an account with two letters swapped.
    """
    random = Random(seed)
    companies = [begin + end for end in ENDS for begin in BEGINS][:accounts]
    people = [f"{first} {last}" for last in LAST for first in FIRST][:agents]
    return SalesFiles(
        teams=SalesFile(
            name="sales_teams", head=("sales_agent", "manager", "regional_office"),
            rows=tuple((person, *random.choice(MANAGERS)) for person in people),
        ),
        accounts=SalesFile(
            name="accounts", head=ACCOUNT_HEAD,
            rows=tuple(_account(random, number, companies) for number in range(len(companies))),
        ),
        products=SalesFile(name="products", head=("product", "series", "sales_price"), rows=PRODUCTS),
        pipeline=SalesFile(
            name="sales_pipeline", head=DEAL_HEAD,
            rows=tuple(_deal(random, number, people, companies) for number in range(deals)),
        ),
    )  # fmt: skip


def _account(random: Random, number: int, names: Sequence[str]) -> Row:
    """Parents are chosen among the last three, which have none."""
    parent = random.choice(names[-3:]) if number % 3 == 0 and number < len(names) - 3 else ""
    revenue, employees = random.randrange(1, 1_200_000) / 100, random.randrange(9, 35_000)
    founded = 1979 + random.randrange(38)
    return names[number], random.choice(SECTORS), founded, revenue, employees, random.choice(PLACES), parent


def _deal(random: Random, number: int, people: Sequence[str], companies: Sequence[str]) -> Row:
    stage = random.choices([name for name, _ in STAGES], [weight for _, weight in STAGES])[0]
    name, _, price = random.choice(PRODUCTS)
    closed = stage in ("Won", "Lost")
    engaged = BEGIN + timedelta(days=random.randrange(400))
    account = random.choice(companies)
    if not closed and random.random() < 0.68:
        account = ""
    elif number % 100 == 7:
        account = account[:2] + account[3] + account[2] + account[4:]
    worth = {"Won": round(float(price) * random.uniform(0.7, 1.3)), "Lost": 0}.get(stage, "")  # type: ignore[arg-type]
    return (
        f"{number:08X}",
        random.choice(people),
        str(name).replace("GTX Pro", "GTXPro"),
        account,
        stage,
        "" if stage == "Prospecting" else engaged,
        engaged + timedelta(days=random.randrange(1, 140)) if closed else "",
        worth,
    )
