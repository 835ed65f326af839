"""Says which role may send which command. Where a table names the rule of a command, it names its roles too."""

from collections.abc import Collection, Mapping

from domain.actor import Role
from domain.alerts.commands import RetryMessage
from domain.command import Command
from domain.commands import ReceivePetition
from domain.decide import PETITION_COMMANDS, RECEIPT
from domain.erasures.commands import ApproveErasure, ProposeErasure
from domain.errors import NotAllowed
from domain.import_withdrawals.commands import ApproveImportWithdrawal, ProposeImportWithdrawal
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.meetings.commands import PublishAnswers
from domain.meetings.decide import MEETING_CHANGES, MEETING_ENTRIES
from domain.refusals.general import GeneralRefusal
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.units.decide import UNIT_COMMANDS

_TABLES = (PETITION_COMMANDS, MEETING_ENTRIES, MEETING_CHANGES, UNIT_COMMANDS)

PERMISSIONS: Mapping[type[Command], frozenset[Role]] = {
    ReceivePetition: RECEIPT.roles,
    **{command: row.roles for table in _TABLES for command, row in table.items()},
    PublishAnswers: frozenset({Role.HEAD, Role.OFFICER, Role.RECEIVER}),
    RetryMessage: frozenset({Role.ADMINISTRATOR, Role.FOLLOW_UP, Role.HEAD}),
    ProposeLawChange: frozenset({Role.ADMINISTRATOR, Role.HEAD}),
    ApproveLawChange: frozenset({Role.APPROVER, Role.HEAD}),
    ProposeReorganisation: frozenset({Role.ADMINISTRATOR, Role.HEAD}),
    ApproveReorganisation: frozenset({Role.APPROVER, Role.HEAD}),
    ProposeImportWithdrawal: frozenset({Role.IMPORTER, Role.ADMINISTRATOR, Role.HEAD}),
    ApproveImportWithdrawal: frozenset({Role.APPROVER, Role.HEAD}),
    ProposeErasure: frozenset({Role.CUSTODIAN}),
    ApproveErasure: frozenset({Role.APPROVER, Role.HEAD}),
}


def require_permission(command: Command, roles: Collection[Role]) -> None:
    """Raise NotAllowed unless one of the roles may send this command."""
    if PERMISSIONS[type(command)].isdisjoint(roles):
        require_any_permission((type(command),), roles)


def require_any_permission(commands: Collection[type[Command]], roles: Collection[Role]) -> None:
    """Raise NotAllowed unless one of the roles may send one of these commands. Used to preview what they would do."""
    allowed = frozenset[Role]().union(*(PERMISSIONS[command] for command in commands))
    if allowed.isdisjoint(roles):
        raise NotAllowed(GeneralRefusal.NEEDS_ONE_OF_ROLES, roles=tuple(sorted(allowed)))


def require_role(role: Role, roles: Collection[Role]) -> None:
    """Raise NotAllowed without the role. Used for acts that are no single command, such as an import."""
    if role not in roles:
        raise NotAllowed(GeneralRefusal.NEEDS_ROLE, role=role)
