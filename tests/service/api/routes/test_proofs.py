"""The signed checkpoint and proofs by it, over HTTP, checked as an inspector's machine checks them."""

import base64

import pytest

from service.transparency.log_sealer import LogSealer
from service.transparency.merkle_tree import TileKey
from service.transparency.offline_verifier import is_consistent, open_checkpoint, root_of_inclusion
from service.transparency.signing import SigningKey
from service.transparency.tree_store import read_tiles
from tests.conftest import login_of_service
from tests.service.api.interface import Interface

pytestmark = pytest.mark.anyio

KEY = SigningKey.make("tinh-thu.example/kiennghi")


async def test_proofs_over_http_lead_to_the_signed_root_and_a_later_checkpoint_contains_the_earlier_one(
    interface: Interface, module_database: str
) -> None:
    assert (await interface.read("/checkpoint")).status_code == 409
    sealer = await LogSealer.connect(login_of_service(module_database), KEY)
    await sealer.seal_batch()
    first = open_checkpoint(await sealer.sign() or "", [KEY.public])
    unit = {"unit": "phong-thu", "name": "Phòng thử (ví dụ)", "occurred_on": "2020-01-01"}
    assert (await interface.ask("/units", unit)).status_code == 201
    await sealer.seal_batch()
    note = await sealer.sign()
    await sealer.close()

    assert (await interface.read("/checkpoint")).text == note
    signed = open_checkpoint(note or "", [KEY.public])
    proof = (await interface.read(f"/proofs/events/{signed.size}")).json()
    async with interface.office.pool.connection() as connection:
        hashes = (await read_tiles(connection, [TileKey(0, 0)]))[TileKey(0, 0)]
    leaf = hashes[32 * proof["leaf"] : 32 * proof["leaf"] + 32]
    path = [base64.b64decode(one) for one in proof["path"]]
    assert root_of_inclusion(leaf, proof["leaf"], signed.size, path) == signed.root
    answer = await interface.read(f"/proofs/consistency?old={first.size}&new={signed.size}")
    between = [base64.b64decode(one) for one in answer.json()["path"]]
    assert is_consistent(first.size, signed.size, first.root, signed.root, between)

    for path_asked, status in (
        (f"/proofs/events/{signed.size + 1}", 409),
        (f"/proofs/consistency?old={signed.size}&new={first.size}", 409),
        (f"/proofs/consistency?old=1&new={signed.size + 1}", 409),
        ("/proofs/events/0", 422),
    ):
        assert (await interface.read(path_asked)).status_code == status
