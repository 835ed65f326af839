"""Says how silence is read: what rules and views take for a field that nobody said.

These readings belong to the stored form. A reading that changes would change what is recorded; it never does.
"""

from domain.meetings.words import MeetingMode

PERSON_COUNT_UNSAID = 1
"""Persons behind a letter that does not say how many and names nobody."""

IDENTITY_PROTECTED_UNSAID = False
"""Nobody asked for the protection of a sender where nothing is said of it; a denouncer is protected by the kind."""

"""A matter is of the own competence unless its classification says otherwise."""

CITIZEN_PRESENT_UNSAID = False
"""Silence does not mean that the citizen was told: an answer at a meeting is notified unless the minutes say it."""

MEETING_MODE_UNSAID = MeetingMode.FACE_TO_FACE
"""Heads meet the people face to face, unless an officer says otherwise."""

ATTENDANCE_UNSAID = 0
"""Sums of attendance count nobody for a meeting that says no number."""


def count_persons(person_count: int | None, named: int) -> int:
    """Return how many persons are behind a petition: as many as were said, and no fewer than are named."""
    return max(PERSON_COUNT_UNSAID if person_count is None else person_count, named)
