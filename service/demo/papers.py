"""Numbers the documents of the made-up province as Decree 30/2020 Art 8 does: number, type, and symbol of the body.

The type of a document follows from the act and from the kind of petition: a complaint is accepted by a notice and ends
with a decision, a denunciation is accepted by a decision and ends with a conclusion.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from domain.vocabulary import PetitionKind
from service.demo.life import Life
from service.demo.province import Bureau


class Paper(StrEnum):
    """Names the types of documents by their signs (Decree 30/2020, Appendix III). A letter has no sign."""

    NOTICE = "TB"  # thông báo
    DECISION = "QĐ"  # quyết định
    CONCLUSION = "KL"  # kết luận
    REPORT = "BC"  # báo cáo
    MINUTES = "BB"  # biên bản
    TRANSFER_SLIP = "PC"  # phiếu chuyển
    DELEGATION = "GUQ"  # giấy ủy quyền
    LETTER = ""  # công văn


_OFFICE_OF_LETTERS = "VP"


class SettlementPapers(NamedTuple):
    """Holds the words and documents by which one kind is accepted, verified and settled."""

    acceptance: Paper
    settlement: Paper
    to_do: str
    output: str
    of_verifier: str
    answer: str
    closed_because: str


SETTLEMENT_PAPERS: Mapping[PetitionKind, SettlementPapers] = {
    # Law 02/2011 Arts 27, 29, 31
    PetitionKind.COMPLAINT: SettlementPapers(
        acceptance=Paper.NOTICE,
        settlement=Paper.DECISION,
        to_do="Xác minh nội dung khiếu nại",
        output="Quyết định giải quyết khiếu nại",
        of_verifier="Báo cáo kết quả xác minh nội dung khiếu nại",
        answer="Căn cứ kết quả xác minh, quyết định nêu rõ nội dung khiếu nại, căn cứ pháp luật và kết luận",
        closed_because="Người khiếu nại đã nhận quyết định giải quyết khiếu nại",
    ),
    # Law 25/2018 Arts 29, 31, 35; Decree 31/2019 Art 16
    PetitionKind.DENUNCIATION: SettlementPapers(
        acceptance=Paper.DECISION,
        settlement=Paper.CONCLUSION,
        to_do="Xác minh nội dung tố cáo",
        output="Kết luận nội dung tố cáo",
        of_verifier="Báo cáo kết quả xác minh nội dung tố cáo",
        answer="Căn cứ kết quả xác minh, kết luận nêu rõ từng nội dung tố cáo và biện pháp xử lý",
        closed_because="Người tố cáo đã được thông báo về kết luận nội dung tố cáo",
    ),
}


def paper_no(life: Life, paper: Paper, by: Bureau) -> str:
    """Make up the number of a document, such as 12/TB-UBND; that of a letter is like 12/UBND-VP."""
    number = life.chance.randint(1, 999)
    return f"{number}/{paper}-{by.symbol}" if paper else f"{number}/{by.symbol}-{_OFFICE_OF_LETTERS}"
