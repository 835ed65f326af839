from uuid import UUID

from service.event_store.ids import ID_NAMESPACE, command_id_of, import_command_id, time_ordered_id


def test_ids_of_commands_never_change() -> None:
    """Every stored id was made in this way."""
    assert UUID("6f1c6f5e-3b7d-5d0a-9a57-0c4b8f2e1d63") == ID_NAMESPACE
    assert command_id_of("cb-vidu", "khoa-1") == UUID("f0edb756-a32c-52e9-a6fa-fc77ebfa94c0")
    assert import_command_id("receipt", "case-1") == UUID("ce3e3a28-2495-5158-a179-a2739b2ac767")


def test_the_key_of_another_officer_is_another_command() -> None:
    assert command_id_of("cb-vidu", "khoa-1") != command_id_of("cb-mau", "khoa-1")


def test_new_ids_sort_by_the_millisecond_they_were_made_in() -> None:
    ids = [time_ordered_id() for _ in range(1000)]
    assert [i.int >> 80 for i in ids] == sorted(i.int >> 80 for i in ids)
    assert len(set(ids)) == 1000
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}
