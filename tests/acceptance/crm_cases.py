"""What the standard CRM refuses, each with the code, the place and the mend that is accepted.

`{name}` stands for the id of a record that `test_crm.py` makes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A save that is refused and the same save, mended, that is not.

    `first` are the values that a record is created with before it is changed; None: the save is a creation.
    """

    object: str
    wrong: dict[str, Any]
    at: str
    code: str
    mend: dict[str, Any]
    first: tuple[dict[str, Any], ...] | None = None


_ACCOUNT = {"name": "Nordwind"}
_CONTACT = {"name": "Ada", "account": "{account}"}
_LEAD = {"name": "Bo", "company": "Bo Ltd", "phone": "+86 138 0013 8000"}
_DEAL = {"name": "Deal", "account": "{account}"}
_PRODUCT = {"name": "Box"}
_VISIT = {"subject": "Visit", "record_type": "visit", "starts_at": "2026-05-01T08:00:00Z"}
_CASE = {"subject": "Broken"}
_LINE = {"opportunity": "{deal}", "product_name": "Rod", "unit_price": 5}

_REQUIRED, _RULE, _OPTION, _HIDDEN, _MOVE = "P101", "P122", "P162", "P160", "P124"
_NO_TARGET = "P134"

REFUSALS: dict[str, Refusal] = {
    # Rules.
    "a registration number of five characters": Refusal(
        object="account", wrong={**_ACCOUNT, "registration": "12345"}, at="registration", code=_RULE,
        mend={"registration": "123456"},
    ),
    "a birthday to come": Refusal(
        object="contact", wrong={**_CONTACT, "birthday": "2999-01-01"}, at="birthday", code=_RULE,
        mend={"birthday": "1980-01-01"},
    ),
    "the contact's account among the other accounts": Refusal(
        object="contact", wrong={**_CONTACT, "other_accounts": ["{account}"]}, at="other_accounts",
        code=_RULE, mend={"other_accounts": ["{other}"]},
    ),
    "a lead whom nobody can reach": Refusal(
        object="lead", wrong={**_LEAD, "phone": None}, at="phone", code=_RULE,
        mend={"email": "bo@example.com"},
    ),
    "a member of a pool who is nobody": Refusal(
        object="lead_pool_member", wrong={"pool": "{pool}"}, at="user", code=_RULE, mend={"user": "{boss}"}
    ),
    "a proposal without an amount": Refusal(
        object="opportunity", wrong={**_DEAL, "stage": "proposal"}, at="amount", code=_RULE,
        mend={"amount": 1},
    ),
    "a contact of another account in a deal": Refusal(
        object="opportunity", wrong={**_DEAL, "contact": "{stranger}"}, at="contact", code=_RULE,
        mend={"contact": "{contact}"},
    ),
    "a contact of another account in a case": Refusal(
        object="case", wrong={**_CASE, "account": "{account}", "contact": "{stranger}"}, at="contact",
        code=_RULE, mend={"contact": "{contact}"},
    ),
    "a line in another currency than its deal": Refusal(
        object="opportunity_line", wrong={**_LINE, "currency": "USD"}, at="currency", code=_RULE,
        mend={"currency": "CNY"},
    ),
    "a product sold until before it is sold": Refusal(
        object="product",
        wrong={**_PRODUCT, "sku": "a", "active_from": "2026-02-01", "active_to": "2026-01-01"},
        at="active_to", code=_RULE, mend={"active_to": "2026-03-01"},
    ),
    "a visit that ends before it starts": Refusal(
        object="activity", wrong={**_VISIT, "ends_at": "2026-05-01T07:00:00Z"}, at="ends_at", code=_RULE,
        mend={"ends_at": "2026-05-01T09:00:00Z"},
    ),
    "a check-in without its time": Refusal(
        object="activity", wrong={**_VISIT, "checked_in_pos": {"latitude": 31.2, "longitude": 121.5}},
        at="checked_in_at", code=_RULE, mend={"checked_in_at": "2026-05-01T08:05:00Z"},
    ),
    # Conditions.
    "a lost deal without a reason": Refusal(
        object="opportunity", wrong={**_DEAL, "stage": "lost"}, at="lost_reason", code=_REQUIRED,
        mend={"lost_reason": "price"},
    ),
    "a reason for losing an open deal": Refusal(
        object="opportunity", wrong={**_DEAL, "lost_reason": "price"}, at="lost_reason", code=_HIDDEN,
        mend={"stage": "lost"},
    ),
    "a competitor who won a deal lost over the price": Refusal(
        object="opportunity",
        wrong={**_DEAL, "stage": "lost", "lost_reason": "price", "lost_to": "{rival}"},
        at="lost_to", code=_HIDDEN, mend={"lost_reason": "competitor"},
    ),
    "an invalid lead without a reason": Refusal(
        object="lead", wrong={**_LEAD, "status": "invalid"}, at="invalid_reason", code=_REQUIRED,
        mend={"invalid_reason": "no_budget"},
    ),
    "a channel refused by somebody who wants none": Refusal(
        object="contact", wrong={**_CONTACT, "do_not_contact": True, "do_not_contact_by": ["sms"]},
        at="do_not_contact_by", code=_HIDDEN, mend={"do_not_contact": False},
    ),
    "a product on sale without a price": Refusal(
        object="product", wrong={**_PRODUCT, "sku": "b", "status": "active"}, at="list_price", code=_REQUIRED,
        mend={"list_price": 5},
    ),
    "a visit without its beginning": Refusal(
        object="activity", wrong={**_VISIT, "starts_at": None}, at="starts_at", code=_REQUIRED,
        mend={"starts_at": "2026-05-01T08:00:00Z"},
    ),
    "a visit done without a result": Refusal(
        object="activity", wrong={**_VISIT, "status": "done"}, at="result", code=_REQUIRED,
        mend={"result": "They agree."},
    ),
    "a fault resolved without its cause": Refusal(
        object="case", first=({**_CASE, "type": "fault"}, {"status": "assigned"}),
        wrong={"status": "resolved", "solution": "<p>Restart</p>"}, at="cause", code=_REQUIRED,
        mend={"cause": "A loose cable"},
    ),
    "a case rejected without saying why": Refusal(
        object="case", first=(_CASE,), wrong={"status": "rejected"}, at="rejected_because", code=_REQUIRED,
        mend={"rejected_because": "Not ours"},
    ),
    "a case in work that was found good": Refusal(
        object="case", first=(_CASE, {"status": "assigned"}), wrong={"satisfaction": 4}, at="satisfaction",
        code=_HIDDEN, mend={"status": "resolved", "solution": "<p>Restart</p>"},
    ),
    # Record types.
    "a task that was checked in": Refusal(
        object="activity", wrong={"subject": "Call", "checked_in_at": "2026-05-01T08:00:00Z"},
        at="checked_in_at", code=_HIDDEN, mend={"record_type": "visit", "starts_at": "2026-05-01T08:00:00Z"},
    ),
    "a note that is planned": Refusal(
        object="activity", wrong={"subject": "Said", "record_type": "note", "status": "planned"}, at="status",
        code=_OPTION, mend={"status": "done"},
    ),
    # Options that depend on another field.
    "goods sold by the hour": Refusal(
        object="product", wrong={**_PRODUCT, "sku": "c", "unit": "hour"}, at="unit", code=_OPTION,
        mend={"kind": "service"},
    ),
    "a question about hardware": Refusal(
        object="case", wrong={**_CASE, "reason": "hardware"}, at="reason", code=_OPTION,
        mend={"type": "fault"},
    ),
    # Processes.
    "a deal that is won for nothing": Refusal(
        object="opportunity", first=({**_DEAL, "amount": 0},), wrong={"stage": "won"}, at="stage", code=_MOVE,
        mend={"stage": "won", "amount": 100},
    ),
    "a lead that nobody has worked on, converted": Refusal(
        object="lead", first=(_LEAD,), wrong={"status": "converted"}, at="status", code=_MOVE,
        mend={"status": "working"},
    ),
    "a new case closed at once": Refusal(
        object="case", first=(_CASE,), wrong={"status": "closed", "solution": "<p>Done</p>"}, at="status",
        code=_MOVE, mend={"status": "assigned", "solution": None},
    ),
    "a case resolved without a solution": Refusal(
        object="case", first=(_CASE, {"status": "assigned"}), wrong={"status": "resolved"}, at="solution",
        code=_REQUIRED, mend={"solution": "<p>Restart</p>"},
    ),
    "a product back to a draft": Refusal(
        object="product", first=({**_PRODUCT, "sku": "d", "list_price": 5}, {"status": "active"}),
        wrong={"status": "draft"}, at="status", code=_MOVE, mend={"status": "retired"},
    ),
    # Links.
    "an activity about a product": Refusal(
        object="activity", wrong={"subject": "Call", "related_to": "product/{product}"}, at="related_to",
        code=_NO_TARGET, mend={"related_to": "case/{case}"},
    ),
}  # fmt: skip

