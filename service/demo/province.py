"""Defines the units and officers of the made-up province Tỉnh Ví Dụ. None of them is real."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from domain.actor import Credentials, Role
from domain.units.events import Branch, Level, Office

PROVINCE_UNIT = "ubnd-tinh"
RECEPTION_UNIT = "ban-tcd"
INSPECTORATE_UNIT = "thanh-tra"
DISTRICT_COUNT = 13
COMMUNE_COUNT = 74

UNITS_OPENED_ON = date(2016, 7, 1)
DISTRICTS_ENDED_ON = date(2025, 6, 30)
"""The last day of the districts (Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""
DEPARTMENTS_MERGED_ON = date(2025, 3, 1)
"""The first day of the departments that the People's Council of this province made of others."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """Holds a unit with its four officers: head, deputy head, reception desk and specialist.

    `symbol` stands for the unit in the numbers of its documents. `last_day` is the last day of a unit that has ended.
    """

    unit: str
    name: str
    level: Level
    head_title: str
    symbol: str
    branch: Branch = Branch.DEPARTMENT
    parent: str | None = PROVINCE_UNIT
    first_day: date = UNITS_OPENED_ON
    last_day: date | None = None

    @property
    def head(self) -> Credentials:
        return self._officer("truong", self.head_title, Role.HEAD, Role.APPROVER)

    @property
    def deputy(self) -> Credentials:
        return self._officer("pho", f"Phó {self.head_title}", Role.HEAD, Role.APPROVER)

    @property
    def desk(self) -> Credentials:
        roles = (Role.RECEIVER, Role.CLASSIFIER, Role.FOLLOW_UP, Role.CORRECTOR)
        return self._officer("tiep-dan", "Công chức tiếp công dân", *roles)

    @property
    def specialist(self) -> Credentials:
        return self._officer("chuyen-vien", "Chuyên viên", Role.OFFICER, Role.CORRECTOR)

    def _officer(self, post: str, title: str, *roles: Role) -> Credentials:
        position = f"{title} {self.name}"
        return Credentials(officer=f"{self.unit}.{post}", unit=self.unit, position=position, roles=frozenset(roles))

    def has_ended(self, on: date) -> bool:
        return self.last_day is not None and on > self.last_day


def _district_unit(n: int) -> str:
    return f"huyen-mau-{n:02}"


def _department(unit: str, name: str, symbol: str) -> Bureau:
    return Bureau(unit, f"{name} tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc", symbol)


MERGED_DEPARTMENTS = {
    "so-nnptnt": "so-nnmt",
    "so-tnmt": "so-nnmt",
    "so-gtvt": "so-xd",
    "so-ldtbxh": "so-nv",
}
"""The departments that ended when others took over their work, and those that did."""
_LAST_DAY_BEFORE_MERGER = DEPARTMENTS_MERGED_ON - timedelta(days=1)
DEPARTMENT_BUREAUS: dict[str, Bureau] = {
    bureau.unit: bureau
    for bureau in (
        replace(
            _department("so-nnmt", "Sở Nông nghiệp và Môi trường", "SNNMT"),
            first_day=DEPARTMENTS_MERGED_ON,
        ),
        _department("so-xd", "Sở Xây dựng", "SXD"),
        _department("so-gddt", "Sở Giáo dục và Đào tạo", "SGDĐT"),
        _department("so-yt", "Sở Y tế", "SYT"),
        _department("so-nv", "Sở Nội vụ", "SNV"),
        _department("ca-tinh", "Công an", "CAT"),
        *(
            replace(_department(unit, name, symbol), last_day=_LAST_DAY_BEFORE_MERGER)
            for unit, name, symbol in (
                ("so-nnptnt", "Sở Nông nghiệp và Phát triển nông thôn", "SNNPTNT"),
                ("so-tnmt", "Sở Tài nguyên và Môi trường", "STNMT"),
                ("so-gtvt", "Sở Giao thông vận tải", "SGTVT"),
                ("so-ldtbxh", "Sở Lao động - Thương binh và Xã hội", "SLĐTBXH"),
            )
        ),
    )
}
_COMMITTEE = Branch.PEOPLES_COMMITTEE
GOVERNMENT = Bureau(PROVINCE_UNIT, "Ủy ban nhân dân tỉnh Ví Dụ", Level.PROVINCE, "Chủ tịch", "UBND", _COMMITTEE, None)
BUREAUS: dict[str, Bureau] = {
    bureau.unit: bureau
    for bureau in (
        GOVERNMENT,
        Bureau(RECEPTION_UNIT, "Ban Tiếp công dân tỉnh Ví Dụ", Level.PROVINCE, "Trưởng", "BTCD"),
        Bureau(INSPECTORATE_UNIT, "Thanh tra tỉnh Ví Dụ", Level.PROVINCE, "Chánh", "TTT"),
        *DEPARTMENT_BUREAUS.values(),
        *(
            Bureau(
                _district_unit(n),
                f"Ủy ban nhân dân huyện Mẫu {n:02}",
                Level.DISTRICT,
                "Chủ tịch",
                "UBND",
                _COMMITTEE,
                last_day=DISTRICTS_ENDED_ON,
            )
            for n in range(1, DISTRICT_COUNT + 1)
        ),
        *(
            Bureau(
                f"xa-mau-{n:02}",
                f"Ủy ban nhân dân xã Mẫu {n:02}",
                Level.COMMUNE,
                "Chủ tịch",
                "UBND",
                _COMMITTEE,
                _district_unit((n - 1) % DISTRICT_COUNT + 1),
            )
            for n in range(1, COMMUNE_COUNT + 1)
        ),
    )
}
RECEPTION, INSPECTORATE = BUREAUS[RECEPTION_UNIT], BUREAUS[INSPECTORATE_UNIT]
DISTRICT_BUREAUS = [bureau for bureau in BUREAUS.values() if bureau.level is Level.DISTRICT]
COMMUNE_BUREAUS = [bureau for bureau in BUREAUS.values() if bureau.level is Level.COMMUNE]
ENDED_BUREAUS = [bureau for bureau in (*DEPARTMENT_BUREAUS.values(), *DISTRICT_BUREAUS) if bureau.last_day is not None]
"""The units that have ended: departments by merger, and the districts."""
INSTRUMENTS_OF_END = {
    Level.PROVINCE: "Nghị quyết của Hội đồng nhân dân tỉnh Ví Dụ",
    Level.DISTRICT: "Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
}
"""By what the units of a level ended."""


def successors_of(bureau: Bureau) -> list[Bureau]:
    """Return who took over the work of a unit that ended: another department, or the communes of a district."""
    if bureau.unit in MERGED_DEPARTMENTS:
        return [BUREAUS[MERGED_DEPARTMENTS[bureau.unit]]]
    return [commune for commune in COMMUNE_BUREAUS if commune.parent == bureau.unit]


def present_bureau(bureau: Bureau, day: date) -> Bureau:
    """Return the bureau or who has its work on that day: of a district the province, of a department its successor."""
    if not bureau.has_ended(day):
        return bureau
    return BUREAUS[MERGED_DEPARTMENTS.get(bureau.unit, PROVINCE_UNIT)]


def superior_on(bureau: Bureau, day: date) -> Bureau:
    """Return the People's Committee above a commune's: the district's while there was one, then the province's."""
    return present_bureau(BUREAUS[bureau.parent or PROVINCE_UNIT], day)


OFFICE_HOLDERS = {
    (PROVINCE_UNIT, Office.CHAIR): GOVERNMENT.head,
    (PROVINCE_UNIT, Office.FOLLOW_UP): RECEPTION.head,
    (PROVINCE_UNIT, Office.INSPECTORATE): INSPECTORATE.head,
    **{(bureau.unit, Office.HEAD): bureau.head for bureau in BUREAUS.values()},
}
"""Officers by unit and office; each holds the office from the first day of the unit on."""

DEMO_REGISTRAR = Credentials(
    officer="quan-tri-vi-du",
    unit=PROVINCE_UNIT,
    position="Quản trị hệ thống Ủy ban nhân dân tỉnh Ví Dụ",
    roles=frozenset({Role.ADMINISTRATOR, Role.IMPORTER}),
)
FIRST_VISITOR = Credentials(
    officer="can-bo-vi-du",
    unit=PROVINCE_UNIT,
    position="Chánh Văn phòng Ủy ban nhân dân tỉnh Ví Dụ",
    roles=frozenset({Role.RECEIVER, Role.CLASSIFIER, Role.HEAD, Role.OFFICER, Role.FOLLOW_UP}),
)
"""The officer as whom a first visitor acts: has the roles to take a petition from receipt to answer alone."""


@cache
def _officers_by_code() -> dict[str, Credentials]:
    posts = [c for bureau in BUREAUS.values() for c in (bureau.head, bureau.deputy, bureau.desk, bureau.specialist)]
    return {credentials.officer: credentials for credentials in (FIRST_VISITOR, DEMO_REGISTRAR, *posts)}


def demo_officer(officer: str) -> Credentials | None:
    """Return the made-up officer with this code, such as "so-xd.chuyen-vien"; None for any other code."""
    return _officers_by_code().get(officer)
