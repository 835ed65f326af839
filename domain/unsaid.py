"""Says how silence is read: what rules and views take for a field that nobody said.

These readings belong to the stored form. A reading that changes would change what is recorded; it never does.
"""

PERSON_COUNT_UNSAID = 1
"""Persons behind a letter that does not say how many."""

CITIZEN_PRESENT_UNSAID = True
"""An answer at a meeting is given to whoever asked, unless the minutes say otherwise."""
