"""Defines the units and officers of the made-up province Tỉnh Ví Dụ. None of them is real."""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Bureau:
    """Holds a unit with its four officers: head, deputy head, reception desk and specialist."""

    unit: str
    name: str
    level: Level
    head_position: str
    branch: Branch = Branch.DEPARTMENT
    parent: str | None = PROVINCE_UNIT

    @property
    def head(self) -> Credentials:
        return self._officer("truong", self.head_position, Role.HEAD, Role.APPROVER)

    @property
    def deputy(self) -> Credentials:
        return self._officer("pho", f"Phó {self.head_position}", Role.HEAD, Role.APPROVER)

    @property
    def desk(self) -> Credentials:
        roles = (Role.RECEIVER, Role.CLASSIFIER, Role.FOLLOW_UP, Role.CORRECTOR)
        return self._officer("tiep-dan", "Công chức tiếp công dân", *roles)

    @property
    def specialist(self) -> Credentials:
        return self._officer("chuyen-vien", "Chuyên viên", Role.OFFICER, Role.CORRECTOR)

    def _officer(self, post: str, position: str, *roles: Role) -> Credentials:
        return Credentials(officer=f"{self.unit}.{post}", unit=self.unit, position=position, roles=frozenset(roles))


def _district_unit(n: int) -> str:
    return f"huyen-mau-{n:02}"


DEPARTMENT_BUREAUS: dict[str, Bureau] = {
    bureau.unit: bureau
    for bureau in (
        Bureau("so-nnmt", "Sở Nông nghiệp và Môi trường tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc"),
        Bureau("so-xd", "Sở Xây dựng tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc"),
        Bureau("so-gddt", "Sở Giáo dục và Đào tạo tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc"),
        Bureau("so-yt", "Sở Y tế tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc"),
        Bureau("so-nv", "Sở Nội vụ tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc"),
        Bureau("ca-tinh", "Công an tỉnh Ví Dụ", Level.PROVINCE, "Giám đốc"),
    )
}
_COMMITTEE = Branch.PEOPLES_COMMITTEE
GOVERNMENT = Bureau(PROVINCE_UNIT, "Ủy ban nhân dân tỉnh Ví Dụ", Level.PROVINCE, "Chủ tịch", _COMMITTEE, None)
BUREAUS: dict[str, Bureau] = {
    bureau.unit: bureau
    for bureau in (
        GOVERNMENT,
        Bureau(RECEPTION_UNIT, "Ban Tiếp công dân tỉnh Ví Dụ", Level.PROVINCE, "Trưởng ban"),
        Bureau(INSPECTORATE_UNIT, "Thanh tra tỉnh Ví Dụ", Level.PROVINCE, "Chánh Thanh tra"),
        *DEPARTMENT_BUREAUS.values(),
        *(
            Bureau(_district_unit(n), f"Ủy ban nhân dân huyện Mẫu {n:02}", Level.DISTRICT, "Chủ tịch", _COMMITTEE)
            for n in range(1, DISTRICT_COUNT + 1)
        ),
        *(
            Bureau(
                f"xa-mau-{n:02}",
                f"Ủy ban nhân dân xã Mẫu {n:02}",
                Level.COMMUNE,
                "Chủ tịch",
                _COMMITTEE,
                _district_unit((n - 1) % DISTRICT_COUNT + 1),
            )
            for n in range(1, COMMUNE_COUNT + 1)
        ),
    )
}
DISTRICT_BUREAUS = [bureau for bureau in BUREAUS.values() if bureau.level is Level.DISTRICT]
COMMUNE_BUREAUS = [bureau for bureau in BUREAUS.values() if bureau.level is Level.COMMUNE]

OFFICE_HOLDERS = {
    (PROVINCE_UNIT, Office.CHAIR): GOVERNMENT.head,
    (PROVINCE_UNIT, Office.FOLLOW_UP): BUREAUS[RECEPTION_UNIT].head,
    (PROVINCE_UNIT, Office.INSPECTORATE): BUREAUS[INSPECTORATE_UNIT].head,
    **{(bureau.unit, Office.HEAD): bureau.head for bureau in BUREAUS.values()},
}
"""Officers by unit and office; each holds the office from `UNITS_OPENED_ON` on."""

DEMO_REGISTRAR = Credentials(
    officer="quan-tri-vi-du",
    unit=PROVINCE_UNIT,
    position="Quản trị hệ thống",
    roles=frozenset({Role.ADMINISTRATOR, Role.IMPORTER}),
)
FIRST_VISITOR = Credentials(
    officer="can-bo-vi-du",
    unit=PROVINCE_UNIT,
    position="Chánh Văn phòng",
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
