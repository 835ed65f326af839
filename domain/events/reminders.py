"""Defines the event by which the ladder of alerts proposes to urge a unit. An officer urges it: `ReminderIssued`."""

from datetime import date

from domain.events.fact import Fact
from domain.stored_values import NonEmptyStr, UnitCode


class ReminderProposed(Fact):
    """Records that the ladder of alerts proposed to urge the unit (đề nghị đôn đốc).

    Nobody was urged by it: an officer issues the document, with its number, or does not. `asked_for_on` is the day that
    the ladder proposes to ask for. `rule` is "id@version" of the ladder's row.
    """

    to_unit: UnitCode
    asked_for_on: date
    rule: NonEmptyStr
