"""Renders the reference pages of time limits and of heads' duties, in English and in Vietnamese, from `domain/policy`.

Both pages have the same rows. Officials compare them with the official texts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from docs.generator.heads_duties import duties_section
from docs.generator.markdown import render_page, render_table
from domain.deadlines.calendar import Calendar
from domain.deadlines.labels import (
    DAY_KIND_LABELS,
    KNOWN_FROM_LABELS,
    LEGAL_STAGE_LABELS,
    POLICY_KIND_LABELS,
    TRIGGER_LABELS,
)
from domain.deadlines.limit import Limit
from domain.deadlines.policy_row import PolicyRow
from domain.labels import BilingualText, Language
from domain.labels import bilingual_text as _
from service.config.law_files import national_law

_HEAD = _(
    """\
Từ [domain/policy/deadlines.toml](../../domain/policy/deadlines.toml). Áp dụng quy định có hiệu lực vào ngày phát sinh
việc; trong các quy định đó, quy định nêu nhiều điều kiện nhất được áp dụng trước. **Không dựa vào dòng chưa đối
chiếu**: phải so với văn bản chính thức ([thế nào là đã đối chiếu](../explanation/what-is-verified.md)).

Ngày phát sinh việc không tính, trừ khi dòng đó ghi khác (Điều 147 Bộ luật Dân sự); thời hạn kết thúc vào ngày nghỉ thì
kết thúc ở ngày làm việc tiếp theo. Ghi chú của từng dòng bằng tiếng Anh ở [trang tiếng Anh](time-limits.md).""",
    """\
From [domain/policy/deadlines.toml](../../domain/policy/deadlines.toml). The rule in force on the day of the act
applies, the one that names most conditions first. **Do not rely on a row that is not verified**: somebody must still
compare it with the official text ([what verified means](../explanation/what-is-verified.md)). The same rows
[in Vietnamese](time-limits-vi.md).

