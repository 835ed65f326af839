"""Says what a verification has found to be otherwise than it was signed, with the first position that is concerned."""

from enum import StrEnum
from typing import NamedTuple

from domain.labels import BilingualText, bilingual_text


class DiscrepancyCode(StrEnum):
    """Names a kind of discrepancy."""

    CHANGED = "changed"
    MISSING = "missing"
    DOUBLED = "doubled"
    NOT_APPENDED = "not_appended"
    NOT_AS_SIGNED = "not_as_signed"
    ROLLED_BACK = "rolled_back"
    TREE = "tree"
    HEAD = "head"
    HEADS = "heads"
    IDENTITY = "identity"
    READ = "read"
    CHECKPOINT = "checkpoint"
    OTHER_LOG = "other_log"


class Discrepancy(NamedTuple):
    """Holds one discrepancy. `position` is the first of the log that is concerned; `last` ends the range it lies in.

    Both are None where it concerns no position. `detail` names what else is concerned, without anything personal.
    """

    code: DiscrepancyCode
    position: int | None = None
    last: int | None = None
    detail: str = ""

    def sentence(self) -> BilingualText:
        """Return the discrepancy in words."""
        vietnamese, english = _SENTENCES[self.code]
        values = {"position": self.position, "last": self.last, "detail": self.detail}
        return bilingual_text(vietnamese.format(**values), english.format(**values))


_SENTENCES: dict[DiscrepancyCode, tuple[str, str]] = {
    DiscrepancyCode.CHANGED: (
        "vị trí {position}: bản ghi đã bị sửa, chèn hoặc đổi chỗ",
        "position {position}: the row was changed, inserted or moved",
    ),
    DiscrepancyCode.MISSING: ("vị trí {position}: bản ghi đã bị xóa", "position {position}: the row was deleted"),
    DiscrepancyCode.DOUBLED: (
        "vị trí {position}: có bản ghi chen vào trước vị trí này",
        "position {position}: a row was pushed in before it",
    ),
    DiscrepancyCode.NOT_APPENDED: (
        "vị trí {position}: bản ghi không do hệ thống ghi vào nhật ký",
        "position {position}: the row was not appended by the service",
    ),
    DiscrepancyCode.NOT_AS_SIGNED: (
        "từ vị trí {position} đến {last}: nhật ký khác với {detail}",
        "from position {position} to {last}: the log is not that of {detail}",
    ),
    DiscrepancyCode.ROLLED_BACK: (
        "từ vị trí {position} đến {last}: nhật ký bị cắt ở đó, còn {detail} đã ký nhiều hơn; có thể do bản sao cũ",
        "from position {position} to {last}: the log ends there and {detail} signed more; perhaps an older backup",
    ),
    DiscrepancyCode.TREE: (
        "vị trí {position}: nhật ký đúng, nhưng cây băm đã lưu bị sửa",
        "position {position}: the log is as it was signed, but the stored tree was changed",
    ),
    DiscrepancyCode.HEAD: (
        "vị trí {position}: bản ghi về điểm cuối của nhật ký không khớp",
        "position {position}: what is recorded about the end of the log does not agree with it",
    ),
    DiscrepancyCode.HEADS: (
        "vị trí {position}: danh sách sự kiện cuối của các hồ sơ lập tại đó không khớp với nhật ký",
        "position {position}: the list of the last events of all histories made there does not follow from the log",
    ),
    DiscrepancyCode.IDENTITY: (
        "kho danh tính: {detail} (sau vị trí {position})",
        "vault of identities: {detail} (after position {position})",
    ),
    DiscrepancyCode.READ: ("sổ tra cứu danh tính: {detail}", "record of who read identities: {detail}"),
    DiscrepancyCode.CHECKPOINT: ("điểm kiểm tra: {detail}", "checkpoint: {detail}"),
    DiscrepancyCode.OTHER_LOG: ("điểm kiểm tra của nhật ký khác: {detail}", "a checkpoint of another log: {detail}"),
}
