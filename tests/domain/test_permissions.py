"""Tests which role may send which command."""

from typing import get_args

import pytest

from domain.actor import Credentials, Role
from domain.alerts.commands import RetryMessage
from domain.command import Command
from domain.commands import PetitionCommand
from domain.erasures.commands import ErasureCommand
from domain.errors import NotAllowed, Refused
from domain.import_withdrawals.commands import ImportWithdrawalCommand
from domain.law_changes.commands import LawChangeCommand
from domain.meetings.commands import MeetingCommand, PublishAnswers
from domain.permissions import PERMISSIONS, require_permission
from domain.reorganisations.commands import ReorganisationCommand
from domain.units.commands import UnitCommand
from tests.domain.samples import APPROVE, ASSIGN, CLASSIFY, EVERY_COMMAND, EXTEND, PROPOSE, RECEIVE

ALL_COMMANDS = [
    *get_args(PetitionCommand),
    *get_args(UnitCommand),
    *get_args(LawChangeCommand),
    *get_args(ReorganisationCommand),
    *get_args(ImportWithdrawalCommand),
    *get_args(ErasureCommand),
    *get_args(MeetingCommand),
    PublishAnswers,
    RetryMessage,
]


def test_every_command_is_in_the_table_and_nothing_else() -> None:
    assert PERMISSIONS.keys() == set(ALL_COMMANDS)


def test_the_samples_hold_one_command_of_each_kind() -> None:
    assert {type(command) for command in EVERY_COMMAND} == set(get_args(PetitionCommand))
    assert len(EVERY_COMMAND) == len(get_args(PetitionCommand))


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=lambda command: command.__name__)
def test_every_command_has_somebody_who_may_ask_for_it(command: type[Command]) -> None:
    assert PERMISSIONS[command]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: type(command).__name__)
def test_nobody_without_a_role_may_do_anything(command: PetitionCommand) -> None:
    with pytest.raises(NotAllowed, match="this needs one of the roles: "):
        require_permission(command, frozenset())


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: type(command).__name__)
def test_who_looks_keeps_imports_or_administers_changes_no_petition(command: PetitionCommand) -> None:
    with pytest.raises(NotAllowed):
        require_permission(command, {Role.INSPECTOR, Role.CUSTODIAN, Role.IMPORTER, Role.ADMINISTRATOR})


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: type(command).__name__)
def test_one_of_the_roles_is_enough(command: PetitionCommand) -> None:
    for role in PERMISSIONS[type(command)]:
        require_permission(command, {role})
        require_permission(command, {role, Role.INSPECTOR})


def test_the_corrector_proposes_and_the_approver_approves() -> None:
    require_permission(PROPOSE, {Role.CORRECTOR})
    require_permission(APPROVE, {Role.APPROVER})
    for command, role in ((PROPOSE, Role.APPROVER), (APPROVE, Role.CORRECTOR)):
        with pytest.raises(NotAllowed):
            require_permission(command, {role})


def test_only_the_head_assigns_and_extends() -> None:
    for command in (ASSIGN, EXTEND):
        require_permission(command, {Role.HEAD})
        with pytest.raises(NotAllowed, match="this needs one of the roles: head"):
            require_permission(command, set(Role) - {Role.HEAD})


def test_who_receives_does_not_classify() -> None:
    require_permission(RECEIVE, {Role.RECEIVER})
    with pytest.raises(NotAllowed, match="classifier, head"):
        require_permission(CLASSIFY, {Role.RECEIVER})


def test_not_allowed_is_a_way_of_being_refused() -> None:
    assert issubclass(NotAllowed, Refused)


def test_credentials_say_who_acts_and_for_whom() -> None:
    deputy = Credentials(officer="pho", unit="ubnd", position="Phó Chủ tịch", acting_for="chu-tich")
    assert deputy.acting_officer.parties == {"pho", "chu-tich"}
    assert deputy.roles == frozenset()
    alone = Credentials(officer="chu-tich", unit="ubnd", position="Chủ tịch")
    assert alone.acting_officer.parties == {"chu-tich"}
