"""Prints lists for officials: headings, days and numbers as the language writes them, Vietnamese if nothing is said."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

import typer

from domain.labels import BilingualText, Language
from domain.labels import bilingual_text as _
from domain.stored_words.table import STORED_WORDS
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from domain.written_forms import written_number
from service.cli.output import show_table

ListLanguage = Annotated[Language, typer.Option("--lang", help="Language of headings, words and days.")]

LIST_HEADINGS: Mapping[str, BilingualText] = {
    # petitions
    "reference": _("số đăng ký", "reference"),
    "unit": _("đơn vị", "unit"),
    "due_on": _("hạn", "due on"),
    "days_late": _("số ngày quá hạn", "days late"),
    "duplicates": _("số lần gửi lại", "sent again"),
    "state": _("tình trạng", "state"),
    "owed": _("việc phải thực hiện", "owed"),
    "kind": _("loại đơn", "kind"),
    "stage": _("giai đoạn", "stage"),
    "summary": _("nội dung", "summary"),
    "received_on": _("ngày nhận", "received on"),
    "score": _("độ giống", "score"),
    "same_sender": _("cùng người gửi", "same sender"),
    "linked": _("đã xác định đơn trùng", "linked"),
    # figures of units
    "received": _("tiếp nhận", "received"),
    "answered": _("đã trả lời", "answered"),
    "answered_late": _("trả lời quá hạn", "answered late"),
    "settled_otherwise": _("kết thúc khác", "settled otherwise"),
    "open": _("đang giải quyết", "open"),
    "overdue": _("quá hạn", "overdue"),
    "due_today": _("hết hạn hôm nay", "due today"),
    "not_yet_due": _("trong hạn", "not yet due"),
    "suspended": _("tạm đình chỉ", "suspended"),
    "no_limit_set": _("chưa ấn định thời hạn", "no limit set"),
    "ended_on_time": _("kết thúc đúng hạn", "ended on time"),
    "ended_late": _("kết thúc quá hạn", "ended late"),
    "ended_without_limit": _("kết thúc, chưa ấn định thời hạn", "ended without limit"),
    "ended_unproven": _("kết thúc, ngày chưa xác thực", "ended unproven"),
    "ran_out": _("hết hạn tại đơn vị", "ran out"),
    "on_time_rate_known": _("tỷ lệ đúng hạn theo ngày nhập", "on time rate, as entered"),
    "officer": _("cán bộ", "officer"),
    "median_days": _("số ngày xử lý (trung vị)", "median days"),
    "on_time_rate": _("tỷ lệ đúng hạn", "on time rate"),
    # acts that were entered after their days
    "act": _("việc", "act"),
    "stated_on": _("ngày ghi", "day stated"),
    "recorded_on": _("ngày nhập", "recorded on"),
    "working_days": _("số ngày làm việc", "working days"),
    "passed_due_on": _("qua hạn ngày", "passed due date"),
    "entered_late": _("nhập chậm", "entered late"),
    "passed_due_date": _("ghi lùi qua hạn", "dated before a due date"),
    "most_working_days": _("chậm nhất (ngày làm việc)", "most working days"),
    # corrections
    "event_no": _("việc số", "event no."),
    "field_path": _("mục", "field"),
    "field": _("tên mục", "words"),
    "present_value": _("đang ghi", "says"),
    "proposed_at": _("lúc đề nghị", "proposed at"),
    # the register of units
    "code": _("mã", "code"),
    "name": _("tên cơ quan, đơn vị", "name"),
    "branch": _("khối", "branch"),
    "head": _("người đứng đầu", "head"),
    "predecessors": _("tiếp nhận từ", "successor of"),
    "from_unit": _("từ cơ quan, đơn vị", "from"),
    "to_unit": _("đến cơ quan, đơn vị", "to"),
    "late_before": _("quá hạn từ trước", "late before"),
    "settled": _("đã giải quyết", "settled"),
    "overdue_before": _("đang quá hạn từ trước", "overdue before"),
    "overdue_since": _("quá hạn sau khi tiếp nhận", "overdue since"),
    # meetings
    "day": _("ngày", "day"),
    "fate": _("tình trạng", "fate"),
    "level": _("cấp", "level"),
    "organiser": _("cơ quan, đơn vị tổ chức", "organiser"),
    "title": _("tên", "title"),
    "raised": _("số ý kiến", "raised"),
    "answered_there": _("trả lời tại hội nghị, buổi tiếp", "answered there"),
    "outstanding": _("chưa trả lời", "outstanding"),
    "findings": _("nội dung cần kiểm tra", "findings"),
    "meeting_day": _("ngày tổ chức", "meeting on"),
    "outcome": _("kết quả", "outcome"),
    "notice_no": _("số, ký hiệu thông báo", "notice"),
    "head_of": _("người đứng đầu của", "head of"),
    "audience": _("đối tượng", "audience"),
    "reception": _("hình thức tiếp", "reception"),
    "month": _("tháng", "month"),
    "year": _("năm", "year"),
    "planned": _("theo kế hoạch", "planned"),
    "held": _("đã tổ chức", "held"),
    "moved": _("dời ngày", "moved"),
    "cancelled": _("đã hủy", "cancelled"),
    "to_come": _("sắp tổ chức", "to come"),
    "not_told": _("chưa cập nhật kết quả", "not told"),
    "unplanned": _("ngoài kế hoạch", "unplanned"),
    "online": _("trực tuyến", "online"),
    "delegated": _("ủy quyền", "delegated"),
    "announced_in_time": _("thông báo đúng hạn", "announced in time"),
    "announced_late": _("thông báo chậm", "announced late"),
    "not_announced": _("chưa thông báo", "not announced"),
    "concluded": _("đã có thông báo kết luận", "concluded"),
    "concluded_late": _("kết luận chậm", "concluded late"),
    "published_in_time": _("công khai đúng hạn", "published in time"),
    "published_late": _("công khai chậm", "published late"),
    "not_published": _("chưa công khai", "not published"),
    "raised_before": _("nêu trước hội nghị", "raised before"),
    "raised_there": _("nêu tại hội nghị", "raised there"),
    "prepared": _("đã chuẩn bị", "prepared"),
    "listed": _("số vụ việc", "listed"),
    "assigned": _("đã giao giải quyết", "assigned"),
    "settled_there": _("trả lời tại chỗ", "settled there"),
    "settled_at_another": _("trả lời tại hội nghị khác", "settled at another"),
    "in_writing_on_time": _("trả lời bằng văn bản, đúng hạn", "in writing on time"),
    "in_writing_late": _("trả lời bằng văn bản, quá hạn", "in writing late"),
    "in_writing_without_limit": _("trả lời bằng văn bản, chưa ấn định thời hạn", "in writing without limit"),
    "outstanding_late": _("chưa trả lời, quá hạn", "outstanding late"),
    "outstanding_without_limit": _("chưa trả lời, chưa ấn định thời hạn", "outstanding without limit"),
    # duties and what follows
    "duty": _("trách nhiệm", "duty"),
    "required": _("phải thực hiện", "required"),
    "missing": _("còn thiếu", "missing"),
    "meetings": _("số hội nghị, buổi tiếp", "meetings"),
    "conclusion_notices": _("thông báo kết luận", "conclusion notices"),
    "assignment_notices": _("thông báo giao việc", "assignment notices"),
    "petitions_assigned": _("vụ việc đã giao", "petitions assigned"),
    "petitions_given": _("vụ việc được giao", "petitions given"),
    "petitions_on_time": _("vụ việc đúng hạn", "petitions on time"),
    "petitions_late": _("vụ việc quá hạn", "petitions late"),
    "petitions_outstanding": _("vụ việc chưa trả lời", "petitions outstanding"),
    "petitions_outstanding_late": _("vụ việc chưa trả lời, quá hạn", "petitions outstanding late"),
    "tasks_given": _("việc được giao", "tasks given"),
    "tasks_done_on_time": _("việc xong đúng hạn", "tasks done on time"),
    "tasks_done_late": _("việc xong quá hạn", "tasks done late"),
    "tasks_done_without_limit": _("việc xong, không có thời hạn", "tasks done without limit"),
    "tasks_open": _("việc chưa xong", "tasks open"),
    "tasks_open_late": _("việc chưa xong, quá hạn", "tasks open late"),
    "place": _("địa điểm", "place"),
    "topic": _("lĩnh vực", "topic"),
    "petitions": _("số đơn", "petitions"),
    "mass": _("đông người", "mass"),
    "level_skipping": _("vượt cấp", "level skipping"),
    "repeated": _("gửi nhiều lần", "repeated"),
    "long_running": _("kéo dài", "long running"),
    "dialogue_planned": _("ngày dự kiến đối thoại", "dialogue planned"),
    "dialogue_held": _("ngày đã đối thoại", "held"),
    "received_after": _("tiếp nhận sau đối thoại", "received after it"),
    # alerts
    "fell_due_on": _("ngày nhắc", "fell due on"),
    "clock": _("thời hạn", "clock"),
    "step": _("mức nhắc việc", "step"),
    "for": _("gửi đến", "for"),
    "told": _("đã báo", "told"),
    "acknowledged_on": _("ngày nhận việc", "acknowledged on"),
    "does": _("việc kèm theo", "does"),
    # what was known before and is known now
    "figure": _("số liệu", "figure"),
    "then": _("đã biết khi đó", "then"),
    "now": _("hiện nay", "now"),
    "position": _("vị trí trong nhật ký", "position"),
    "recorded_at": _("thời điểm ghi nhận", "recorded at"),
    "event": _("sự việc", "event"),
    "effect": _("thay đổi", "effect"),
}
"""The headings of the columns of lists, by the name of the figure or field."""

UNIT_COLUMNS = frozenset({"unit", "organiser", "from_unit", "to_unit"})
"""The columns that name units: an official knows them by their names and not by their codes."""

FEWER_FIGURES = _("{shown} trong {all} số liệu; --json có đủ.", "{shown} of {all} figures; --json has them all.")
ALL_ZERO = _("Bằng 0: {figures}.", "All zero: {figures}.")
NOT_NAMED = _("(không rõ)", "(not said)")
YES, NO = _("có", "yes"), _("không", "no")
CANDIDATES = _("{name}: {count} đơn có thể trùng.", "{name}: {count} candidates.")
ALL = _("(tất cả)", "(all)")
TOTAL = _("{day}: tất cả {total}, hiển thị {shown}.", "{day}: {total} in all, {shown} shown.")
UNITS_IN_BEING = _("{day}: {total} cơ quan, đơn vị.", "{day}: {total} units in being.")
TOTAL_OF_PERIOD = _("Từ {first} đến {last}: tất cả {total}.", "{first} to {last}: {total} in all.")
MISSING_OF_PERIOD = _("Từ {first} đến {last}: còn thiếu {total}.", "{first} to {last}: {total} missing in all.")
ANOTHER_READING = _("{day} theo cách tính khác", "{day} by another reading")
ANOTHER_KIND = _("{day} nếu là {kinds}", "{day} if a {kinds}")
WAITING_SINCE = _("chờ người gửi đơn bổ sung từ {day}", "waiting for the citizen since {day}")
ANSWER_OWED = _("giải quyết, trả lời đơn", "answer")


class NamesOn(NamedTuple):
    """Holds the register of units and the day on which a list names them."""

    units: UnitRegister
    on: date


def show_list(
    columns: Sequence[str], rows: Iterable[Sequence[object]], language: Language, names: NamesOn | None = None
) -> None:
    """Print a table with the headings of `columns` in the language.

    Cells of UNIT_COLUMNS are the codes of units or their names, and are printed as names. Raise ValueError for such a
    column without `names`.
    """
    of_units = [place for place, column in enumerate(columns) if column in UNIT_COLUMNS]
    if of_units:
        if names is None:
            raise ValueError("a list with a column of units needs their names")
        rows = (_with_unit_names(row, of_units, names, language) for row in rows)
    headings = [LIST_HEADINGS[column][language] for column in columns]
    show_table(headings, rows, write=lambda cell: written_cell(cell, language))


def _with_unit_names(
    row: Sequence[object], of_units: Sequence[int], names: NamesOn, language: Language
) -> Sequence[object]:
    cells = list(row)
    for place in of_units:
        cells[place] = unit_in_words(str(cells[place] or ""), names.units, names.on, language)
    return cells


def show_zero_figures(figures: Iterable[str], language: Language) -> None:
    """Name the figures that have no column because they are zero in every line."""
    if zero := [LIST_HEADINGS[figure][language] for figure in figures]:
        print(ALL_ZERO[language].format(figures=", ".join(zero)))


def written_rate(rate: float | None, language: Language) -> str:
    """Return a rate from 0 to 1 as a percentage: 95,8% in Vietnamese; empty where there is none."""
    return "" if rate is None else written_cell(round(100 * rate, 1), language) + "%"


def written_cell(cell: object, language: Language) -> str:
    """Return a day or a number as the language writes it: 06/07/2026 and 12,5 in Vietnamese."""
    match cell:
        case date() if language == "vi":
            return f"{cell:%d/%m/%Y}"
        case bool():
            return str(cell)
        case int() if language == "vi":
            return written_number(cell, language)
        case float() if language == "vi":
            return str(cell).replace(".", ",")
    return str(cell)


def unit_in_words(unit: str, units: UnitRegister, on: date, language: Language) -> str:
    """Return the name of a unit on the day, or that none is named; the code where the register does not have it."""
    return units.name_of(UnitId(unit), on) if unit else NOT_NAMED[language]


def word_or_code(enumeration: str, word: str | None, language: Language) -> str:
    """Return a stored word in the language; empty for None, and as it is stored where the enumeration has no such."""
    if not word:
        return ""
    words = STORED_WORDS[enumeration]
    return words[word][language] if word in words else word


def counts_in_words(counts: Mapping[str, int], language: Language, enumeration: str) -> str:
    """Return how many there are of each stored word, in one sentence."""
    return ", ".join(
        f"{word_or_code(enumeration, word, language) or NOT_NAMED[language]} {written_number(count, language)}"
        for word, count in counts.items()
    )
