"""Defines the event of a coordinating unit that delivers its part."""

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import NonEmptyStr, UnitCode


class ContributionDelivered(Fact):
    """Records that a coordinating unit delivered its part to the lead unit (ý kiến phối hợp).

    `unit` is the unit that was asked; where another one succeeded it, that one delivers.
    """

    unit: UnitCode
    document_no: NonEmptyStr
    contribution: Text


ContributionEvent = ContributionDelivered
