"""Says what the cases of a file mean as a whole, so that an officer sees before the import what was read wrongly."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from domain.imported_history import ImportedCase
from service.files.words import Words

YEARS_APART = 5
"""Years without a receipt after which what follows is another part of the file."""

_DAYS = {
    "received_on": Words("ngày tiếp nhận", "received"),
    "assigned_on": Words("ngày giao", "assigned"),
    "due_on": Words("hạn giải quyết", "due"),
    "answered_on": Words("ngày trả lời", "answered"),
}
_GAPS = {
    "unit": Words("không có đơn vị", "without a unit"),
    "due_on": Words("không có hạn", "without a due date"),
    "answered_on": Words("chưa trả lời", "without an answer"),
}


@dataclass(slots=True)
class FileProfile:
    """Counts the cases that were read: the first and last day of each kind, and what cases lack."""

    today: date
    cases: int = 0
    days: dict[str, tuple[date, date]] = field(default_factory=dict)
    """By the field of a case its first and its last day in the file."""
    gaps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_GAPS, 0))
    """By the field of a case how many cases do not have it."""
    due_after_today: int = 0
    receipt_years: Counter[int] = field(default_factory=Counter)
    repeated_rows: int = 0
    """Rows that say the same again of a case, where one row is a case."""

    def add(self, case: ImportedCase, repeated_rows: int) -> None:
        """Count one more case; `repeated_rows` are those beyond its first."""
        self.cases += 1
        self.repeated_rows += repeated_rows
        for name in _DAYS:
            day: date | None = getattr(case, name)
            if day is not None:
                first, last = self.days.get(name, (day, day))
                self.days[name] = min(first, day), max(last, day)
        self.receipt_years[case.received_on.year] += 1
        for name in _GAPS:
            self.gaps[name] += not getattr(case, name)
        self.due_after_today += case.due_on is not None and case.due_on > self.today

    def far_receipts(self) -> tuple[int, list[int]]:
        """Return how many cases were received far from most others, and their years.

        A group of years with no receipt for five years before and after it is far if it has fewer cases than another.
        """
        groups: list[list[int]] = []
        for year in sorted(self.receipt_years):
            if groups and year - groups[-1][-1] <= YEARS_APART:
                groups[-1].append(year)
            else:
                groups.append([year])
        counted = [(sum(self.receipt_years[year] for year in group), group) for group in groups]
        most = max((count for count, _ in counted), default=0)
        far = [(count, group) for count, group in counted if count < most]
        return sum(count for count, _ in far), [year for _, group in far for year in group]

    def sentences(self) -> list[Words]:
        """Return the ranges and the gaps as sentences; what no case lacks is not said."""
        found = [
            Words(
                f"{name.vi}: từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}",
                f"{name.en}: from {first} to {last}",
            )
            for key, name in _DAYS.items()
            if key in self.days
            for first, last in (self.days[key],)
        ]
        counts = [(count, _GAPS[key]) for key, count in self.gaps.items()]
        counts += [
            (self.due_after_today, Words("có hạn sau hôm nay", "due after today")),
            (self.repeated_rows, Words("dòng lặp lại", "repeated rows")),
        ]
        far, years = self.far_receipts()
        if far:
            named = ", ".join(map(str, years))
            found.append(
                Words(
                    f"tiếp nhận cách xa phần còn lại của tệp: {far} trong {self.cases} (năm {named})",
                    f"received far from the rest of the file: {far} of {self.cases} (in {named})",
                )
            )
        found += [
            Words(f"{words.vi}: {count} trong {self.cases}", f"{words.en}: {count} of {self.cases}")
            for count, words in counts
            if count
        ]
        return found

    def as_json(self) -> dict[str, object]:
        """Return the profile as JSON values."""
        return {
            "days": {name: {"first": first, "last": last} for name, (first, last) in self.days.items()},
            "without": self.gaps,
            "due_after_today": self.due_after_today,
            "received_far_from_the_rest": self.far_receipts()[0],
            "repeated_rows": self.repeated_rows,
        }
