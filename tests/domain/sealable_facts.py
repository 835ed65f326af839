"""Twins of the fact classes whose typed texts are `Text`, until the classes themselves declare them so."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec

from domain.events import Correction, Fact, Matter
from domain.sealed_text import Text
from domain.topics import FACT_CLASSES
from domain.value import UNSET, FactPart, UnsetType

TYPED_TEXTS: Mapping[str, tuple[str, ...]] = {
    "Matter": ("summary",),
    "Correction": ("summary", "place"),
    "PetitionReceived": ("summary", "place"),
    "RegistrationCancelled": ("reason",),
    "PetitionClassified": ("failed_conditions", "reason"),
    "ReceiptAcknowledged": ("how",),
    "SupplementRequested": ("wanted",),
    "SupplementReceived": ("summary",),
    "AcceptanceRefused": ("ground",),
    "TransferReplyReceived": ("result",),
    "PetitionFiled": ("reason",),
    "PetitionUnmarkedDuplicate": ("reason",),
    "PetitionHandledAsInformation": ("reason",),
    "PetitionAssigned": ("task_summary", "expected_output"),
    "PetitionReassigned": ("reason",),
    "StepTaken": ("step",),
    "PetitionPreparedForMeeting": ("proposed_answer",),
    "AnsweredAtMeeting": ("answer",),
    "AnsweredInWriting": ("answer", "remedies"),
    "CitizenNotified": ("how", "evidence"),
    "ImplementationTracked": ("promised",),
    "ProcessingSuspended": ("ground",),
    "ExtensionRequested": ("reason",),
    "DeadlineExtended": ("reason",),
    "DeadlineSet": ("reason",),
    "PetitionEscalated": ("reason",),
    "WithdrawalRequested": ("part",),
    "WithdrawalOverridden": ("ground",),
    "ProcessingTerminated": ("ground",),
    "PetitionClosed": ("reason",),
    "PetitionReopened": ("reason",),
    "CorrectionProposed": ("why",),
    "RecordCorrected": ("why",),
}
"""Fields that people type, by class; those of a tuple are texts each."""

TEXT_NAMES: Mapping[str, Mapping[str, str]] = {
    "DeadlineExtended": {"reason": "ExtensionRequested.reason"},
    "CorrectionProposed": {
        "correction.summary": "PetitionReceived.summary",
        "correction.place": "PetitionReceived.place",
    },
    "RecordCorrected": {
        "correction.summary": "PetitionReceived.summary",
        "correction.place": "PetitionReceived.place",
        "why": "CorrectionProposed.why",
    },
}
"""Names of texts that are taken over, sealed, from another event."""


@cache
def sealable(kind: type[FactPart]) -> type[Any]:
    """Return the class of the same name and fields whose typed texts may be sealed."""
    base = Fact if issubclass(kind, Fact) else FactPart
    inherited = {field.name for field in msgspec.structs.fields(base)}
    hints, typed = get_type_hints(kind), TYPED_TEXTS.get(kind.__name__, ())
    body: dict[str, Any] = {"__module__": __name__, "__annotations__": {}, "__doc__": kind.__doc__}
    for field in msgspec.structs.fields(kind):
        if field.name in inherited:
            continue
        body["__annotations__"][field.name] = _sealable_hint(hints[field.name], is_text=field.name in typed)
        if not field.required:
            body[field.name] = UNSET
    if names := TEXT_NAMES.get(kind.__name__):
        body["text_names"] = names
    make: Any = type(Fact)
    twin: type[Any] = make(kind.__name__, (base,), body)
    return twin


_HINTS: Mapping[Any, Any] = {
    str: Text,
    str | UnsetType: Text | UnsetType,
    tuple[str, ...] | UnsetType: tuple[Text, ...] | UnsetType,
}


def _sealable_hint(hint: Any, *, is_text: bool) -> Any:
    if is_text:
        return _HINTS[hint]
    if hint is Correction:
        return sealable(Correction)
    if hint == tuple[Matter, ...]:
        return tuple[sealable(Matter), ...]  # type: ignore[misc]
    return hint


def as_sealable(value: Any) -> Any:
    """Return a fact as one of its twin class."""
    if isinstance(value, tuple):
        return tuple(map(as_sealable, value))
    if isinstance(value, Fact | Matter | Correction):
        fields = {name: as_sealable(getattr(value, name)) for name in value.__struct_fields__}
        return sealable(type(value))(**fields)
    return value


SEALABLE_FACTS: Mapping[str, type[Fact]] = {topic: sealable(kind) for topic, kind in FACT_CLASSES.items()}
