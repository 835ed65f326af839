"""The log as an inspector looks at it: signed, kept on paper and elsewhere, verified, proven without kiennghi."""

import base64
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from projections.views import VIEWS
from service.transparency.offline_verifier import NotVerified, PublicKey, open_checkpoint, verify_proof
from tests.examples import PROFILE
from tests.service.cli.conftest import EXAMPLES, Terminal

SAMPLE = ("import", str(EXAMPLES / "one-row-a-case.csv"), "--mapping", str(EXAMPLES / "one-row-a-case.toml"))
NAME = "tinh-thu.example/kiennghi"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proofs")


@pytest.fixture(scope="module")
def log_key(kiennghi: Terminal, folder: Path) -> str:
    """The public key of the log; its signing key is in `log.key`."""
    return kiennghi("checkpoint", "new-key", NAME, "--out", str(folder / "log.key")).out.strip()


@pytest.fixture(scope="module")
def sealer(kiennghi: Terminal, folder: Path, log_key: str) -> Terminal:
    """The terminal of who seals: it has the signing key."""
    kiennghi(*SAMPLE)
    signing = {"KIENNGHI_SIGNING_KEY_FILE": str(folder / "log.key"), "KIENNGHI_CHECKPOINT_FOLDER": str(folder / "kept")}
    return Terminal({**kiennghi.settings, **signing})


@pytest.fixture(scope="module")
def note(sealer: Terminal, folder: Path) -> str:
    """A signed checkpoint of the whole log."""
    ended = sealer("checkpoint", "sign")
    assert ended.code == 0, ended.err
    (folder / "checkpoint.txt").write_text(ended.out, encoding="utf-8")
    return ended.out


@pytest.fixture
def owner(module_database: str) -> Iterator[psycopg.Connection]:
    """A superuser who may change what is recorded; everything is put back."""
    with psycopg.connect(module_database, autocommit=True) as connection:
        connection.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        yield connection
        connection.execute("ALTER TABLE kiennghi.log ENABLE ALWAYS TRIGGER append_only")


def test_a_checkpoint_is_signed_kept_and_shown_as_a_sheet_for_a_person(
    sealer: Terminal, note: str, folder: Path, log_key: str, kiennghi: Terminal
) -> None:
    signed = open_checkpoint(note, [PublicKey.parse(log_key)])
    assert (signed.origin, signed.line("position")) == (NAME, "13")
    assert (folder / "kept" / "latest.txt").read_text(encoding="utf-8") == note
    assert sealer("checkpoint", "sign").out == note  # nothing has come since
    assert kiennghi("checkpoint", "show").out == note  # without the signing key
    sheet = sealer("checkpoint", "show", "--paper").out
    assert "Chữ ký / Signature" in sheet
    assert signed.root.hex().upper()[:4] in sheet


def test_who_was_responsible_is_told_with_the_checkpoint_that_it_stands_on(
    kiennghi: Terminal, note: str, log_key: str
) -> None:
    case = "so-don-thu-vi-du:VD-001"
    position = kiennghi("history", case, "--json").json["events"][-1]["position"]
    told = kiennghi("responsible", case, "--on", "2024-01-20", "--known-at", str(position), "--json").json
    signed = open_checkpoint(note, [PublicKey.parse(log_key)])
    assert told["checkpoint"] == {
        "size": signed.size, "position": 13, "root": base64.b64encode(signed.root).decode(), "covers": True
    }  # fmt: skip
    assert told["known_at"]["position"] == position
    assert (told["responsible"]["unit"], told["responsible"]["officer"]) == ("phong-vi-du-1", "canbo-01")
    assert [(one["first_on"], one["last_on"], one["days"]) for one in told["intervals"]] == [
        ("2024-01-05", "2024-01-07", 3), ("2024-01-08", "2024-01-20", 13)
    ]  # fmt: skip
    text = kiennghi("responsible", case, "--on", "2024-01-20").out
    assert "08/01/2024 - 20/01/2024  13 ngày, trong đó quá hạn 0 ngày" in text
    assert told["checkpoint"]["root"] in text
    assert "nobody owed" in kiennghi("responsible", case, "--on", "2024-03-01", "--lang", "en").out


