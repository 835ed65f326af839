"""Reads the fields that an event said, and which of them a reader of a file needs.

The details of a line hold all that was said. The text of a file leaves out what nearly every such event says.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from domain.events import Fact
from domain.sealed_text import plain_text, replace_texts
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister

USUAL_VALUES: Mapping[str, Mapping[str, object]] = {
    "PetitionReceived": {"book": "TD"},
    "MatterOpened": {"book": "TD"},
    "StageOpened": {"book": "TD"},
    "DeadlineExtended": {"was_expired": False},
    "ComplexityDetermined": {"was_expired": False},
    "WithdrawalRequested": {"signs_of_coercion": False},
    "AlertRaised": {"round": 1, "by": ["email"], "does": "tell"},
    "AlertAcknowledged": {"round": 1},
}
"""Usual values of the fields that every event of a kind says, by kind and field, as JSON values.

Only a field that is recorded without anybody's saying belongs here: a required one, or one for which the command or the
rule has a value. A False that an officer chose to say is shown.
"""


def event_details(fact: Fact) -> dict[str, Any]:
    """Return the fields that the event said, except its day and instant, as JSON values in the order of its fields.

    Raise ValueError for a text that was not opened.
    """
    plain = replace_texts(fact, lambda text, _name: plain_text(text))
    details: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(plain))
    details.pop("occurred_on", None)
    details.pop("occurred_at", None)
    return details


OFFICIAL_FIELDS = frozenset(
    {
        *("answered_by", "ordered_by", "signed_by", "responsible", "accountable_head", "notice_signed_by", "officer"),
        *("chair", "instead_of"),
    }
)
"""Fields that name an official: by code or name, with the position."""


def official_text(official: Mapping[str, Any], units: UnitRegister, on: date) -> str:
    """Return a named official in words: the name, or that of who held an office then, or the code; and the position."""
    code = official.get("officer")
    names = official.get("name"), officer_in_words(code, units, on) if code else None, official.get("position")
    return ", ".join(str(name) for name in names if name)


def notable_details(event: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of an event, named by its class, without the usual values."""
    usual = USUAL_VALUES.get(event, {})
    return {key: value for key, value in details.items() if key not in usual or value != usual[key]}
