"""Tests that every correction names a field of its event, with its values in the type of that field."""

from typing import get_args

import pytest

from domain.corrections import CORRECTABLE_FIELDS, corrections_asked_for
from domain.errors import Refused
from domain.events import PETITION_OPENINGS, Correction, Fact, PetitionEvent
from domain.value import UNSET, replace
from tests.domain.golden import is_text, struct_info
from tests.domain.rules.test_correcting import NOTHING
from tests.domain.samples import PROPOSE, RECEIVE, july, with_changes
from tests.domain.scenario import petition_after


@pytest.mark.parametrize("opening", PETITION_OPENINGS)
@pytest.mark.parametrize("kind", get_args(PetitionEvent))
def test_a_correction_names_a_field_of_its_event_and_texts_are_corrected_as_texts(
    opening: type[Fact], kind: type[Fact]
) -> None:
    petition = replace(petition_after([RECEIVE]), event_topics=(opening.__name__, kind.__name__))
    for version, named in ((1, opening), (2, kind)):
        for field in CORRECTABLE_FIELDS:
            value: object = 7 if field == "person_count" else "Đường hỏng"
            command = with_changes(PROPOSE, **{**NOTHING, "received_on": july(1), "version": version, field: value})
            if field.endswith("_no") and field not in named.__struct_fields__:
                with pytest.raises(Refused, match=f"{named.__name__}, has no field {field}"):
                    corrections_asked_for(command, petition)
                continue
            corrections = corrections_asked_for(command, petition)
            assert {one.path for one in corrections} == {"occurred_on", field}
            for correction in corrections:
                _require_correction_of_a_field(correction, {1: opening, 2: kind}[correction.version])


def _require_correction_of_a_field(correction: Correction, kind: type[Fact]) -> None:
    """Assert that the correction is one of a field of the class, with its values as the type of the field has them."""
    (info,) = (one for one in struct_info(kind).fields if one.name == correction.path)
    assert correction.form == kind.class_version
    assert (correction.text_becomes is not UNSET) is is_text(info.type)
    assert (correction.becomes is UNSET) is is_text(info.type)
    assert (correction.was if is_text(info.type) else correction.text_was) is UNSET