The day of the act is not counted unless the row says so (Civil Code Art 147.2); a limit that ends on a rest day ends on
the next working day. Each due date keeps the rule and the version of the calendar that it was counted by.""",
)
_TITLE = _("Thời hạn theo pháp luật", "Time limits")
_COUNTS = _(
    "{rules} quy định: {verified} đã đối chiếu, {unverified} chưa; {slots} chưa có thời hạn; {reference} chỉ để tra"
    " cứu.",
    "{rules} rules: {verified} verified, {unverified} not; {slots} set no limit; {reference} are for reference only.",
)
_RULE_HEAD: Mapping[Language, Sequence[str]] = {
    "vi": ("quy định", "áp dụng cho", "việc phải làm", "kể từ", "thời hạn", "hiệu lực", "đã đối chiếu", "nguồn"),
    "en": ("rule", "applies to", "limit for", "starts with", "limit", "in force", "verified", "known from"),
}
_CONDITIONS: Mapping[str, BilingualText] = {
    "normal": _("bình thường", "normal"),
    "remote": _("vùng sâu, vùng xa đi lại khó khăn", "remote"),
    "complex": _("phức tạp", "complex"),
    "specially_complex": _("đặc biệt phức tạp", "specially complex"),
}
_WORDS: Mapping[str, BilingualText] = {
    "sources": _("Căn cứ pháp lý", "Sources and notes"),
    "rule": _("quy định", "rule"),
    "source": _("căn cứ", "source"),
    "note": _("ghi chú", "note"),
    "reference": _("Chỉ để tra cứu", "For reference only"),
    "reference_head": _(
        "Chương trình không tính các thời hạn dưới đây; lý do ở bên cạnh.",
        "Nothing in the program counts these; the reason stands beside each.",
    ),
    "why": _("lý do", "reason"),
    "every_kind": _("mọi loại đơn", "every kind"),
    "region": _("địa bàn", "region"),
    "complexity": _("tính chất", "complexity"),
    "before": _("trước {trigger}", "before {trigger}"),
    "none_set": _("**chưa có**", "**none set**"),
    "first_day": _(", tính cả ngày đầu", ", the first day counted"),
    "at_least_before": _("ít nhất {limit} trước", "at least {limit} before"),
    "once_more": _("thêm {limit}, một lần", "{limit} more, once"),
    "more": _("thêm {limit}, {times} lần", "{limit} more, {times} times"),
    "see_also": _(" (cách hiểu khác: {limit})", " (see also: {limit})"),
    "from": _("từ {first}", "from {first}"),
    "from_to": _("từ {first} đến {last}", "from {first} to {last}"),
    "yes": _("có", "yes"),
    "no": _("**chưa**", "**no**"),
}


def time_limits_page() -> str:
    """Return the page in English."""
    return _page("en")


def vietnamese_time_limits_page() -> str:
    """Return the page in Vietnamese."""
    return _page("vi")


def _page(language: Language) -> str:
    law = national_law()
    rows = law.policies.rows
    notes = language == "en"  # the notes of the file are in English
    source_head = ("rule", "source", "note") if notes else ("rule", "source")
    referenced = [(row, row.reference_only) for row in rows if row.reference_only is not None]
    return render_page(
        _TITLE[language],
        _HEAD[language],
        _counts(rows, language),
        render_table(_RULE_HEAD[language], [_rule(row, language) for row in rows]),
        f"## {_word('reference', language)}",
        _word("reference_head", language),
        render_table(
            (_word("rule", language), _word("why", language)),
            [(row.reference, reason.in_language(language)) for row, reason in referenced],
        ),
        f"## {_word('sources', language)}",
        render_table(
            [_word(word, language) for word in source_head],
            [(row.reference, row.legal_source, *([row.note] if notes else [])) for row in rows],
        ),
        *duties_section(language),
        *(_calendar_section(law.calendar) if notes else []),
    )


def _counts(rows: Sequence[PolicyRow], language: Language) -> str:
    verified = sum(row.verified for row in rows)
    return _COUNTS[language].format(
        rules=len(rows),
        verified=verified,
        unverified=len(rows) - verified,
        slots=sum(row.limit is None for row in rows),
        reference=sum(row.reference_only is not None for row in rows),
    )


def _rule(row: PolicyRow, language: Language) -> Sequence[str]:
    trigger = TRIGGER_LABELS[row.trigger][language]
    return (
        row.reference,
        _applies_to(row, language),
        LEGAL_STAGE_LABELS[row.stage][language],
        _word("before", language, trigger=trigger) if row.counts_back else trigger,
        _limit_in_words(row, language),
        _validity_in_words(row, language),
        _word("yes" if row.verified else "no", language),
        KNOWN_FROM_LABELS[row.known_from][language],
    )


def _applies_to(row: PolicyRow, language: Language) -> str:
    kind = _word("every_kind", language) if row.kind == "any" else POLICY_KIND_LABELS[row.kind][language]
    conditions = [
        f"{_word(name, language)} {_CONDITIONS[value][language]}"
        for name, value in (("region", row.region), ("complexity", row.complexity))
        if value != "any"
    ]
    return ", ".join([kind, *conditions])


def _limit_in_words(row: PolicyRow, language: Language) -> str:
    if row.limit is None:
        return _word("none_set", language)
    limit = _duration_in_words(row.limit, language)
    if row.limit.counts_start_day:
        limit += _word("first_day", language)
    if row.counts_back:
        limit = _word("at_least_before", language, limit=limit)
    if row.times is not None:
        limit = _word("once_more" if row.times == 1 else "more", language, limit=limit, times=row.times)
    advisory = row.advisory
    return limit + (_word("see_also", language, limit=_duration_in_words(advisory, language)) if advisory else "")


def _duration_in_words(limit: Limit, language: Language) -> str:
    amount = f"{limit.amount:02}" if language == "vi" else str(limit.amount)  # laws write 05, 07
    return f"{amount} {DAY_KIND_LABELS[limit.unit][language]}"


def _validity_in_words(row: PolicyRow, language: Language) -> str:
    first = day_in_words(row.in_force_from, language)
    if row.in_force_to is None:
        return _word("from", language, first=first)
    return _word("from_to", language, first=first, last=day_in_words(row.in_force_to, language))


def day_in_words(day: date, language: Language) -> str:
    """Return the day as it is written in the language of the page."""
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()


def _word(name: str, language: Language, **values: object) -> str:
    return _WORDS[name][language].format(**values)


def _calendar_section(calendar: Calendar) -> Iterable[str]:
    years = range(calendar.first.year, calendar.last.year + 1)
    rows = [
        (
            str(year),
            _word("yes" if year not in calendar.unchecked_years else "no", "en"),
            str(sum(day.year == year for day in calendar.days_off)),
            ", ".join(f"{day:%d/%m}" for day in sorted(calendar.days_worked) if day.year == year),
        )
        for year in years
    ]
    return [
        "## Working days",
        f"Calendar {calendar.version}, from {calendar.first} to {calendar.last}; a count beyond it is refused.\n"
        f"Provisional: {_provisional_days(calendar)}."
        " From [domain/policy/calendar-vn.toml](../../domain/policy/calendar-vn.toml).",
        render_table(
            ("a notice may still say", "off", "worked", "source"),
            [
                (one.says.en, _days_in_order(one.days_off), _days_in_order(one.days_worked), one.source)
                for one in calendar.other_readings
            ],
        ),
        render_table(
            ("year", "compared with the yearly notice", "days off besides the weekly ones", "rest days worked"), rows
        ),
    ]


def _days_in_order(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days))


def _provisional_days(calendar: Calendar) -> str:
    """Return the provisional days in words: a whole year by its number, other days one by one."""
    counts = Counter(day.year for day in calendar.provisional)
    days = [f"{day:%d/%m/%Y}" for day in sorted(calendar.provisional) if counts[day.year] < 365]
    return ", ".join([*days, *(f"the year {year}" for year, count in sorted(counts.items()) if count >= 365)]) or "none"
