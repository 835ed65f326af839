"""Holds the doubts: what is refused unless the officer confirms that it is meant."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.refusals.code import RefusalCode, Wording


def _correct_or_confirm(code: str) -> BilingualText:
    return _(
        f"sửa lại; nếu đúng là như vậy thì xác nhận bằng “{code}” trong “confirm”",
        f"correct it; if it is meant, confirm it with “{code}” in “confirm”",
    )


class Doubt(RefusalCode):
    """Refuses what is hardly meant. A command that names the code in `confirm` passes, and the log keeps the code."""

    FAR_DAY = Wording(
        "ngày {day} cách ngày {on} quá xa",
        "{day} is very far from {on}",
        _correct_or_confirm("far_day"),
    )
    FEWER_PERSONS_THAN_NAMED = Wording(
        "số người là {count} nhưng đơn nêu tên {named} người",
        "the number of persons is {count}, and {named} are named",
        _correct_or_confirm("fewer_persons_than_named"),
    )
    PERSON_NAMED_TWICE = Wording(
        "người thứ {first} và người thứ {second} có thể là một",
        "person {first} and person {second} seem to be the same",
        _correct_or_confirm("person_named_twice"),
    )
    UNLIKELY_IDENTITY_NO = Wording(
        "số định danh, hộ chiếu của người thứ {number} không đúng dạng",
        "the identity number of person {number} has not the form of one",
        _correct_or_confirm("unlikely_identity_no"),
    )
    UNLIKELY_PHONE = Wording(
        "số điện thoại của người thứ {number} không đúng dạng",
        "the telephone number of person {number} has not the form of one",
        _correct_or_confirm("unlikely_phone"),
    )
    NOT_IN_OFFICE = Wording(
        "theo sổ đơn vị, “{officer}” không giữ chức vụ đứng đầu hoặc cấp phó tại “{unit}” ngày {on}",
        "by the register, “{officer}” was neither head nor deputy of “{unit}” on {on}",
        _correct_or_confirm("not_in_office"),
    )
    OFFICE_ENDED = Wording(
        "theo sổ đơn vị, “{officer}” thôi giữ chức vụ từ ngày {until}, trước ngày {on}",
        "by the register, “{officer}” left office on {until}, before {on}",
        _correct_or_confirm("office_ended"),
    )
    SAME_MEETING_THAT_DAY = Wording(
        "người này đã chủ trì hội nghị, buổi tiếp của đơn vị này trong cùng ngày: {meetings}",
        "the same chair met the people for the same organiser on that day already: {meetings}",
        _correct_or_confirm("same_meeting_that_day"),
    )
