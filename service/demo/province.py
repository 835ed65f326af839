"""Tỉnh Ví Dụ: its units and their officers. None of them is real."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from domain.actor import Credentials, Role
from domain.units.events import Branch, Level, Office

PROVINCE = "ubnd-tinh"
RECEPTION = "ban-tcd"
INSPECTORATE = "thanh-tra"
DISTRICTS = 13
COMMUNES = 74

OPENED_ON = date(2016, 7, 1)
DISTRICTS_ENDED_ON = date(2025, 6, 30)
"""The last day of the districts (Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """A unit with the four who work in it: its head, deputy head, reception desk and a specialist."""

    unit: str
    name: str
    level: Level
    head_is: str
    branch: Branch = Branch.DEPARTMENT
    parent: str | None = PROVINCE

    @property
    def head(self) -> Credentials:
        return self._officer("truong", self.head_is, Role.HEAD, Role.APPROVER)

    @property
    def deputy(self) -> Credentials:
        return self._officer("pho", f"Phó {self.head_is}", Role.HEAD, Role.APPROVER)

    @property
    def desk(self) -> Credentials:
        roles = (Role.RECEIVER, Role.CLASSIFIER, Role.FOLLOW_UP, Role.CORRECTOR)
        return self._officer("tiep-dan", "Công chức tiếp công dân", *roles)

    @property
    def specialist(self) -> Credentials:
        return self._officer("chuyen-vien", "Chuyên viên", Role.OFFICER, Role.CORRECTOR)

    def _officer(self, post: str, position: str, *roles: Role) -> Credentials:
        return Credentials(officer=f"{self.unit}.{post}", unit=self.unit, position=position, roles=frozenset(roles))


def _district(n: int) -> str:
    return f"huyen-mau-{n:02}"


DEPARTMENTS: dict[str, Bureau] = {
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
GOVERNMENT = Bureau(PROVINCE, "Ủy ban nhân dân tỉnh Ví Dụ", Level.PROVINCE, "Chủ tịch", _COMMITTEE, None)
BUREAUS: dict[str, Bureau] = {
    bureau.unit: bureau
    for bureau in (
        GOVERNMENT,
        Bureau(RECEPTION, "Ban Tiếp công dân tỉnh Ví Dụ", Level.PROVINCE, "Trưởng ban"),
        Bureau(INSPECTORATE, "Thanh tra tỉnh Ví Dụ", Level.PROVINCE, "Chánh Thanh tra"),
        *DEPARTMENTS.values(),
        *(
            Bureau(_district(n), f"Ủy ban nhân dân huyện Mẫu {n:02}", Level.DISTRICT, "Chủ tịch", _COMMITTEE)
            for n in range(1, DISTRICTS + 1)
        ),
        *(
            Bureau(
                f"xa-mau-{n:02}",
                f"Ủy ban nhân dân xã Mẫu {n:02}",
                Level.COMMUNE,
                "Chủ tịch",
                _COMMITTEE,
                _district((n - 1) % DISTRICTS + 1),
            )
            for n in range(1, COMMUNES + 1)
        ),
    )
}
OF_DISTRICTS = [bureau for bureau in BUREAUS.values() if bureau.level is Level.DISTRICT]
OF_COMMUNES = [bureau for bureau in BUREAUS.values() if bureau.level is Level.COMMUNE]

OFFICES = {
    (PROVINCE, Office.CHAIR): GOVERNMENT.head,
    (PROVINCE, Office.FOLLOW_UP): BUREAUS[RECEPTION].head,
    (PROVINCE, Office.INSPECTORATE): BUREAUS[INSPECTORATE].head,
    **{(bureau.unit, Office.HEAD): bureau.head for bureau in BUREAUS.values()},
}
"""Who holds which office of which unit, from the first day on."""

REGISTRAR = Credentials(
    officer="quan-tri-vi-du",
    unit=PROVINCE,
    position="Quản trị hệ thống",
    roles=frozenset({Role.ADMINISTRATOR, Role.IMPORTER}),
)
FIRST_TO_ASK = Credentials(
    officer="can-bo-vi-du",
    unit=PROVINCE,
    position="Chánh Văn phòng",
    roles=frozenset({Role.RECEIVER, Role.CLASSIFIER, Role.HEAD, Role.OFFICER, Role.FOLLOW_UP}),
)
"""Whom a first visitor acts as: may take a petition from receipt to answer alone."""


@cache
def _officers() -> dict[str, Credentials]:
    posts = [c for bureau in BUREAUS.values() for c in (bureau.head, bureau.deputy, bureau.desk, bureau.specialist)]
    return {credentials.officer: credentials for credentials in (FIRST_TO_ASK, REGISTRAR, *posts)}


def officer_named(officer: str) -> Credentials | None:
    """The made-up officer with this code, such as "so-xd.chuyen-vien"; None for everybody else."""
    return _officers().get(officer)
