"""Tests that every source of a rule is cited in the order of Decree 30/2020, Appendix II: point, clause, article, text.

"điểm b khoản 3 Điều 41 Nghị định số 154/2026/NĐ-CP", and not "Nghị định 154/2026/NĐ-CP, Điều 41 khoản 3 điểm b".
"""

import re
import tomllib
from importlib.resources import files

import pytest

from domain.deadlines.explanation import COUNTING_SOURCE

CITED_FILES = {"deadlines.toml": "policy", "heads-duties.toml": "duty"}
_PLACE = r"(?:điểm [a-zđ] )?(?:khoản \d+(?:(?:, khoản \d+)*(?:,| và) khoản \d+)? )?Điều \d+[a-zđ]?"
_PLACES = rf"(?:{_PLACE}(?:, {_PLACE})*(?: và {_PLACE})?|các điều \d+(?:(?:, \d+)*(?: và|,)| đến) \d+)"
_TEXT = (
    r"(?:(?:Bộ luật|Luật)(?: [^\d;,]+?)?|Nghị định|Nghị quyết|Thông tư|Quy định|Kết luận) số \d+(?:/\d{4})?[/-][\w/-]+"
    r"(?: ngày \d{1,2}/\d{1,2}/\d{4})?(?: của [^\d;,]+)?"
)
_CITED = rf"(?:{_PLACES} )?{_TEXT}"
CITATION = re.compile(rf"{_CITED}(?:, được (?:sửa đổi|bổ sung) bởi {_CITED})?")
UNPUBLISHED = re.compile(r"(?:Pháp luật không quy định thời hạn|[Qq]uy định (?:của tỉnh|nội bộ)).*")
"""What has no article to cite: that the law says nothing, and what a province or an office rules by itself."""


def is_cited_in_order(source: str) -> bool:
    return all(
        CITATION.fullmatch(part) or (UNPUBLISHED.fullmatch(part) and not re.search(r"Điều|khoản|/\d{4}", part))
        for part in source.split("; ")
    )


def sources() -> list[str]:
    found = {COUNTING_SOURCE}
    for name, table in CITED_FILES.items():
        rows = tomllib.loads(files("domain.policy").joinpath(name).read_text("utf-8"))[table]
        found |= {row["legal_source"] for row in rows}
    return sorted(found)


@pytest.mark.parametrize("source", sources())
def test_a_source_is_cited_from_the_point_to_the_text(source: str) -> None:
    assert is_cited_in_order(source)


@pytest.mark.parametrize(
    "source",
    [
        "Luật Tố cáo 25/2018/QH14, Điều 24 khoản 1",
        "Điều 24 khoản 1 Luật Tố cáo số 25/2018/QH14",
        "khoản 1 Điều 24 Luật Tố cáo 25/2018/QH14",
        "khoản 1, Điều 24, Luật Tố cáo số 25/2018/QH14",
        "Luật Tố cáo số 25/2018/QH14, khoản 1 Điều 24",
        "khoản 1 Điều 24 Luật Tố cáo số 25/2018/QH14; Nghị định 31/2019/NĐ-CP, Điều 3",
        "quy định của tỉnh, Điều 7",
        "thực tiễn",
    ],
)
def test_another_order_is_found(source: str) -> None:
    assert not is_cited_in_order(source)
