"""Renders how often heads must meet the people, in English and in Vietnamese, from `domain/policy`."""

from collections.abc import Mapping, Sequence

from docs.generator.markdown import render_table
from domain.deadlines.labels import KNOWN_FROM_LABELS
from domain.labels import BilingualText, Language
from domain.labels import bilingual_text as _
from domain.meetings.duties import DutyPeriod, HeadsDuty
from domain.stored_words.table import STORED_WORDS
from service.config.duty_files import national_duties

_HEAD = _(
    "Từ [domain/policy/heads-duties.toml](../../domain/policy/heads-duties.toml). Cột cuối: lý do dòng chỉ để tra cứu.",
    "From [domain/policy/heads-duties.toml](../../domain/policy/heads-duties.toml). The last column is the reason why a"
    " row is for reference only.",
)
_COLUMNS: Mapping[Language, Sequence[str]] = {
    "vi": ("quy định", "người đứng đầu", "số lần", "ủy quyền", "hiệu lực", "đã đối chiếu", "nguồn", "căn cứ", "lý do"),
    "en": ("rule", "heads of", "how often", "by a deputy", "in force", "verified", "known from", "source", "reason"),
}
_WORDS: Mapping[str, BilingualText] = {
    "title": _("Người đứng đầu tiếp công dân, đối thoại", "How often heads meet the people"),
    "any": _("mọi cấp", "any level"),
    "unknown": _("đơn vị chưa rõ loại", "a unit of no known branch"),
    "no_number": _("**chưa rõ**", "**not known**"),
    "lawful": _("được tính", "counts"),
    "unlawful": _("không được tính", "does not count"),
    "meeting": _("cuộc họp khác", "another meeting"),
    "from": _("từ {first}", "from {first}"),
    "from_to": _("từ {first} đến {last}", "from {first} to {last}"),
    "yes": _("có", "yes"),
    "no": _("**chưa**", "**no**"),
}
_PERIODS: Mapping[DutyPeriod, BilingualText] = {
    DutyPeriod.WEEK: _("{times} trong 01 tuần", "{times} a week"),
    DutyPeriod.MONTH: _("{times} trong 01 tháng", "{times} a month"),
    DutyPeriod.YEAR: _("{times} trong 01 năm", "{times} a year"),
}


def duties_section(language: Language) -> Sequence[str]:
    """Return the section with a row for each rule."""
    rows = [_row(duty, language) for duty in national_duties().rows]
    return [f"## {_WORDS['title'][language]}", _HEAD[language], render_table(_COLUMNS[language], rows)]


def _row(duty: HeadsDuty, language: Language) -> Sequence[str]:
    tables = (STORED_WORDS["HeadOf"], STORED_WORDS["Level"], STORED_WORDS["MeetingKind"], _WORDS)
    words = {name: words[language] for table in tables for name, words in table.items()}
    heads = ", ".join(words[head] for head in sorted(duty.heads_of))
    form = "%d/%m/%Y" if language == "vi" else "%Y-%m-%d"
    dates = {"first": f"{duty.in_force_from:{form}}", "last": duty.in_force_to and f"{duty.in_force_to:{form}}"}
    return (
        duty.reference,
        f"{heads} ({words[duty.level]})",
        _how_often(duty, language, words[duty.kind or "meeting"]),
        words[duty.delegation],
        words["from" if duty.in_force_to is None else "from_to"].format(**dates),
        words["yes" if duty.verified else "no"],
        KNOWN_FROM_LABELS[duty.known_from][language],
        duty.legal_source,
        "" if duty.reference_only is None else duty.reference_only.in_language(language),
    )


def _how_often(duty: HeadsDuty, language: Language, kind: str) -> str:
    if duty.times is None:
        return f"{kind}: {_WORDS['no_number'][language]}"
    times = f"{duty.times:02}" if language == "vi" else str(duty.times)
    return f"{kind}: {_PERIODS[duty.per][language].format(times=times)}"
