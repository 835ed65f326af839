"""Decides mandates, proxies and the withdrawal of one of many persons. Names go to the vault, references stay here."""

from collections.abc import Sequence
from datetime import date

from domain.commands import RecordMandate, RecordProxy, WithdrawSignatory
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import Mandate, MandateRecorded, Person, PetitionEvent, Proxy, ProxyRecorded, SignatoryWithdrew
from domain.petition import Petition
from domain.petitioner import Petitioner
from domain.refusals.endings import EndingRefusal
from domain.refusals.mandates import MandateRefusal
from domain.rules.intake import petitioner_references
from domain.rules.petition_rule import open_when, while_open
from domain.rules.representation import require_lawful_number
from domain.sealed_text import plain_text
from domain.value import as_said
from domain.vocabulary import PersonCapacity, PetitionerRef, PetitionKind


def _require_several_persons(petition: Petition, _: DecisionContext) -> None:
    if petition.standing_count < 2:
        raise Refused(MandateRefusal.ONE_PERSON_NEEDS_NO_MANDATE)


@open_when(while_open(MandateRefusal.CANNOT_RECORD_MANDATE), _require_several_persons)
def record_mandate(command: RecordMandate, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record who represents many persons, each one of them (Law 42/2013 Art 29). It takes the place of an earlier one.

    A mandate that not all have signed is recorded too; it does not open the acceptance.
    """
    _require_document_before(command.document_on, command.occurred_on)
    new = _new_persons(petition, command.persons, PersonCapacity.REPRESENTATIVE)
    on_file = command.representatives or (() if new else petition.representatives_at_receipt)
    for reference in on_file:
        _require_standing(petition, reference)
    representatives = (*on_file, *(person.ref for person in new))
    if not representatives:
        raise Refused(MandateRefusal.NO_REPRESENTATIVE_NAMED)
    if len(set(representatives)) != len(representatives):
        raise Refused(MandateRefusal.REPRESENTATIVE_TWICE)
    persons = petition.standing_count
    require_lawful_number(len(representatives), persons)
    named = len(petition.standing_persons) + len(new)
    if named > persons:
        raise Refused(MandateRefusal.MORE_NAMED_THAN_PERSONS, named=named, persons=persons)
    if command.signatures > persons:
        raise Refused(MandateRefusal.MORE_SIGNATURES_THAN_PERSONS, signatures=command.signatures, persons=persons)
    mandate = Mandate(
        document_no=as_said(command.document_no),
        document_on=command.document_on,
        signatures=command.signatures,
        representatives=representatives,
        scope=as_said(command.scope),
    )
    return [MandateRecorded(occurred_on=command.occurred_on, mandate=mandate, persons=as_said(new))]


def _require_complaint_or_no_kind(petition: Petition, _: DecisionContext) -> None:
    if petition.kind not in {None, PetitionKind.COMPLAINT}:
        raise Refused(MandateRefusal.PROXY_IS_FOR_A_COMPLAINT, kind=petition.kind)


@open_when(while_open(MandateRefusal.CANNOT_RECORD_PROXY), _require_complaint_or_no_kind)
def record_proxy(command: RecordProxy, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record a proxy. One content is not given to several proxies (Decree 124/2020 Art 5.3, by Decree 155/2026 Art 3).

    Decree 154/2026 Arts 12.1 and 13 know a proxy of a complainant alone.
    """
    _require_document_before(command.document_on, command.occurred_on)
    if command.principal is not None:
        _require_standing(petition, command.principal)
    for other in petition.proxies:
        if (other.principal, plain_text(other.scope)) == (as_said(command.principal), command.scope):
            raise Refused(MandateRefusal.PROXY_FOR_THE_SAME_CONTENT)
    new = _new_persons(petition, command.persons, PersonCapacity.LAWYER if command.is_lawyer else PersonCapacity.PROXY)
    proxy = Proxy(
        proxy=new[0].ref,
        principal=as_said(command.principal),
        document_no=as_said(command.document_no),
        document_on=command.document_on,
        scope=command.scope,
        reason=as_said(command.reason),
        is_certified=as_said(command.is_certified),
    )
    return [ProxyRecorded(occurred_on=command.occurred_on, proxy=proxy, persons=new)]


def _require_others_left(petition: Petition, _: DecisionContext) -> None:
    if petition.standing_count < 2:
        raise Refused(MandateRefusal.LAST_PERSON_WITHDRAWS)


@open_when(while_open(MandateRefusal.CANNOT_WITHDRAW_SIGNATORY), _require_others_left)
def withdraw_signatory(command: WithdrawSignatory, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record that one of many persons withdraws, as a whole petition is withdrawn: the officer asked about coercion."""
    if not command.coercion_checked:
        raise Refused(EndingRefusal.COERCION_NOT_ASKED)
    if command.signs_of_coercion:
        raise Refused(EndingRefusal.WITHDRAWAL_MAY_BE_FORCED)
    if (command.signatory is None) == (not command.persons):
        raise Refused(MandateRefusal.ONE_SIGNATORY)
    new = _new_persons(petition, command.persons, PersonCapacity.PETITIONER)
    if command.signatory is not None:
        _require_standing(petition, command.signatory)
    elif len(petition.standing_persons) == petition.standing_count:
        raise Refused(MandateRefusal.ALL_PERSONS_ARE_NAMED)
    return [
        SignatoryWithdrew(
            occurred_on=command.occurred_on,
            signatory=new[0].ref if command.signatory is None else command.signatory,
            form=command.form,
            document_no=as_said(command.document_no),
            coercion_checked=as_said(command.coercion_checked),
            persons=as_said(new),
        )
    ]


def _require_document_before(document_on: date, on: date) -> None:
    if document_on > on:
        raise Refused(MandateRefusal.DOCUMENT_OF_A_LATER_DAY, document_on=document_on)


def _require_standing(petition: Petition, reference: PetitionerRef) -> None:
    """Raise Refused unless the reference is that of a person who stands behind the petition."""
    if reference in petition.withdrawn:
        raise Refused(MandateRefusal.PERSON_HAS_WITHDRAWN)
    if reference not in {person.ref for person in petition.standing_persons}:
        raise Refused(MandateRefusal.NO_SUCH_PERSON)


def _new_persons(petition: Petition, identities: Sequence[Petitioner], capacity: PersonCapacity) -> tuple[Person, ...]:
    """Return references to persons who come on file, in order. The digests follow when the service encrypts them."""
    on_file = len(petition.opening.persons) + len(petition.added_persons)
    references = petitioner_references(petition.petition_id, len(identities), after=on_file)
    return tuple(Person(ref=reference, capacity=capacity) for reference in references)
