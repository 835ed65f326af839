"""Holds the refusals of the register of units and of the offices in them."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording

_ANOTHER_CODE = _("chọn mã khác", "give it another code")
_CHECK_CODE = _("kiểm tra lại mã đơn vị", "check its code")
_ANOTHER_PARENT = _("chọn đơn vị cấp trên khác", "name another unit above it")
_THAT_DAY_OR_LATER = _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one")
_LEAVE_FIRST = _("ghi nhận thôi giữ chức vụ trước", "enter first that the office was left")
_CHECK_OFFICE = _("kiểm tra lại người, chức vụ và ngày", "check the officer, the office and the day")


class UnitRefusal(RefusalCode):
    """Refuses changes of the register: units, their places and successors, offices and deputies."""

    TOP_UNDER_ANOTHER = Wording(
        "cơ quan, đơn vị ở cấp cao nhất không trực thuộc cơ quan nào",
        "a unit at the top stands under no other unit",
        _("bỏ tên cơ quan cấp trên", "leave out the unit above it"),
    )
    NOTHING_TO_PLACE = Wording(
        "phải nêu cơ quan cấp trên, hoặc là cấp cao nhất, hoặc cấp, khối của cơ quan, đơn vị",
        "say under which unit it stands, or that it is at the top, or its level or branch",
        Instead.SAID,
    )
    SEVERAL_UNITS_SO_NAMED = Wording(
        "nhiều đơn vị có tên “{unit}”: {units}",
        "several units are named “{unit}”: {units}",
        _("nêu mã của một đơn vị", "give the code of one of them"),
    )
    NO_UNIT_BUT_NEAR_ONES = Wording(
        "không có đơn vị “{unit}”; gần nhất là: {units}",
        "there is no unit “{unit}”; the nearest are: {units}",
        _("nêu mã hoặc tên của một đơn vị đó", "give the code or the name of one of them"),
    )
    NO_SUCH_UNIT = Wording("không có đơn vị “{unit}”", "there is no unit “{unit}”", _CHECK_CODE)
    UNIT_NOT_IN_BEING = Wording(
        "đơn vị “{unit}” không hoạt động vào ngày {on}",
        "the unit “{unit}” is not in being on {on}",
        _("chọn đơn vị đang hoạt động vào ngày đó", "name a unit that is in being on that day"),
    )
    UNIT_EXISTS_ALREADY = Wording(
        "đơn vị “{unit}” đã có trong danh mục", "the unit “{unit}” is in the register already", _ANOTHER_CODE
    )
    UNIT_UNDER_ITSELF = Wording(
        "đơn vị “{unit}” không thể trực thuộc chính nó",
        "the unit “{unit}” cannot stand under itself",
        _ANOTHER_PARENT,
    )
    UNIT_CLOSED_ALREADY = Wording(
        "đơn vị “{unit}” đã kết thúc hoạt động từ ngày {closed_on}",
        "the unit “{unit}” is closed since {closed_on}",
        Instead.NOTHING,
    )
    UNIT_ENDS_BEFORE_IT_BEGAN = Wording(
        "đơn vị không thể kết thúc trước khi bắt đầu hoạt động",
        "a unit cannot end before it began",
        _THAT_DAY_OR_LATER,
    )
    UNITS_IN_A_CIRCLE = Wording(
        "đơn vị “{parent}” trực thuộc “{unit}” vào ngày {on}: các đơn vị không thể trực thuộc vòng tròn",
        "the unit “{parent}” stands under “{unit}” on {on}: units cannot stand in a circle",
        _ANOTHER_PARENT,
    )
    UNIT_HAS_THAT_NAME = Wording(
        "đơn vị “{unit}” đã mang tên đó vào ngày {on}",
        "the unit “{unit}” bears that name on {on} already",
        Instead.NOTHING,
    )
    SUCCEEDED_BEFORE_IT_BEGAN = Wording(
        "đơn vị “{unit}” bắt đầu hoạt động ngày {opened_on}; không thể có đơn vị kế thừa trước ngày đó",
        "the unit “{unit}” began on {opened_on}; it cannot be succeeded before",
        _THAT_DAY_OR_LATER,
    )
    SUCCESSOR_TWICE = Wording(
        "một đơn vị kế thừa “{unit}” được nêu hai lần",
        "a successor of “{unit}” is named twice",
        _("nêu mỗi đơn vị một lần", "name each unit once"),
    )
    UNIT_SUCCEEDS_ITSELF = Wording(
        "đơn vị “{unit}” sẽ kế thừa chính nó, qua “{successor}”",
        "the unit “{unit}” would succeed itself, by way of “{successor}”",
        _("nêu đơn vị kế thừa khác", "name another successor"),
    )
    SUCCEEDED_ALREADY = Wording(
        "các đơn vị đó đã kế thừa “{unit}” từ ngày {on}",
        "those units succeed “{unit}” since {on} already",
        Instead.NOTHING,
    )
    OFFICE_ENDS_BEFORE_IT_BEGINS = Wording(
        "ngày thôi giữ chức vụ trước ngày bắt đầu", "the last day in office lies before the first", _THAT_DAY_OR_LATER
    )
    OFFICE_HELD_ALREADY = Wording(
        "“{officer}” giữ chức vụ {office} của “{unit}” từ ngày {since}: không thể có hai người cùng giữ",
        "“{officer}” holds the office of {office} of “{unit}” from {since} on: it cannot be held twice at once",
        _LEAVE_FIRST,
    )
    OFFICE_HELD_UNTIL = Wording(
        "“{officer}” giữ chức vụ {office} của “{unit}” từ ngày {since} đến ngày {until}: không thể có hai người cùng"
        " giữ",
        "“{officer}” holds the office of {office} of “{unit}” from {since} on until {until}: it cannot be held twice"
        " at once",
        _LEAVE_FIRST,
    )
    NOBODY_HOLDS_OFFICE = Wording(
        "không ai giữ chức vụ {office} của “{unit}” vào ngày {on}",
        "nobody holds the office of {office} of “{unit}” on {on}",
        _CHECK_OFFICE,
    )
    OFFICER_NOT_IN_OFFICE = Wording(
        "“{officer}” không giữ chức vụ {office} của “{unit}” vào ngày {on}",
        "“{officer}” does not hold the office of {office} of “{unit}” on {on}",
        _CHECK_OFFICE,
    )
    DEPUTY_OF_THEMSELVES = Wording(
        "không ai thay cho chính mình",
        "an officer cannot stand in for themselves",
        _("nêu người thay khác", "name somebody else"),
    )
    ABSENCE_ENDS_BEFORE_IT_BEGINS = Wording(
        "thời gian vắng mặt kết thúc trước khi bắt đầu", "the absence ends before it begins", _THAT_DAY_OR_LATER
    )
    AWAY_ALREADY = Wording(
        "“{officer}” đã vắng mặt từ ngày {since}, và có người thay trong thời gian đó",
        "“{officer}” is away from {since} on already, and has a deputy then",
        _("ghi nhận người đó trở lại trước", "enter first that the officer is back"),
    )
    NOBODY_PRESENT = Wording(
        "“{deputy}” cũng vắng mặt ngày {on}, và những người thay lại thay cho nhau: nêu người có mặt",
        "“{deputy}” is away too on {on}, and the deputies stand in for each other: name somebody who is there",
        Instead.SAID,
    )
    NOT_AWAY = Wording(
        "“{officer}” của “{unit}” không được ghi nhận vắng mặt vào ngày {on}",
        "“{officer}” of “{unit}” is not entered as away on {on}",
        _("kiểm tra lại người và ngày", "check the officer and the day"),
    )
