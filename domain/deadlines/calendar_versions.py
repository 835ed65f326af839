"""The versions of the calendar that due dates were counted by: they stay beside the present one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_file import CalendarError, parse_local_calendar


@dataclass(frozen=True)
class CalendarVersions:
    """`national` calendars and the `files` that joined them, of a site or of a change of law, each by its version."""

    national: Mapping[str, Calendar] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    _known: dict[str, Calendar | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def named(self, version: str) -> Calendar | None:
        """Put together again as its name says ("VN-2026.1+VD-1"); None where a part of it is not on file."""
        if version not in self._known:
            self._known[version] = self._put_together(version)
        return self._known[version]

    def with_file(self, version: str, text: str) -> "CalendarVersions":
        return replace(self, files={**self.files, version: text})

    def _put_together(self, version: str) -> Calendar | None:
        before, plus, last = version.rpartition("+")
        if not plus:
            return self.national.get(last)
        calendar, text = self.named(before), self.files.get(last)
        if calendar is None or text is None:
            return None
        try:
            return parse_local_calendar(text, last, calendar)
        except CalendarError:  # never were in force together
            return None
