"""A company with the standard CRM, one person for each set of permissions, and a record of each object."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import reduce
from typing import TYPE_CHECKING, Any

from metadata.package import read_folder
from runtime.founding import Founding, found
from runtime.packages import APPS
from runtime.people import add_user
from tests.runtime.site import PASSWORD, Site, email, opened_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Catalog, ObjectType
    from runtime.bootstrap import Composition
    from runtime.config import Settings

COMPANY, PACKAGE = "crm", "crm_standard"
PEOPLE = {"boss": "administrator", "ann": "sales_manager", "bob": "sales_rep", "gus": "service_agent"}
MADE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("account", "account", {"name": "Acme"}),
    ("other", "account", {"name": "Other"}),
    ("contact", "contact", {"name": "Zoe", "account": "{account}"}),
    ("stranger", "contact", {"name": "Yan", "account": "{other}"}),
    ("rival", "competitor", {"name": "Rival"}),
    ("category", "product_category", {"name": "Metal"}),
    ("product", "product", {"name": "Bar", "sku": "BAR", "status": "active", "list_price": "12.50"}),
    ("deal", "opportunity", {"name": "Bars", "account": "{account}"}),
    ("case", "case", {"subject": "Bent"}),
    ("lead", "lead", {"name": "Ida", "company": "Ida Ltd", "phone": "+86 138 0013 8000"}),
    ("activity", "activity", {"subject": "Ring up"}),
    ("line", "opportunity_line", {"opportunity": "{deal}", "product": "{product}"}),
    ("role", "opportunity_contact_role", {"opportunity": "{deal}", "contact": "{contact}", "role": "user"}),
    ("rivalry", "opportunity_competitor", {"opportunity": "{deal}", "competitor": "{rival}"}),
    ("member", "opportunity_team_member", {"opportunity": "{deal}", "member": "{boss}"}),
    ("colleague", "account_team_member", {"account": "{account}", "user": "{boss}"}),
    ("pool", "lead_pool", {"name": "Pool"}),
    ("fisher", "lead_pool_member", {"pool": "{pool}", "user": "{boss}"}),
)


TWINS = "accept_duplicates=true"
"""What lets several tests make a record of the same name."""


class Crm:
    """A company with the standard CRM, and the records that the cases speak of."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.ids = {"{boss}": self.call("GET", "/user?fields=name&limit=1").json()["records"][0]["id"]}
        self.made("currency_rate", {"code": "USD", "valid_from": "2020-01-01", "rate": 7})
        for name, object_, values in MADE:
            self.ids[f"{{{name}}}"] = self.made(object_, values)["id"]

    @property
    def base(self) -> str:
        """Where its pages begin."""
        return f"{str(self.site.client.base_url).rstrip('/')}/t/{COMPANY}"

    def call(self, method: str, path: str, person: str = "boss", **options: Any) -> Any:
        return self.site.call(method, path, person, COMPANY, **options)

    def made(self, object_: str, values: dict[str, Any]) -> dict[str, Any]:
        answer = self.call("POST", f"/{object_}?{TWINS}", json=self.real(values))
        assert answer.status_code == 201, answer.text
        record: dict[str, Any] = answer.json()
        return record

    def real(self, values: Any) -> Any:
        """`values` with the ids of this company's records."""
        return json.loads(reduce(lambda text, one: text.replace(*one), self.ids.items(), json.dumps(values)))

    def changed(self, path: str, values: dict[str, Any]) -> Any:
        return self.call("PATCH", path, json=values, headers={"If-Match": "*"})

    @property
    def objects(self) -> tuple[ObjectType, ...]:
        """Those of the package."""
        found = self.catalog.objects.values()
        return tuple(one for one in found if one.package == PACKAGE and not one.retired)

    @property
    def catalog(self) -> Catalog:
        """What the company has published."""
        with self.site.tenant(COMPANY) as tenant:
            assert tenant.release is not None
            return tenant.release.catalog


@contextmanager
def founded_crm(settings: Settings, composition: Composition) -> Iterator[Crm]:
    """The company, served until the end of the context."""
    with opened_site(settings, composition) as site:
        founding = Founding(slug=COMPANY, currency="CNY")
        found(settings, composition, site.tenants, founding, [read_folder(APPS / PACKAGE)])
        with site.tenant(COMPANY) as tenant:
            assert tenant.release is not None
            for name, held in PEOPLE.items():
                add_user(tenant, tenant.release, email(name), name.title(), PASSWORD, [held])
        yield Crm(site)
