"""Defines the events of reorganisations. All of them share one history, so that they come one after the other."""

from datetime import date

from domain.events import Fact
from domain.stored_values import Count, CountFromOne, NonEmptyStr
from domain.vocabulary import ReorganisationId

REORGANISATION_FILE_FORMAT = 1
"""The format in which files of reorganisations are written today: `domain.reorganisations.plan` has its parser."""


class ReorganisationProposed(Fact):
    """Records that an officer proposed a reorganisation.

    `text` is the file that was reviewed: exactly that is approved. `format` says how it is read. The counts are those
    of the review. `takes_effect_on` is the first day of the new units.
    """

    reorganisation_id: ReorganisationId
    title: NonEmptyStr
    text: NonEmptyStr
    format: CountFromOne
    instrument: NonEmptyStr
    takes_effect_on: date
    open_petitions: Count
    would_move: Count
    overdue: Count


class ReorganisationApproved(Fact):
    """Records that another officer than the one who proposed it approved the reorganisation."""

    reorganisation_id: ReorganisationId


class ReorganisationApplied(Fact):
    """Records that every open petition of the units has been handed over.

    `petitions` is the number of those.
    """

    reorganisation_id: ReorganisationId
    petitions: Count


ReorganisationEvent = ReorganisationProposed | ReorganisationApproved | ReorganisationApplied
