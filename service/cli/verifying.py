"""Seals the log, verifies it, and proves the history of a petition: seal, verify, prove."""

import json
from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from psycopg import AsyncConnection

from domain.errors import Refused
from service.bootstrap import reachable_database, require_database, require_migrated, run_coroutine, until_interrupted
from service.cli.output import AsJson, bar, say, show_json
from service.cli.proof_reading import read_proofs
from service.cli.views_verifying import verify_views
from service.commands.refusals import ServiceRefusal
from service.commands.results import UnknownPetition
from service.config.settings import UnusableSettings, read_settings
from service.observability import log_setup
from service.transparency.checkpoint_files import (
    checkpoint_folder,
    load_public_keys,
    load_signing_key,
    read_checkpoint_files,
    read_note,
)
from service.transparency.log_verification import VerifiedLog, verify_log
from service.transparency.offline_verifier import PublicKey
from service.transparency.proofs import NotSealedYet, prove_stream
from service.transparency.worker import run_sealing

VERIFIER = "offline_verifier.py"
"""Name of the file that verifies a proof without kiennghi."""


def seal_log() -> None:
    """Take the log into its tree and sign checkpoints until ended, beside `serve`, in an account of its own."""
    settings = read_settings()
    log_setup.configure_logging(settings.log_level)
    require_database(settings)
    key = load_signing_key(settings, create=True)
    if key is None:
        say("beware: no signing key is given, so the tree grows and nothing is signed")
    with until_interrupted(), reachable_database(settings) as dsn:
        require_migrated(dsn)
        run_coroutine(run_sealing(dsn, key, load_public_keys(settings), checkpoint_folder(settings), settings.zone))


def verify_command(
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="File with a checkpoint that was kept elsewhere; repeatable.")
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", help="Public key to believe, beside KIENNGHI_LOG_KEYS; repeatable.")
    ] = None,
    views: Annotated[
        bool,
        typer.Option("--views", help="Also fold the log and compare every row of every view; needs the vault key."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Verify the whole log against its tree and every checkpoint, and name the first position that is wrong.

    Checkpoints are those of the database, of the folder of the settings, and of --against. Exit code 1 if anything is
    not as it was signed, or nothing was signed, or a row of a view is not as the log says.
    """
    settings = read_settings()
    keys = [*load_public_keys(settings), *(PublicKey.parse(one) for one in key or ())]
    if not keys:
        raise UnusableSettings("no public key is known: --key, or KIENNGHI_LOG_KEYS")
    folder = checkpoint_folder(settings)
    kept = [read_note(path) for path in against or ()] + (read_checkpoint_files(folder) if folder is not None else [])

    async def verifying(connection: AsyncConnection[Any]) -> VerifiedLog:
        with bar("verify") as moved:
            return await verify_log(connection, keys, kept, progress=moved)

    found = read_proofs(settings, verifying)
    compared = verify_views(settings) if views else None
    if as_json:
        show_json(_as_json(found) | ({} if compared is None else {"views": compared.as_json()}))
    else:
        _print_findings(found)
        if compared is not None:
            compared.print()
    if found.discrepancies or not found.checkpoints or (compared is not None and not compared.is_well):
        raise typer.Exit(1)


def _as_json(found: VerifiedLog) -> dict[str, Any]:
    return {
        "is_verified": not found.discrepancies and bool(found.checkpoints),
        "events": found.events,
        "sealed": found.sealed.position,
        "proven": found.proven,
        "checkpoints": found.checkpoints,
        "discrepancies": [
            {**one._asdict(), "says": one.sentence()} for one in sorted(found.discrepancies, key=_first_position)
        ],
    }


def _print_findings(found: VerifiedLog) -> None:
    for one in sorted(found.discrepancies, key=_first_position):
        sentence = one.sentence()
        print(f"KHÔNG ĐÚNG: {sentence['vi']}\nNOT VERIFIED: {sentence['en']}")
    if found.discrepancies:
        return
    if not found.checkpoints:
        print("CHƯA CHỨNG MINH: chưa có điểm kiểm tra nào được ký\nNOT PROVEN: no checkpoint was signed yet")
        return
    print(f"ĐÚNG: {found.proven} trong {found.events} sự kiện khớp với {found.checkpoints} điểm kiểm tra đã ký")
    print(f"VERIFIED: {found.proven} of {found.events} events agree with {found.checkpoints} signed checkpoints")


def _first_position(discrepancy: Any) -> int:
    position: int | None = discrepancy.position
    return 2**63 if position is None else position


def prove_petition(
    reference: Annotated[str, typer.Argument(help="Register number or id of the petition.")],
    out: Annotated[Path, typer.Option("--out", help="File for the proof.")],
    verifier: Annotated[Path | None, typer.Option("--verifier", help="File for a copy of the verifier.")] = None,
) -> None:
    """Write the proof of all signed events of a petition, to be verified without kiennghi.

    What people typed stays sealed in it; names, units and positions of officers are in it in the clear.
    """

    async def proving(connection: AsyncConnection[Any]) -> dict[str, Any]:
        async with connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return await prove_stream(connection, await _stream_of(connection, reference))

    try:
        proof = read_proofs(read_settings(), proving)
    except NotSealedYet:
        raise Refused(ServiceRefusal.NOT_IN_CHECKPOINT) from None
    out.write_text(json.dumps(proof, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if verifier is not None:
        verifier.write_bytes((resources.files("service.transparency") / VERIFIER).read_bytes())
    say(f"{len(proof['events'])} events proven in {out}")


async def _stream_of(connection: AsyncConnection[Any], reference: str) -> UUID:
    try:
        return UUID(reference)
    except ValueError:
        cursor = await connection.execute("SELECT stream FROM kiennghi.log WHERE reference = %s", [reference])
    if (row := await cursor.fetchone()) is None:
        raise UnknownPetition
    return UUID(str(row[0]))
