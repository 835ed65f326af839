"""Writes who was responsible, and what moved lateness, as text to read or print."""

from collections.abc import Iterator, Mapping
from datetime import date

from domain.labels import Language
from domain.printed_text import printed_lines
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.written_forms import with_one_day, written_number
from projections.labels.responsibility import CAUSE_WORDS, RESPONSIBILITY_LABELS, TIMING_WORDS
from projections.lateness_acts import LatenessAct
from projections.responsibility import Responsibility, Responsible


def responsibility_text(
    reference: str,
    found: Responsibility,
    acts: tuple[LatenessAct, ...],
    titles: Mapping[int, str],
    units: UnitRegister,
    language: Language,
) -> str:
    """Return the answer as text: who on the day, who on which days before, and what moved lateness."""
    label = {key: words[language] for key, words in RESPONSIBILITY_LABELS.items()}
    written = [label["heading"].format(reference=reference, day=_day(found.on)), ""]
    if found.responsible is None:
        written.append(label["nobody"])
    else:
        due = label["no_limit"] if found.due_on is None else label["due"].format(day=_day(found.due_on))
        who = "; ".join(_people(found.responsible, found.on, units, label))
        written.append(f"{label['on_the_day']}: {who}; {due}{'; ' + label['held'] if found.is_held else ''}")
    written += ["", label["by_days"]]
    for one in found.intervals:
        days, late = written_number(one.days, language), written_number(one.late_days, language)
        counted = with_one_day(label["days"].format(days=days, late=late), language)
        written.append(f"  {_day(one.first_on)} - {_day(one.last_on)}  {counted}")
        written.append(f"      {'; '.join(_people(one.responsible, one.first_on, units, label))}")
    written += ["", label["acts"]]
    for act in acts:
        causes = ", ".join(CAUSE_WORDS[cause][language] for cause in act.causes)
        written.append(f"  {_day(act.stated_on)}  {titles[act.version]} ({causes})")
        written.append(f"      {'; '.join(_act_parts(act, units, label, language))}")
    if not acts:
        written.append(f"  {label['none']}")
    return printed_lines([*written, ""])


def _people(one: Responsible, on: date, units: UnitRegister, label: Mapping[str, str]) -> Iterator[str]:
    name = units.name_of(one.unit, on) if one.unit else label["no_unit"]
    yield f"{name} ({label['intake']})" if one.unit and one.is_intake else name
    if one.officer:
        yield ", ".join(filter(None, (officer_in_words(one.officer, units, on), one.position)))
    if one.accountable_head:
        yield label["accountable_head"].format(head=officer_in_words(one.accountable_head, units, on))
    if one.head is not None:
        yield label["head"].format(
            head=", ".join(filter(None, (officer_in_words(one.head, units, on), one.head_position)))
        )
    if one.coordinating:
        yield label["coordinating"].format(units=", ".join(units.name_of(unit, on) for unit in one.coordinating))


def _act_parts(act: LatenessAct, units: UnitRegister, label: Mapping[str, str], language: Language) -> Iterator[str]:
    if act.recorded_on is not None:
        yield label["recorded"].format(day=_day(act.recorded_on))
    on = act.recorded_on or act.stated_on
    unit = units.name_of(act.recorded_by_unit, on) if act.recorded_by_unit else label["no_unit"]
    yield label["by"].format(officer=officer_in_words(act.recorded_by, units, on), unit=unit)
    if act.due_before is not None and act.timing is not None:
        yield label["stated"].format(timing=TIMING_WORDS[act.timing][language], day=_day(act.due_before))
        if act.timing_recorded is not None and act.timing_recorded is not act.timing:
            yield label["entered"].format(timing=TIMING_WORDS[act.timing_recorded][language])
    if act.due_after is not None and act.due_after != act.due_before:
        yield label["becomes"].format(day=_day(act.due_after))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
