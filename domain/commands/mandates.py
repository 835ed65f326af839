"""Defines the commands about those who stand behind a petition: mandate, proxy, withdrawal of one of many.

`persons` are identities that are not on file yet. They go to the vault and nowhere else; who is on file is named by the
reference.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.petitioner import Petitioner
from domain.strict_types import WholeNumber, YesOrNo
from domain.text import Prose, ProseOrEmpty, SingleLineOrEmpty
from domain.vocabulary import PetitionerRef, WithdrawalForm


class RecordMandate(Command):
    """Record the document by which many persons chose their representatives, and how many of them signed.

    The representatives are on file (`representatives`) or come with it (`persons`); where neither is said, they are
    those whom the receipt called so.
    """

    document_no: SingleLineOrEmpty = ""
    document_on: CalendarDay
    signatures: Annotated[WholeNumber, Field(ge=1, le=100_000, description="how many of the persons signed")]
    representatives: Annotated[tuple[PetitionerRef, ...], Field(max_length=5)] = ()
    persons: Annotated[tuple[Petitioner, ...], Field(max_length=5)] = ()
    scope: ProseOrEmpty = ""

    example: ClassVar = {
        "document_no": "01/GUQ",
        "document_on": "2026-07-03",
        "signatures": 6,
        "persons": [{"name": "Trần Văn Ví Dụ", "address": "Thôn Mẫu, xã Ví Dụ"}],
        "scope": "Trình bày nội dung khiếu nại, nhận văn bản giải quyết",
    }


class RecordProxy(Command):
    """Record that a proxy or a lawyer acts for a complainant, who is ill or old or has another reason of the law."""

    persons: Annotated[tuple[Petitioner], Field(description="the proxy")]
    is_lawyer: YesOrNo = False
    principal: Annotated[
        PetitionerRef | None, Field(description="whom the proxy acts for; whoever complains if left out")
    ] = None
    document_no: SingleLineOrEmpty = ""
    document_on: CalendarDay
    scope: Prose
    reason: ProseOrEmpty = ""
    is_certified: YesOrNo | None = None

    example: ClassVar = {
        "persons": [{"name": "Lê Thị Ví Dụ", "address": "Thôn Mẫu, xã Ví Dụ"}],
        "document_on": "2026-07-03",
        "scope": "Thực hiện việc khiếu nại",
        "reason": "Người khiếu nại già yếu",
        "is_certified": True,
    }


class WithdrawSignatory(Command):
    """Enter that one of many persons withdraws from what they asked for together; the others go on.

    The person is on file (`signatory`) or comes with it (`persons`).
    """

    signatory: PetitionerRef | None = None
    persons: Annotated[tuple[Petitioner, ...], Field(max_length=1)] = ()
    form: WithdrawalForm
    document_no: SingleLineOrEmpty = ""
    coercion_checked: YesOrNo
    signs_of_coercion: YesOrNo | None = None

    example: ClassVar = {
        "persons": [{"name": "Phạm Văn Ví Dụ", "address": "Thôn Mẫu, xã Ví Dụ"}],
        "form": "letter",
        "coercion_checked": True,
        "signs_of_coercion": False,
    }


MandateCommand = RecordMandate | RecordProxy | WithdrawSignatory
