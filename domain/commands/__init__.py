"""Defines all commands on a petition. The same models are the HTTP request bodies.

There is one module for each step of a petition's life; each ends with the union of its own commands.
"""

from domain.commands.answers import *
from domain.commands.answers import AnswerCommand
from domain.commands.assignment import *
from domain.commands.assignment import AssignmentCommand
from domain.commands.clocks import *
from domain.commands.clocks import ClockCommand
from domain.commands.contributions import *
from domain.commands.contributions import ContributionCommand
from domain.commands.courts import *
from domain.commands.courts import RecordCourtRuling
from domain.commands.duties import *
from domain.commands.duties import DutyCommand
from domain.commands.endings import *
from domain.commands.endings import EndingCommand
from domain.commands.fields import *
from domain.commands.going_up import *
from domain.commands.going_up import GoingUpCommand
from domain.commands.intake import *
from domain.commands.intake import IntakeCommand
from domain.commands.mandates import *
from domain.commands.mandates import MandateCommand
from domain.commands.records import *
from domain.commands.records import RecordCommand
from domain.commands.referral import *
from domain.commands.referral import ReferralCommand
from domain.commands.urging import *
from domain.commands.urging import UrgeCompetentUnit

PetitionCommand = (
    IntakeCommand
    | ReferralCommand
    | AssignmentCommand
    | ContributionCommand
    | AnswerCommand
    | DutyCommand
    | ClockCommand
    | GoingUpCommand
    | EndingCommand
    | RecordCommand
    | RecordCourtRuling
    | UrgeCompetentUnit
    | MandateCommand
)
