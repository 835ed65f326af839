"""Defines the events of those who stand behind a petition: who represents them, and who leaves them.

No field names anybody. `persons` refers to the identities that came into the vault with the event.
"""

from domain.events.fact import Fact
from domain.events.intake import Person
from domain.events.representation import Mandate, Proxy
from domain.stored_values import NonEmptyStr
from domain.value import UNSET, UnsetType
from domain.vocabulary import PetitionerRef, WithdrawalForm


class MandateRecorded(Fact):
    """Records the mandate of representatives of many persons (Law 42/2013 Art 29). A later one takes its place."""

    mandate: Mandate
    persons: tuple[Person, ...] | UnsetType = UNSET


class ProxyRecorded(Fact):
    """Records that a proxy or a lawyer acts for a complainant (Law on complaints Art 12, Decree 154/2026 Art 13)."""

    proxy: Proxy
    persons: tuple[Person, ...] | UnsetType = UNSET


class SignatoryWithdrew(Fact):
    """Records that one of many persons withdrew (Decree 124/2020 Art 7a). The settlement goes on for the others.

    How many persons are left follows from these events.
    """

    signatory: PetitionerRef
    form: WithdrawalForm
    document_no: NonEmptyStr | UnsetType = UNSET
    coercion_checked: bool | UnsetType = UNSET
    persons: tuple[Person, ...] | UnsetType = UNSET


MandateEvent = MandateRecorded | ProxyRecorded | SignatoryWithdrew
