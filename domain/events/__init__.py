"""Defines everything that can happen to a petition.

A fact carries the day on which it happened (`occurred_on`, in the authority's zone); its `EventEnvelope` says who
recorded it and when. Facts are stored as JSON under their class name: what was said, and nothing else. A new form of a
fact is a new `class_version` with an `upcast_v1_v2`. There is one module for each step of a petition's life, as for the
rules; each ends with the union of its own events.
"""

from domain.events.alerts import *
from domain.events.alerts import AlertStepEvent
from domain.events.answers import *
from domain.events.answers import AnswerEvent
from domain.events.assignment import *
from domain.events.assignment import AssignmentEvent
from domain.events.clocks import *
from domain.events.clocks import ClockEvent
from domain.events.contributions import *
from domain.events.contributions import ContributionEvent
from domain.events.courts import *
from domain.events.courts import CourtRulingRecorded
from domain.events.duties import *
from domain.events.duties import DutyEvent
from domain.events.endings import *
from domain.events.endings import EndingEvent
from domain.events.fact import *
from domain.events.going_up import *
from domain.events.going_up import GoingUpEvent
from domain.events.imports import *
from domain.events.imports import ImportWithdrawn
from domain.events.intake import *
from domain.events.intake import IntakeEvent
from domain.events.mandates import *
from domain.events.mandates import MandateEvent
from domain.events.official import *
from domain.events.records import *
from domain.events.records import RecordEvent
from domain.events.referral import *
from domain.events.referral import ReferralEvent
from domain.events.reminders import *
from domain.events.reminders import ReminderProposed
from domain.events.representation import *
from domain.events.urging import *
from domain.events.urging import CompetentUnitUrged

PetitionEvent = (
    IntakeEvent
    | ReferralEvent
    | AssignmentEvent
    | ContributionEvent
    | AnswerEvent
    | DutyEvent
    | ClockEvent
    | GoingUpEvent
    | EndingEvent
    | RecordEvent
    | ImportWithdrawn
    | AlertStepEvent
    | ReminderProposed
    | CourtRulingRecorded
    | CompetentUnitUrged
    | MandateEvent
)
