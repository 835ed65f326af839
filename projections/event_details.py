"""Reads the fields that an event said, and which of them a reader of a file needs.

The details of a line hold all that was said. The text of a file leaves out what nearly every such event says.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.events import Fact

USUAL_VALUES: Mapping[str, Mapping[str, object]] = {
    "PetitionReceived": {"person_count": 1, "book": "TD", "identity_protected": False},
    "PetitionClassified": {"competence": "own", "is_mass": False},
    "TransferReplyReceived": {"is_accepted": True},
    "AnsweredInWriting": {"result": "unknown"},
    "ImplementationTracked": {"is_done": False},
    "DeadlineExtended": {"was_expired": False},
    "ComplexityDetermined": {"was_expired": False},
    "PetitionEscalated": {"days_late": 0},
    "WithdrawalRequested": {"signs_of_coercion": False},
    "AlertRaised": {"round": 1, "by": ["email"], "does": "tell"},
    "AlertAcknowledged": {"round": 1},
    "MeetingPlanned": {"mode": "face_to_face", "head_of": "unknown", "audience": "unspecified"},
    "MeetingHeld": {"attendance": 0, "mode": "face_to_face", "head_of": "unknown", "audience": "unspecified"},
}
"""Usual values of the fields that every event of a kind says, by kind and field, as JSON values.

Only a field that is recorded without anybody's saying belongs here: a required one, or one for which the command or the
rule has a value. A False that an officer chose to say is shown.
"""


def event_details(fact: Fact) -> dict[str, Any]:
    """Return the fields that the event said, except its day and instant, as JSON values in the order of its fields."""
    details: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fact))
    details.pop("occurred_on", None)
    details.pop("occurred_at", None)
    return details


def notable_details(event: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of an event, named by its class, without the usual values."""
    usual = USUAL_VALUES.get(event, {})
    return {key: value for key, value in details.items() if key not in usual or value != usual[key]}
