"""Writes the lines of a petition's file as text, to read or print, in words of the reader's language."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple

from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.deadlines.sentences import rule_texts
from domain.labels import BilingualText, Language
from domain.printed_text import printed_lines
from domain.stored_words.table import STORED_WORDS
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionKind, Result, Stage, UnitId
from domain.written_forms import with_one_day, written_count
from projections.case_alerts import Telling
from projections.case_file import Line
from projections.case_file_clocks import ClockLine
from projections.clocks_text import clocks_text
from projections.event_details import OFFICIAL_FIELDS, notable_details, official_text
from projections.file_sentences import NO_UNITS, recorded_when, subject_in_words
from projections.labels.case_file import CASE_FILE_LABELS, DELIVERY_LABELS
from projections.labels.events import PETITION_FIELD_LABELS
from projections.labels.kinds import field_words, result_words, stage_words


class _Occasion(NamedTuple):
    """Says of which event, kind and day a value is told, in which language and by which register."""

    event: str
    kind: PetitionKind | None
    on: date
    language: Language
    units: UnitRegister


def case_file_text(
    reference: str,
    lines: Iterable[Line],
    language: Language,
    zone: tzinfo,
    clocks: Iterable[ClockLine] = (),
    units: UnitRegister = NO_UNITS,
    steps: Mapping[str, BilingualText] = MappingProxyType({}),
) -> str:
    """Return the file as text to read or print: each event on a line, its details below it, and then the clocks.

    Units are named as they were called on the day of the event. `steps` has what a step of the ladder says, by its name
    and by the reference of its row; a step that it does not have is shown by its code.
    """
    label = {key: words[language] for key, words in CASE_FILE_LABELS.items()}
    lines = list(lines)
    passed = _passed_steps(lines)
    written = [label["file"].format(reference=reference), ""]
    for line in lines:
        if line.version in passed.folded:
            continue  # the step that was reached in the same moment tells it
        occasion = _Occasion(line.event, line.kind, line.occurred_on, language, units)
        written.append(f"{line.version:>3}. {line.occurred_on:%d/%m/%Y}  {line.title}")
        written.append(f"     {_recorded_text(line, label, occasion, zone)}")
        written.append(f"     → {_state_text(line, label, occasion)}")
        for key, value in notable_details(line.event, line.details).items():
            if key == "corrections" and all(map(_is_of_identity, value)):
                continue
            if key == "deadlines":
                written += [
                    f"       {PETITION_FIELD_LABELS[key][language]}: {_deadline_text(d, occasion)}" for d in value
                ]
                continue
            if key == "step" and (said := steps.get(line.details.get("rule", value)) or steps.get(value)):
                value = said[language]
            elif key == "rule" and value in steps and language == "vi":
                continue  # what the step says names it
            if key == "received_at":
                value = f"{datetime.fromisoformat(value).astimezone(zone):%d/%m/%Y %H:%M}"
            if key == "persons":  # who they are does not depend on what the letter was classified as by then
                occasion = occasion._replace(kind=lines[-1].kind)
            written.append(f"       {_case_field_label(key, occasion)}: {_case_value_text(key, value, occasion)}")
        if earlier := passed.before.get(line.version):
            texts = "; ".join(_passed_step_text(one, steps, language) for one in earlier)
            written.append(f"       {label['passed']}: {texts}")
        written += [f"       {_alert_message_text(message, occasion, zone)}" for message in line.told]
    if ledger := clocks_text(clocks, language, units):
        written += ["", label["clocks"], "", *ledger.rstrip().split("\n")]
    return f"{printed_lines(written)}\n"


class _PassedSteps(NamedTuple):
    """Holds the steps of the ladder that had passed when an alert was raised: `before` the step that it reached.

    They are recorded in one moment, and no message told them alone. `folded` are their numbers in the history.
    """

    before: Mapping[int, list[Line]]
    folded: frozenset[int]


def _passed_steps(lines: list[Line]) -> _PassedSteps:
    before: dict[int, list[Line]] = {}
    for line, following in pairwise(lines):
        if line.event == following.event == "AlertRaised" and _date_and_command(line) == _date_and_command(following):
            before[following.version] = [*before.pop(line.version, []), line]
    return _PassedSteps(before, frozenset(line.version for earlier in before.values() for line in earlier))


def _date_and_command(alert: Line) -> tuple[object, ...]:
    """Return the command that raised an alert, and the date that its step counts from."""
    said = alert.details
    return alert.command_id, said["clock"], str(said.get("subject")), said["round"], said["due_on"]


def _passed_step_text(line: Line, steps: Mapping[str, BilingualText], language: Language) -> str:
    """Return a step that had passed: its number in the history, its day, and what it says."""
    step = line.details["step"]
    words = steps.get(line.details["rule"]) or steps.get(step)
    return f"{line.version}. {line.occurred_on:%d/%m/%Y} {step if words is None else words[language]}"


def _recorded_text(line: Line, label: dict[str, str], occasion: _Occasion, zone: tzinfo) -> str:
    """Return when the event was recorded, how long after its day, and by whom in which position and unit."""
    when = recorded_when(line.recorded_at, line.days_between, occasion.language, zone)
    officer = officer_in_words(line.recorded_by, occasion.units, occasion.on)
    acting_for = officer_in_words(line.acting_for, occasion.units, occasion.on) if line.acting_for else ""
    acting = f" ({label['acting_for'].format(officer=acting_for)})" if acting_for else ""
    unit = occasion.units.name_of(UnitId(line.recorded_by_unit), occasion.on)
    by = ", ".join(filter(None, (officer, line.recorded_by_position, unit)))  # the service has no unit
    return f"{when} — {by}{acting}"


def _state_text(line: Line, label: dict[str, str], occasion: _Occasion) -> str:
    """Return the stage after the event, and who answers until when. After the end nobody owes anything."""
    parts = [stage_words(Stage(line.stage), line.kind)[occasion.language]]
    if line.unit:
        parts.append(f"{label['unit']} {occasion.units.name_of(UnitId(line.unit), occasion.on)}")
    elif not line.is_settled:
        parts.append(label["no_unit"])
    if line.due_on and not line.is_settled:
        parts.append(f"{label['due']} {line.due_on:%d/%m/%Y}")
    if line.waiting_since:
        parts.append(f"{label['waiting_since']} {line.waiting_since:%d/%m/%Y}")
    return "; ".join(parts)


def _alert_message_text(message: Telling, occasion: _Occasion, zone: tzinfo) -> str:
    language = occasion.language
    addressee = officer_in_words(message.addressee, occasion.units, message.composed_on)
    at = message.changed_at.astimezone(zone)
    role = STORED_WORDS["AlertRole"][message.role][language]
    channel = STORED_WORDS["AlertChannel"][message.channel][language]
    state = DELIVERY_LABELS[message.state][language]
    told = CASE_FILE_LABELS["told"][language]
    return f"{told}: {addressee}, {role}, {channel}; {state} {at:%d/%m/%Y %H:%M}"


def _case_field_label(key: str, occasion: _Occasion) -> str:
    if key not in PETITION_FIELD_LABELS:
        return key.replace("_", " ")
    return field_words(key, occasion.event, occasion.kind)[occasion.language]


def _deadline_text(deadline: dict[str, Any], occasion: _Occasion) -> str:
    """Return the clock, last day, rule and calendar of a deadline, with which the last day can be checked."""
    language = occasion.language
    subject = deadline.get("subject")
    parts = [
        " ".join(
            (
                STORED_WORDS["Clock"][deadline["clock"]][language],
                *([_subject_text(subject, occasion)] if subject else []),
            )
        ),
        f"{CASE_FILE_LABELS['until'][language]} {_format_iso_day(deadline['due_on'])}",
    ]
    if limit := deadline.get("limit"):
        counted = f"{written_count(limit['amount'], language)} {STORED_WORDS['DayKind'][limit['unit']][language]}"
        parts.append(with_one_day(counted, language))
    if deadline["original_due_on"] != deadline["due_on"]:
        parts.append(f"{CASE_FILE_LABELS['first_set'][language]} {_format_iso_day(deadline['original_due_on'])}")
    parts += rule_texts(deadline.get("policy"), deadline.get("legal_source"), language)
    if deadline.get("calendar"):
        parts.append(f"{CASE_FILE_LABELS['calendar'][language]} {deadline['calendar']}")
    return "; ".join(parts)


def _subject_text(subject: dict[str, Any], occasion: _Occasion) -> str:
    """Return the unit, task, promise or recommendation that a clock runs for."""
    said = ClockSubject(kind=SubjectKind(subject["kind"]), reference=subject["reference"])
    return subject_in_words(said, occasion.units, occasion.on, occasion.language)


_WORDS_OF_FIELD = {
    "kind": ("PetitionKind",),
    "channel": ("Channel",),
    "competence": ("Competence",),
    "scope": ("WithdrawalScope",),
    "form": ("WithdrawalForm",),
    "clock": ("Clock", "WatchedClock"),
    "outcome": ("CourtOutcome",),
    "force": ("RulingForce",),
    "act": ("DutyAct",),
    "ground_code": ("Ground",),
    "sent_to": ("Recipient",),
    "criteria": ("Criterion",),
    "state": ("PromiseState",),
    "complexity": ("Complexity",),
    "way": ("WayUp",),
    "instance": ("Instance",),
    "capacity": ("PersonCapacity",),
    **dict.fromkeys(("present", "absent_with_reason", "absent_without_reason"), ("Party",)),
    "by": ("AlertChannel",),
    "does": ("Does",),
    "to": ("AlertRole",),
}
"""The enumerations of the fields with stored words. Other values are shown as they are."""

_UNIT_FIELDS = frozenset({"lead_unit", "coordinating_units", "unit", "to_unit", "from_unit", "prepared_by_unit"})


def _case_value_text(key: str, value: Any, occasion: _Occasion) -> str:
    language = occasion.language
    if isinstance(value, dict):
        if key in OFFICIAL_FIELDS:
            return official_text(value, occasion.units, occasion.on)
        if key == "persons":
            return f"{value['ref']} ({STORED_WORDS['PersonCapacity'][value['capacity']][language]})"
        if key == "subject":
            return _subject_text(value, occasion)
        if key == "corrections":
            return _correction_text(value, occasion)
        if key == "identities":
            return _identity_text(value, language)
        return ", ".join(
            f"{_case_field_label(k, occasion)} {_case_value_text(k, v, occasion)}" for k, v in value.items()
        )
    if isinstance(value, list):
        if key == "corrections":
            value = [one for one in value if not _is_of_identity(one)]
        return "; ".join(_case_value_text(key, v, occasion) for v in value)
    if isinstance(value, bool):
        return CASE_FILE_LABELS["yes" if value else "no"][language]
    if key.endswith("_on") or key in {"until", "invite_by", "reply_by"}:
        return _format_iso_day(str(value))
    if key in _UNIT_FIELDS:
        return occasion.units.name_of(UnitId(value), occasion.on)
    if key == "result" and value in STORED_WORDS["Result"]:
        return result_words(Result(value), occasion.kind)[language]
    tables = [STORED_WORDS[name] for name in _WORDS_OF_FIELD.get(key, ())]
    return next((table[value][language] for table in tables if value in table), str(value))


def _is_of_identity(correction: dict[str, Any]) -> bool:
    """Return True for what refers to the vault: `identities` says which parts of whose identity are corrected."""
    return bool(correction["path"].startswith("persons."))


def _correction_text(correction: dict[str, Any], occasion: _Occasion) -> str:
    """Return which field of which event is corrected, and from what to what; a dash for what is not said."""
    field = correction["path"].split(".")[-1]
    was, becomes = (
        correction[f"text_{name}"]
        if f"text_{name}" in correction
        else _corrected_value_text(field, correction[name], occasion)
        if name in correction
        else "—"
        for name in ("was", "becomes")
    )
    label = PETITION_FIELD_LABELS["version"][occasion.language]
    return f"{label} {correction['version']}, {_case_field_label(field, occasion)}: {was} → {becomes}"


def _identity_text(identity: dict[str, Any], language: Language) -> str:
    """Return whose identity is corrected and which parts of it: what they say is in the vault, in both versions."""
    parts = ", ".join(STORED_WORDS["IdentityField"][part][language] for part in identity["fields"])
    version, number = identity["version"], identity["number"]
    return CASE_FILE_LABELS["identity"][language].format(version=version, number=number, parts=parts)


def _corrected_value_text(field: str, value: str, occasion: _Occasion) -> str:
    """Return a corrected value in words, or as it was recorded where it is no JSON of the field."""
    try:
        return _case_value_text(field, json.loads(value), occasion)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return value


def _format_iso_day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