# Of an activity: a value, the record type that does not have the field, and one that does.
OWN_FIELDS: dict[str, tuple[Any, str, str]] = {
    "priority": ("high", "event", "task"),
    "due_date": ("2026-05-01", "call", "task"),
    "starts_at": ("2026-05-01T08:00:00Z", "task", "call"),
    "ends_at": ("2026-05-01T09:00:00Z", "call", "event"),
    "direction": ("in", "visit", "call"),
    "duration": (90, "event", "call"),
    "place": ({"country": "CN", "city": "Suzhou"}, "call", "visit"),
    "checked_in_at": ("2026-05-01T08:05:00Z", "event", "visit"),
    "checked_in_pos": ({"latitude": 31.2, "longitude": 121.5}, "event", "visit"),
    "contacts": (["{contact}"], "task", "note"),
    "participants": (["{boss}"], "call", "event"),
    "result": ("Agreed.", "note", "task"),
    "next_step": ("Call", "note", "task"),
}


def activity(record_type: str, **values: Any) -> dict[str, Any]:
    """An activity of a record type with what that one demands."""
    start = {"starts_at": "2026-05-01T08:00:00Z"} if record_type in ("event", "visit") else {}
    checked = {"checked_in_at": "2026-05-01T08:05:00Z"} if "checked_in_pos" in values else {}
    return {"subject": "Talk", "record_type": record_type, **start, **checked, **values}


# A tree: the object, its link upwards, what else a record needs.
TREES: dict[str, tuple[str, dict[str, Any]]] = {
    "account": ("parent", _ACCOUNT),
    "contact": ("reports_to", _CONTACT),
    "case": ("parent", _CASE),
    "product_category": ("parent", {"name": "Steel"}),
}
