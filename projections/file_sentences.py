"""Writes the parts that the files of petitions and meetings share: when a line was recorded, and by which rule."""

from datetime import date, datetime, tzinfo

from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.labels import Language
from domain.stored_words.table import word_in
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from domain.written_forms import with_one_day, written_number
from projections.labels.case_file import CASE_FILE_LABELS

NO_UNITS = UnitRegister()
"""A register without units: a unit is then shown by its code."""


def subject_in_words(subject: ClockSubject, units: UnitRegister, on: date, language: Language) -> str:
    """Return what a clock runs for: a unit by its name on the day, anything else by its number or name."""
    is_unit = subject.kind is SubjectKind.UNIT
    reference = units.name_of(UnitId(subject.reference), on) if is_unit else subject.reference
    return f"{word_in(subject.kind, language)} {reference}"


def recorded_when(recorded_at: datetime | None, days_between: int | None, language: Language, zone: tzinfo) -> str:
    """Return when an event was recorded, and how many days after its own day."""
    if recorded_at is None:
        return CASE_FILE_LABELS["recorded_unknown"][language]
    at = recorded_at.astimezone(zone)
    when = CASE_FILE_LABELS["recorded"][language].format(day=f"{at:%d/%m/%Y}", time=f"{at:%H:%M}")
    if not days_between:
        return when
    later = CASE_FILE_LABELS["days_later"][language].format(count=written_number(days_between, language))
    return f"{when}, {with_one_day(later, language)}"
