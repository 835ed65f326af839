"""Keeps the earlier versions of the calendar, by which due dates were counted, in addition to the present one.

An old due date is explained with the calendar by which it was counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_file import CalendarError, parse_local_calendar


@dataclass(frozen=True)
class CalendarVersions:
    """Holds all calendars and files that were ever in force, each by its version.

    `national` are the national calendars. `files` are the texts of the files that were added to them, by an
    installation or by a change of law.
    """

    national: Mapping[str, Calendar] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, Calendar | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def find_calendar(self, version: str) -> Calendar | None:
        """Build the calendar from the parts that its version names ("VN-2026.1+VD-1"); None if a part is not on
        file.
        """
        if version not in self._known:
            self._known[version] = self._put_together(version)
        return self._known[version]

    def with_file(self, version: str, text: str) -> "CalendarVersions":
        """Return these versions with the text of one more file."""
        return replace(self, files={**self.files, version: text})

    def _put_together(self, version: str) -> Calendar | None:
        """Build the calendar of a version from its parts; None if they are not on file or contradict each other."""
        before, plus, last = version.rpartition("+")
        if not plus:
            return self.national.get(last)
        calendar, text = self.find_calendar(before), self.files.get(last)
        if calendar is None or text is None:
            return None
        try:
            return parse_local_calendar(text, last, calendar, was_approved=True)
        except CalendarError:  # never were in force together
            return None
