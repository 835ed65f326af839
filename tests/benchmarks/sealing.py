"""Time and bytes of a sealed text, in the log and in a view, and of the key of a petition, without a database."""

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from domain.events import PetitionReceived
from service.security.text_sealing import TextKey, TextPlace, open_fact, open_text, seal_fact, seal_text
from service.security.text_vault import TextVault
from service.security.view_texts import ViewTexts, open_cell, seal_cell
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, Series, first_of_each, in_turn
from tests.domain.samples import RECEIVE

CALLS = 1_000
"""In one round."""

PETITION = UUID("00000000-0000-4000-8000-000000000001")
PLACE = TextPlace(PETITION, 1, "PetitionReceived.summary")
COLUMN = "overdue.summary"
SHOWN = 200
"""Characters of a summary that a view holds."""

TEXT = ("Đề nghị sửa đoạn đường liên thôn bị hư hỏng. " * 20).encode()[:600].decode(errors="ignore")
assert 598 <= len(TEXT.encode()) <= 600


async def measure(ground: Ground) -> list[Outcome]:
    vault = TextVault(VAULT_KEY)
    stored, data_key = vault.make_key(PETITION)
    vault.remember(stored, data_key)
    key = TextKey(1, data_key)
    keys, sealed, plain = {1: key}, seal_text(TEXT, PLACE, key), TEXT.encode()
    alone, nonce = AESGCM(data_key), sealed.nonce
    receipt = _receipt()
    sealed_receipt = seal_fact(receipt, PETITION, 1, key)
    shown, view_texts = TEXT[:SHOWN], ViewTexts(vault)
    cell, siv = seal_cell(shown, PETITION, COLUMN, keys), AESSIV(data_key * 2)
    bare_siv = ("AES-SIV of the same bytes alone", lambda: siv.encrypt(shown.encode(), None))
    wrapped = aes_key_wrap(VAULT_KEY, data_key)
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(type(receipt)).decode
    written, written_sealed = encode(receipt), encode(sealed_receipt)
    bare = ("AES-256-GCM of the same bytes alone", lambda: alone.encrypt(nonce, plain, b""))
    key_wrap = ("AES key wrap (RFC 3394) of a key", lambda: aes_key_wrap(VAULT_KEY, data_key))
    measured: list[tuple[str, float | None, Callable[[], object], tuple[str, Callable[[], object]]]] = [
        ("seal a text of 600 bytes", 5, lambda: seal_text(TEXT, PLACE, key), bare),
        ("open a text of 600 bytes", 5, lambda: open_text(sealed, PLACE, keys), bare),
        ("seal a receipt of two texts", 12, lambda: seal_fact(receipt, PETITION, 1, key), bare),
        ("open a receipt of two texts", 12, lambda: open_fact(sealed_receipt, PETITION, 1, keys), bare),
        ("encode a sealed receipt", None, lambda: encode(sealed_receipt), ("the plain one", lambda: encode(receipt))),
        (
            "decode a sealed receipt",
            None,
            lambda: decode(written_sealed),
            ("the plain one", lambda: decode(written)),
        ),
        ("make and wrap the key of a petition", 10, lambda: vault.make_key(PETITION), key_wrap),
        (
            "unwrap the key of a petition",
            10,
            lambda: vault.unwrap_key(stored),
            ("AES key unwrap of a key", lambda: aes_key_unwrap(VAULT_KEY, wrapped)),
        ),
        ("get the cached key of a petition", None, lambda: vault.cached_keys(PETITION), bare),
        ("make a cipher of the log ready for use", None, lambda: TextKey(1, data_key).cipher, bare),
        ("make a cipher of views ready for use", None, lambda: TextKey(1, data_key).column_cipher, bare_siv),
        ("seal 200 characters for a view", None, lambda: seal_cell(shown, PETITION, COLUMN, keys), bare_siv),
        ("open 200 characters of a view", None, lambda: open_cell(cell, PETITION, COLUMN, keys), bare_siv),
        ("mark a place for a view", None, lambda: view_texts.mark("Thôn Mẫu, xã Ví Dụ"), bare_siv),
    ]
    contenders = [_in_turn(call) for _, _, call, (_, other) in measured for call in (call, other)]
    series = [first_of_each(rounds) for rounds in await in_turn(ground.rounds(25), *contenders)]
    times: list[Outcome] = [
        Figure(name, "µs", series[2 * n], baseline_name, series[2 * n + 1], target)
        for n, (name, target, _, (baseline_name, _)) in enumerate(measured)
    ]
    return [
        *times,
        _bytes("a sealed text of 600 bytes, in JSON", encode(sealed), encode(TEXT)),
        _bytes("a sealed text of 30 bytes, in JSON", encode(seal_text(TEXT[:22], PLACE, key)), encode(TEXT[:22])),
        _bytes("a sealed receipt of two texts, in JSON", written_sealed, written),
        _bytes("200 characters, sealed in a view", cell, shown.encode()),
        _bytes("the wrapped key of a petition", stored.wrapped_key, wrapped, "by AES key wrap"),
    ]


def _receipt() -> PetitionReceived:
    return PetitionReceived(
        occurred_on=RECEIVE.occurred_on,
        channel=RECEIVE.channel,
        summary=TEXT,
        place="Thôn Mẫu, xã Ví Dụ",
        book="TD",
        identity_protected=False,
    )


def _bytes(name: str, found: bytes, other: bytes, other_name: str = "plain") -> Figure:
    return Figure(name, "bytes", Series((len(found),)), other_name, Series((len(other),)))


def _in_turn(call: Callable[[], object]) -> Callable[[], Coroutine[Any, Any, Sequence[float]]]:
    async def one_round() -> Sequence[float]:
        began = time.perf_counter()
        for _ in range(CALLS):
            call()
        return [(time.perf_counter() - began) / CALLS * 1e6]

    return one_round