def test_the_log_is_verified_with_the_public_key_alone(
    kiennghi: Terminal, note: str, folder: Path, log_key: str
) -> None:
    ended = kiennghi("verify", "--key", log_key, "--against", str(folder / "checkpoint.txt"))
    assert (ended.code, ended.out.splitlines()[0]) == (0, "ĐÚNG: 13 trong 13 sự kiện khớp với 2 điểm kiểm tra đã ký")
    without = kiennghi("verify")
    assert (without.code, "KIENNGHI_LOG_KEYS" in without.err) == (1, True)


def test_a_change_by_a_superuser_is_named_by_its_position_in_both_languages(
    kiennghi: Terminal, note: str, folder: Path, log_key: str, owner: psycopg.Connection
) -> None:
    owner.execute("UPDATE kiennghi.log SET recorded_at = recorded_at - interval '1 day' WHERE position = 5")
    ended = kiennghi("verify", "--key", log_key)
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "KHÔNG ĐÚNG: vị trí 5: bản ghi đã bị sửa, chèn hoặc đổi chỗ",
        "NOT VERIFIED: position 5: the row was changed, inserted or moved",
    ]
    found = json.loads(kiennghi("verify", "--key", log_key, "--json").out)
    assert [(one["code"], one["position"]) for one in found["discrepancies"]] == [("changed", 5)]
    owner.execute("UPDATE kiennghi.log SET recorded_at = recorded_at + interval '1 day' WHERE position = 5")
    assert kiennghi("verify", "--key", log_key).code == 0


def test_every_row_of_every_view_is_compared_with_the_log_and_what_differs_is_named(
    kiennghi: Terminal, note: str, log_key: str, owner: psycopg.Connection
) -> None:
    asked = ("verify", "--key", log_key, "--views")
    well = kiennghi(*asked)
    assert (well.code, f"{len(VIEWS)} bảng tổng hợp đúng như nhật ký" in well.out) == (0, True), well.out + well.err
    changed = owner.execute(
        "UPDATE kiennghi_views.duplicates SET identity_protected = NOT identity_protected WHERE ctid ="
        " (SELECT min(ctid) FROM kiennghi_views.duplicates) RETURNING petition_id"
    ).fetchone()
    assert changed is not None
    wrong = kiennghi(*asked)
    where = f"duplicates: duplicates ({changed[0]}): "
    assert (wrong.code, wrong.out.splitlines()[2:]) == (
        1,
        [
            f"KHÔNG ĐÚNG: {where}khác nhật ký ở cột identity_protected",
            f"NOT VERIFIED: {where}differs in identity_protected",
        ],
    )
    told = json.loads(kiennghi(*asked, "--json").out)
    assert (told["is_verified"], told["views"]["are_as_the_log_says"]) == (True, False)
    owner.execute("DELETE FROM kiennghi_views.positions WHERE view LIKE 'overdue%'")
    assert "NOT PROVEN: the tables of overdue are not whole" in kiennghi(*asked).out
    assert kiennghi("rebuild").code == 0
    assert kiennghi(*asked).code == 0


def test_a_checkpoint_of_another_log_or_key_and_a_forged_one_are_told(
    kiennghi: Terminal, note: str, folder: Path, log_key: str
) -> None:
    other = kiennghi("checkpoint", "new-key", NAME, "--out", str(folder / "other.key")).out.strip()
    ended = kiennghi("verify", "--key", other)
    assert (ended.code, "no known key has signed" in ended.out) == (1, True)
    # in the number of leaves, in the name, and in bits of the signature that count
    for place, others in ((len(NAME) + 1, "98"), (3, "XY"), (-3, "AQ")):
        byte = next(one for one in others if one != note[place])
        forged = note[:place] + byte + note[place + 1 :]
        (folder / "forged.txt").write_text(forged, encoding="utf-8")
        assert kiennghi("verify", "--key", log_key, "--against", str(folder / "forged.txt")).code == 1
    taken = kiennghi("checkpoint", "new-key", NAME, "--out", str(folder / "other.key"))
    assert (taken.code, "never overwritten" in taken.err) == (2, True)


