"""The `$` names that Salesforce gives a fixed type, for lines whose objects do not declare them.

Source: Salesforce Help, "Global Variables" of formulas. Names in lower case.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.types import BOOLEAN, DATETIME, ID, NUMBER, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.types import Type

_WHOLE: Mapping[str, Type] = MappingProxyType(
    {
        "$permission": BOOLEAN,
        **dict.fromkeys(("$label", "$api", "$objecttype", "$resource", "$action", "$page", "$site"), TEXT),
    }
)
"""Whatever follows these is of one type."""

_TYPES = {"id": ID, "text": TEXT, "boolean": BOOLEAN, "datetime": DATETIME, "number": NUMBER}
_TABLE = """
$user text: username firstname lastname middlename suffix name alias communitynickname email title department
$user text: division companyname employeenumber extension fax mobilephone phone street city state country
$user text: postalcode statecode countrycode federationidentifier languagelocalekey localesidkey usertype
$user text: timezonesidkey emailencodingkey uitheme uithemedisplayed signature senderemail sendername aboutme
$user id: id profileid userroleid managerid contactid accountid createdbyid lastmodifiedbyid
$user boolean: isactive isportalenabled receivesadmininfoemails
$user datetime: lastlogindate createddate lastmodifieddate systemmodstamp
$profile text: name usertype description
$profile id: id userlicenseid createdbyid lastmodifiedbyid
$profile datetime: createddate lastmodifieddate
$userrole text: name developername rollupdescription opportunityaccessforaccountowner
$userrole id: id parentroleid lastmodifiedbyid
$userrole datetime: lastmodifieddate
$recordtype text: name developername description sobjecttype namespaceprefix
$recordtype id: id createdbyid lastmodifiedbyid
$recordtype boolean: isactive
$organization text: name division street city state postalcode country phone fax primarycontact uiskin
$organization text: defaultlocalesidkey languagelocalekey organizationtype instancename namespaceprefix
$organization text: timezonesidkey googleappsdomain
$organization id: id createdbyid lastmodifiedbyid
$organization boolean: issandbox
$organization number: fiscalyearstartmonth
$organization datetime: createddate lastmodifieddate
$system datetime: origindatetime
$org text: name currency language time_zone
$flow datetime: currentdatetime
$flow text: faultmessage interviewguid currentrecord
"""


def _read() -> Mapping[str, Mapping[str, Type]]:
    found: dict[str, dict[str, Type]] = {}
    for line in _TABLE.strip().splitlines():
        head, _, names = line.partition(":")
        root, _, word = head.partition(" ")
        found.setdefault(root, {}).update(dict.fromkeys(names.split(), _TYPES[word]))
    return MappingProxyType(found)


_FIXED = _read()
ROOTS = ("$old", *_FIXED, *_WHOLE, "$setup", "$custommetadata")
"""The `$` names that there are."""


SUPPLIED = frozenset({"$rates", "$calendar"})
"""Names that functions ask for beside their arguments: texts of their own form, see `formula.exchange`."""


def standard(root: str, rest: tuple[str, ...]) -> Type | None:
    """The type of `$user.email` (root and rest apart, in lower case), or None where it is not fixed."""
    if root in _WHOLE:
        return _WHOLE[root]
    return _FIXED.get(root, {}).get(rest[0]) if len(rest) == 1 else None


def standard_names(root: str) -> tuple[str, ...]:
    """What may follow a `$` name, for hints."""
    return tuple(_FIXED.get(root, ()))
