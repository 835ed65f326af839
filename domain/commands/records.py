"""Correct what is on record, or take note of it."""

from typing import Annotated

from pydantic import Field

from domain.alerts.vocabulary import WatchedClock
from domain.command import Command
from domain.commands.fields import Day
from domain.text import Line, Prose


class ProposeCorrection(Command):
    """Say that a recorded event is wrong, and what it should have said."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    received_on: Day | None = None
    answered_on: Day | None = None
    summary: Prose | None = None
    place: Line | None = None
    document_no: Line | None = None
    person_count: Annotated[int, Field(ge=1, le=100_000)] | None = None
    why: Prose


class ApproveCorrection(Command):
    """Approve the correction that somebody else proposed."""


class AcknowledgeAlert(Command):
    """Acknowledge an alert, and with it the earlier ones of the same date: somebody has taken note."""

    clock: WatchedClock
    due_on: Day
    step: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$", examples=["day-after"])]
    round: Annotated[int, Field(ge=1, le=1_000)] = 1
