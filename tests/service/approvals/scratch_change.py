"""A reviewed change in one file, from its facts to its commands: a letter that urges for all open petitions of a kind.

A kind of change in the product has its facts, commands and state in `domain/`, its service in `service/approvals/`, and
the two declarations after it beside those of the other kinds. The tables at the end are those that it is entered into.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast
from uuid import UUID

import pytest
import typer

from domain.actor import Credentials, Role
from domain.command import Command
from domain.errors import require_not_in_future
from domain.events import Fact, ReminderIssued
from domain.permissions import PERMISSIONS
from domain.reviewed_changes import ReviewedChanges
from domain.text import SingleLine
from domain.topics import CATEGORY_OF_TOPIC, FACT_CLASSES
from domain.vocabulary import PetitionId, PetitionKind, UnitId
from projections.projection import Connection
from service.api.routes.reviewed_change_kind import ReviewedChangeKind
from service.api.routes.reviewed_changes import reviewed_change_router
from service.api.server import app as api
from service.approvals import chunked_application
from service.approvals.chunked_application import NextFacts
from service.approvals.reviewed_change import ReviewedChangeService
from service.cli.app import SUBCOMMANDS, Subcommand
from service.cli.reviewed_changes import ReviewedChangeCommands
from service.commands.office import ApplicationService


class JointReminderProposed(Fact):
    change_id: UUID
    kind: PetitionKind
    document_no: str
    would_remind: int


class JointReminderApproved(Fact):
    change_id: UUID


class JointReminderApplied(Fact):
    change_id: UUID
    petitions: int


class ProposeJointReminder(Command):
    """Propose to urge for all open petitions of a kind by one letter."""

    kind: PetitionKind
    document_no: SingleLine

    example: ClassVar = {"kind": "complaint", "document_no": "42/UBND"}


class ApproveJointReminder(Command):
    """Approve the letter that somebody else proposed."""

    change_id: UUID

    example: ClassVar = {}


class JointReminders(ReviewedChanges[JointReminderProposed]):
    stream = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a4ffff")
    name = "joint reminder"
    vietnamese_name = "văn bản đôn đốc chung"
    proposed_fact = JointReminderProposed
    approved_fact = JointReminderApproved
    applied_fact = JointReminderApplied


@dataclass(frozen=True)
class RemindedPetition:
    petition_id: UUID
    reference: str


@dataclass(frozen=True)
class JointReminderReview:
    on: date
    would_remind: int
    petitions: tuple[RemindedPetition, ...]


OPEN_PETITIONS = """
    SELECT petition_id, reference FROM overdue WHERE stage IS NOT NULL AND kind = %s ORDER BY petition_id
"""


class JointReminderService(
    ReviewedChangeService[JointReminders, ProposeJointReminder, JointReminderReview, JointReminderProposed]
):
    changes = JointReminders
    propose_command = ProposeJointReminder
    approve_command = ApproveJointReminder
    counted_facts = (ReminderIssued,)

    async def review(
        self, office: ApplicationService, connection: Connection, command: ProposeJointReminder
    ) -> JointReminderReview:
        cursor = await connection.execute(OPEN_PETITIONS, [command.kind])
        petitions = tuple(RemindedPetition(*row) for row in await cursor.fetchall())
        return JointReminderReview(office.today, len(petitions), petitions)

    def proposal(
        self,
        office: ApplicationService,
        command: ProposeJointReminder,
        change_id: UUID,
        review: JointReminderReview,
        changes: JointReminders,
    ) -> Fact:
        del changes
        require_not_in_future(command.occurred_on, office.today)
        return JointReminderProposed(
            occurred_on=command.occurred_on,
            change_id=change_id,
            kind=command.kind,
            document_no=command.document_no,
            would_remind=review.would_remind,
        )

    async def plan(self, office: ApplicationService, changes: JointReminders, change_id: UUID) -> JointReminderProposed:
        del office
        return changes.require(change_id).proposed

    async def candidates(self, connection: Connection, plan: JointReminderProposed) -> Sequence[UUID]:
        cursor = await connection.execute(OPEN_PETITIONS, [plan.kind])
        return [petition_id for petition_id, _ in await cursor.fetchall()]

    async def next_facts(
        self, office: ApplicationService, petition_id: PetitionId, plan: JointReminderProposed
    ) -> NextFacts | None:
        petition = await office.queries.fresh_petition(petition_id)
        if petition is None or not petition.stage.is_open:
            return None
        fact = ReminderIssued(
            occurred_on=office.today,
            to_unit=petition.status.unit or UnitId("so-mau"),
            document_no=plan.document_no,
            asked_for_on=office.today,
        )
        return NextFacts([fact], petition.version)


JOINT_REMINDERS = JointReminderService()


class JointReminderKind(ReviewedChangeKind):
    service = JOINT_REMINDERS
    noun, plural, tag = "joint_reminder", "joint_reminders", "meetings and units"
    review_form = JointReminderReview


class JointReminderCommands(ReviewedChangeCommands):
    service = JOINT_REMINDERS
    group = "remind"
    headings = ("reference", "petition id")
    shown_fields = ("kind", "document_no")


remind = typer.Typer(help="Review, propose and approve letters that urge.", no_args_is_help=True)
JointReminderCommands().declare_with_file(remind)


@contextmanager
def entered_into_the_tables() -> Iterator[None]:
    """Enter the change where each kind of the product has its lines."""
    with pytest.MonkeyPatch.context() as patch:
        for fact in (JointReminderProposed, JointReminderApproved, JointReminderApplied):
            patch.setitem(cast("dict[str, Any]", FACT_CLASSES), fact.__name__, fact)
            patch.setitem(cast("dict[str, Any]", CATEGORY_OF_TOPIC), fact.__name__, "joint_reminder")
        for command, role in ((ProposeJointReminder, Role.FOLLOW_UP), (ApproveJointReminder, Role.HEAD)):
            patch.setitem(cast("dict[Any, Any]", PERMISSIONS), command, frozenset({role}))
        patch.setattr(api, "ROUTERS", (*api.ROUTERS, reviewed_change_router(JointReminderKind())))
        patch.setitem(cast("dict[str, Any]", SUBCOMMANDS), "remind", Subcommand("scratch", "remind", "Review letters"))
        patch.setitem(sys.modules, "service.cli.scratch", sys.modules[__name__])
        api._route_table.cache_clear()
        yield
    api._route_table.cache_clear()


PROPOSER = Credentials(officer="theo-doi", unit="tinh", position="Cán bộ", roles=frozenset({Role.FOLLOW_UP}))
APPROVER = Credentials(officer="chu-tich", unit="tinh", position="Chủ tịch", roles=frozenset({Role.HEAD}))
CHUNK = 4


async def apply_until_killed(dsn: str, change_id: UUID) -> None:
    """Apply the change in chunks, and let the kernel kill this process after the second of them."""
    from tests.service.approvals.test_law_changes import views
    from tests.service.office_fixtures import open_office

    def kill(done: int, _of: int) -> None:
        if done == 2 * CHUNK:
            os.kill(os.getpid(), signal.SIGKILL)

    chunked_application.AFFECTED_PETITIONS_AT_ONCE = CHUNK
    async with open_office(dsn) as office:
        await JOINT_REMINDERS.apply(office, lambda: views(office), change_id, APPROVER, progress=kill)


if __name__ == "__main__":
    with entered_into_the_tables():
        asyncio.run(apply_until_killed(sys.argv[1], UUID(sys.argv[2])))
