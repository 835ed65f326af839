"""Defines the event by which an import is taken back in the history of a petition that it brought."""

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import OfficerCode
from domain.vocabulary import ImportWithdrawalId


class ImportWithdrawn(Fact):
    """Records that the import that brought the petition was withdrawn (thu hồi lần nhập).

    From then on no list, figure or alert has the petition. Its history stays, and its register number is not given
    again. `why` and `proposed_by` are those of the proposal; who approved it is the officer of the event.
    """

    withdrawal_id: ImportWithdrawalId
    why: Text
    proposed_by: OfficerCode
