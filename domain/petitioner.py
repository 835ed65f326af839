"""Defines the identity of a petitioner, which goes to the vault and nowhere else."""

from pydantic import BaseModel, ConfigDict, Field

from domain.strict_types import YesOrNo
from domain.text import SingleLine, SingleLineOrEmpty


class Petitioner(BaseModel):
    """Identifies a citizen as the reception law asks: name, address, identity number (Decree 154/2026 Art 12.1).

    Fields are left out of `repr`, so that no log line or traceback shows them. Names are family-middle-given
    and are not split.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: SingleLine = Field(repr=False, examples=["Nguyễn Thị Ví Dụ"])
    address: SingleLineOrEmpty = Field(default="", repr=False, examples=["Thôn Mẫu, xã Ví Dụ"])
    identity_no: SingleLineOrEmpty = Field(default="", repr=False)
    phone: SingleLineOrEmpty = Field(default="", repr=False)
    is_representative: YesOrNo = Field(default=False, repr=False)
