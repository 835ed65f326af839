"""Says how silence is read: what rules and views take for a field that nobody said.

These readings belong to the stored form. A reading that changes would change what is recorded; it never does.
"""

from domain.meetings.words import Audience, HeadOf, MeetingMode
from domain.units.events import Branch, Level

PERSON_COUNT_UNSAID = 1
"""Persons behind a letter that does not say how many."""

CITIZEN_PRESENT_UNSAID = True
"""An answer at a meeting is given to whoever asked, unless the minutes say otherwise."""

MEETING_MODE_UNSAID = MeetingMode.FACE_TO_FACE
"""Heads meet the people face to face, unless an officer says otherwise."""

HEAD_OF_UNSAID = HeadOf.UNKNOWN
"""Nobody knows whose head met the people where neither an officer nor the register says it."""

AUDIENCE_UNSAID = Audience.UNSPECIFIED
"""Nobody knows whom the head met where no officer says it."""

ATTENDANCE_UNSAID = 0
"""Sums of attendance count nobody for a meeting that says no number."""

LEVEL_UNSAID = Level.UNKNOWN
"""Level of a unit that was opened without one."""

BRANCH_UNSAID = Branch.UNKNOWN
"""Branch of a unit that was opened without one."""
