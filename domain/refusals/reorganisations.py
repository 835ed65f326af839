"""Holds the refusals of reorganisations alone: what is wrong with the file of a plan."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording


class ReorganisationRefusal(RefusalCode):
    """Refuses the file of a plan."""

    PLAN_OF_NEWER_PROGRAM = Wording(
        "phương án sắp xếp tổ chức được ghi theo định dạng {file_format}, chương trình này không đọc được (chỉ đọc đến"
        " định dạng {newest}): dùng chương trình mới hơn đã đề nghị phương án đó",
        "a reorganisation is written in format {file_format}, which this program cannot read (it reads up to {newest}):"
        " use the newer program that proposed it",
        Instead.SAID,
    )
    PLAN_NEITHER_TOML_NOR_JSON = Wording(
        "tệp không phải là TOML hoặc JSON: {reason}",
        "the file is neither TOML nor JSON: {reason}",
        _("sửa tệp rồi gửi lại", "correct the file, then send it again"),
    )
    PLAN_NESTED_TOO_DEEPLY = Wording(
        "tệp có quá nhiều cấp lồng nhau",
        "the file is nested too deeply",
        _("bớt số cấp lồng nhau", "write it with fewer levels"),
    )
    PLAN_NAMES_UNIT_TWICE = Wording(
        "trong tệp, mục {table} nêu “{unit}” hai lần",
        "the file: {table} names “{unit}” twice",
        _("nêu mỗi đơn vị một lần", "name each unit once"),
    )
    SUCCESSOR_IS_SUCCEEDED = Wording(
        "trong tệp, “{further}” kế thừa “{unit}” và lại có đơn vị khác kế thừa: nêu đơn vị còn lại sau cùng",
        "the file: “{further}” succeeds “{unit}” and is itself succeeded: name the unit that remains",
        Instead.SAID,
    )