def test_a_witness_signs_what_contains_what_it_signed_before_and_nothing_else(
    sealer: Terminal, note: str, folder: Path, log_key: str
) -> None:
    witness = sealer("checkpoint", "new-key", "thanh-tra.example", "--witness", "--out", str(folder / "witness.key"))
    sign = ("checkpoint", "cosign", str(folder / "checkpoint.txt"), "--key", str(folder / "witness.key"), "--log-key")
    seen = ("--seen", str(folder / "seen.txt"))
    cosigned = sealer(*sign, log_key, *seen)
    assert cosigned.out.startswith(note)
    (folder / "cosigned.txt").write_text(cosigned.out, encoding="utf-8")
    stranger = sealer("checkpoint", "add-signature", str(folder / "cosigned.txt"))
    assert (stranger.code, "chữ ký chứng kiến" in stranger.err) == (1, True)
    knowing = Terminal({**sealer.settings, "KIENNGHI_LOG_KEYS": witness.out.strip()})
    assert knowing("checkpoint", "add-signature", str(folder / "cosigned.txt")).code == 0
    assert sealer("checkpoint", "show").out == cosigned.out
    assert knowing("verify").code == 0

    (folder / "seen.txt").write_text(note.replace(f"\n{note.splitlines()[1]}\n", "\n5\n"), encoding="utf-8")
    refused = sealer(*sign, log_key, *seen)
    assert refused.code == 1


def test_a_petition_is_proven_on_a_machine_without_kiennghi(
    kiennghi: Terminal, note: str, folder: Path, log_key: str
) -> None:
    reference = "NK-2024-000001"
    proof, verifier = folder / "proof.json", folder / "verify.py"
    ended = kiennghi("prove", reference, "--out", str(proof), "--verifier", str(verifier))
    assert ended.code == 0, ended.err
    command = [sys.executable, "-I", str(verifier), str(proof), "--key", log_key]
    done = subprocess.run(
        [*command, "--against", str(folder / "checkpoint.txt")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[0][:5]) == (0, "ĐÚNG:"), done.stdout + done.stderr
    text = proof.read_text(encoding="utf-8")
    proof.write_text(text.replace('"recorded_at": "20', '"recorded_at": "19', 1), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "NOT VERIFIED: event 1" in done.stdout) == (1, True)
    proof.write_text(text, encoding="utf-8")
    unknown = kiennghi("prove", "TD-1999-000001", "--out", str(proof))
    assert unknown.code == 1


def test_no_proof_with_a_changed_byte_or_a_missing_event_is_taken(
    kiennghi: Terminal, note: str, folder: Path, log_key: str
) -> None:
    proof, key = folder / "mutated.json", PublicKey.parse(log_key)
    kiennghi("prove", "NK-2024-000001", "--out", str(proof))
    blob = proof.read_bytes()
    told, taken = json.loads(blob), []
    assert (verify_proof(blob, key).events, verify_proof(blob, key).ends_proven_at) == (len(told["events"]), 13)

    def is_taken(changed: bytes) -> bool:
        try:
            verify_proof(changed, key)
        except (NotVerified, ValueError):
            return False
        return meaning(json.loads(changed)) != meaning(told)

    def meaning(proof: dict[str, Any]) -> list[object]:
        """Return what the proof says: a line of a witness whose key is not given says nothing."""
        return [proof["events"], proof["stream"], proof["heads"], open_checkpoint(proof["checkpoint"], [key])]

    chance = random.Random(18)
    for place in chance.sample(range(len(blob)), len(blob) if PROFILE == "deep" else 400):
        for changed in (bytes([blob[place] ^ 1 << chance.randrange(8)]), b"", blob[place : place + 1] * 2):
            if is_taken(blob[:place] + changed + blob[place + 1 :]):
                taken.append(place)
    for number in range(len(told["events"])):  # also the last one, which the signed list of last events has
        events = [event for place, event in enumerate(told["events"]) if place != number]
        if is_taken(json.dumps({**told, "events": events}).encode()):
            taken.append(number)
    assert taken == []
